"""The five-minute form: names that may be said, asked for in everyday words, become the roster.

Names of children and partners stand apart only while somebody is asked for them; the roster holds
them all as people.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from transcriber.domain.errors import RosterError
from transcriber.domain.roster import Participant, Roster
from transcriber.services.roster_file import roster_of
from transcriber.services.typed_text import is_shown

MOST_NAMES = 2000
"""On one roster; the largest studies in the literature have some hundred participants."""

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class StudyForm:
    """What the form asks for, one name in each entry.

    `people` are names for which no question was asked, such as those of an older roster; `keep`
    holds names that are never taken out, such as the service's own where it may be named.
    """

    participants: tuple[Participant, ...] = ()
    children: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    clinics: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


QUESTIONS = {
    "participants": "Who takes part? Add the names they are called by, one participant a line.",
    "children": "Which children may be mentioned?",
    "partners": "Which husbands, wives, partners or parents may be mentioned?",
    "colleagues": "Which colleagues, midwives or doctors may be mentioned?",
    "people": "Anybody else who may be mentioned?",
    "clinics": "Which clinics, hospitals, schools or charities may be mentioned?",
    "villages": "Which villages, towns, streets or countries may be mentioned?",
    "keep": "Which names may stay as they are, such as that of the service?",
}
"""What people are asked for each field of the form."""


def roster_from(form: StudyForm) -> Roster:
    """Return the roster that a form gives. Raises RosterError, which never quotes a name."""
    people = (*form.children, *form.partners, *form.colleagues, *form.people)
    return checked_roster(
        Roster(
            participants=form.participants,
            people=_once(people),
            places=_once(form.villages),
            organisations=_once(form.clinics),
            keep=_once(form.keep),
        )
    )


def form_of(roster: Roster) -> StudyForm:
    """Return the form, filled in with what the roster holds, to be changed by people."""
    return StudyForm(
        participants=roster.participants,
        people=roster.people,
        clinics=roster.organisations,
        villages=roster.places,
        keep=roster.keep,
    )


def names_in(text: str) -> tuple[str, ...]:
    """Return the names that somebody typed into a field: one a line, or with commas between."""
    pieces = text.replace(";", "\n").replace(",", "\n").splitlines()
    return tuple(name for piece in pieces if (name := " ".join(piece.split())))


def participants_in(text: str, before: tuple[Participant, ...] = ()) -> tuple[Participant, ...]:
    """Return participants as somebody typed them, one a line: `P03: Sarah Whitfield, Saz, Sally`.

    What stands before a colon is a label, and what follows the first comma are other names of the
    same person. What was known of somebody of this name `before` and has no place here is kept.
    """
    known = {person.name: person for person in before}
    found = []
    for line in text.splitlines():
        label, colon, rest = line.partition(":")
        names = names_in(rest if colon else line)
        if names:
            person = known.get(names[0], Participant(names[0]))
            label = label.strip() if colon else ""
            found.append(replace(person, label=label or None, aliases=names[1:]))
    return tuple(found)


def participants_typed(participants: Iterable[Participant]) -> str:
    """Return participants as `participants_in` reads them."""
    return "\n".join(
        (f"{person.label}: " if person.label else "") + ", ".join((person.name, *person.aliases))
        for person in participants
    )


def checked_roster(roster: Roster) -> Roster:
    """Return a roster as the service keeps it. Raises RosterError, which never quotes a name."""
    names = (*roster.names, *roster.keep)
    if len(names) > MOST_NAMES:
        raise RosterError(
            "too_many_names",
            f"The roster has more than {MOST_NAMES} names. Leave out those that nobody will say.",
        )
    others = [
        text
        for person in roster.participants
        for text in (person.label, person.pronoun, person.pseudonym)
        if text is not None
    ]
    if not all(is_shown(" ".join(text.split())) for text in (*names, *others)):
        raise RosterError(
            "bad_name",
            "A name on the roster has characters that cannot be shown. Type it anew.",
        )
    if any(len(text) > LONGEST_NAME for text in (*names, *others)):
        raise RosterError(
            "name_too_long", f"A name on the roster has more than {LONGEST_NAME} characters."
        )
    return roster_of(
        {
            "participants": [
                {
                    "name": person.name,
                    "label": person.label,
                    "aliases": list(person.aliases),
                    "pronoun": person.pronoun,
                    "pseudonym": person.pseudonym,
                }
                for person in roster.participants
            ],
            **{
                field.name: list(getattr(roster, field.name))
                for field in fields(roster)
                if field.name != "participants"
            },
        }
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
