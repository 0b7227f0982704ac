"""The pseudonym style: invented names for people and towns, and whom each of them stands for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from transcriber.domain.entity import Entity, Invented
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.policy import Locale, Policy
from transcriber.domain.roster import Roster
from transcriber.stages.generalise.places import coarser_place
from transcriber.stages.pseudonymise.entities import NAMED, Meaning, Meanings, Part
from transcriber.stages.pseudonymise.invented import Inventor
from transcriber.stages.pseudonymise.ledger import Ledger
from transcriber.stages.pseudonymise.people import spoken_form
from transcriber.stages.pseudonymise.person_names import (
    FEMALE,
    MALE,
    PersonName,
    person_name,
    singular,
)
from transcriber.stages.words import plain_words, words_of

SETTLEMENTS = frozenset({"[village]", "[town]", "[city]", "[place]"})
"""Kinds of place that get an invented town; a country, county or road gets a label."""

_INVENTED = (EntityType.PERSON, EntityType.LOCATION)

GENDERS = {"she": FEMALE, "her": FEMALE, "he": MALE, "him": MALE}
"""What a pronoun on the roster says; any other leaves it to the name."""


class Pseudonyms:
    """Invented names of one study while one recording is pseudonymised.

    They stand without brackets, as UK Data Service and CESSDA print pseudonyms; the labels beside
    them keep theirs.
    """

    def __init__(
        self, policy: Policy, ledger: Ledger, inventor: Inventor, people: "_Rostered"
    ) -> None:
        self._policy = policy
        self._ledger = ledger
        self._inventor = inventor
        self._people = people
        self._standing: frozenset[str] = frozenset()

    def let_stand(self, names: Iterable[str]) -> None:
        """Leave these names, in plain words, alone: they are pseudonyms already."""
        self._standing = frozenset(names)

    def is_one(self, finding: Finding) -> bool:
        """Whether the finding is a pseudonym in a text that was pseudonymised before."""
        return finding.entity_type in NAMED and spoken_form(finding.text) in self._standing

    def of(self, finding: Finding, meaning: Meaning, identity: int) -> str | None:
        """Return the invented name that stands for a mention, None where a label has to do."""
        if meaning.entity_type is EntityType.PERSON:
            name = self._person(meaning, identity)
            return name and name + _plural(name, meaning.plural)
        if meaning.entity_type is EntityType.LOCATION:
            return self._town(finding, identity, self._policy.locale)
        return None

    def _person(self, meaning: Meaning, identity: int) -> str | None:
        chosen = self._people.chosen.get(meaning.key, "").split()
        if chosen:
            first, last = chosen[0], " ".join(chosen[1:]) or chosen[0]
            return {Part.FIRST: first, Part.LAST: last}.get(meaning.part, " ".join(chosen))
        name = person_name(meaning.key)
        names = {
            Part.FIRST: (self._first,),
            Part.LAST: (self._last,),
            Part.FULL: (self._first, self._last),
        }[meaning.part]
        drawn = [draw(name, identity, meaning.key) for draw in names]
        return " ".join(map(str, drawn)) if all(drawn) else None

    def _first(self, name: PersonName, identity: int, key: str) -> str | None:
        invented = self._ledger[identity].invented
        if not invented.first:
            gender = self._people.gender.get(key) or name.gender
            first = self._inventor.first(name.first, name.last, gender)
            if first is None:
                return None
            self._ledger.name(identity, replace(invented, first=first))
        return self._ledger[identity].invented.first

    def _last(self, name: PersonName, identity: int, key: str) -> str | None:
        invented = self._ledger[identity].invented
        if not invented.last:
            surname = name.last or name.first
            if name.family:
                surname = next(iter(singular(surname)), surname)
            last = self._inventor.last(name.first if name.last else "", surname)
            if last is None:
                return None
            self._ledger.name(identity, replace(invented, last=last))
        return self._ledger[identity].invented.last

    def _town(self, finding: Finding, identity: int, locale: Locale) -> str | None:
        invented = self._ledger[identity].invented
        if not invented.first:
            if coarser_place(finding.text, "kind", locale) not in SETTLEMENTS:
                return None
            town = self._inventor.town()
            if town is None:
                return None
            self._ledger.name(identity, Invented(town))
        return self._ledger[identity].invented.first


@dataclass(frozen=True)
class _Rostered:
    """Names that participants chose, and genders by their pronouns, by keys of entities."""

    chosen: Mapping[str, str]
    gender: Mapping[str, str]


def pseudonyms(
    findings: Sequence[Finding],
    policy: Policy,
    roster: Roster,
    meanings: Meanings,
    ledger: Ledger,
    texts: Mapping[str | None, str],
) -> Pseudonyms:
    """Prepare the style for one recording: what is taken, and what was invented before."""
    people = _Rostered(
        {meanings.of_person(p.name): p.pseudonym for p in roster.participants if p.pseudonym},
        {
            meanings.of_person(p.name): GENDERS[p.pronoun.casefold()]
            for p in roster.participants
            if p.pronoun and p.pronoun.casefold() in GENDERS
        },
    )
    _give_way(ledger, people.chosen)
    known = [entity for kind in NAMED for entity in ledger.of_type(kind)]
    standing = _already_there(findings, known, people.chosen)
    said = [f for f in findings if spoken_form(f.text) not in standing]
    inventor = Inventor(
        policy.locale,
        {word for text in _originals(said, roster, known) for word in plain_words(text)},
        {word.plain for text in texts.values() for word in words_of(text)},
    )
    for name in (*people.chosen.values(), *(n for entity in known for n in _parts(entity))):
        inventor.reserve(name)
    made = Pseudonyms(policy, ledger, inventor, people)
    made.let_stand(standing)
    return made


def _give_way(ledger: Ledger, chosen: Mapping[str, str]) -> None:
    """Take an invented name back where a participant has chosen it since."""
    owners = {word: key for key, name in chosen.items() for word in plain_words(name)}
    for entity in ledger.of_type(EntityType.PERSON):
        words = {word for name in _parts(entity) for word in plain_words(name)}
        if any(owners.get(word, entity.key) != entity.key for word in words):
            ledger.name(entity.id, Invented())


def _already_there(
    findings: Sequence[Finding], known: Sequence[Entity], chosen: Mapping[str, str]
) -> frozenset[str]:
    """Return the pseudonyms in a text that was pseudonymised before, none in any other text.

    It is one when everybody and every place in it bears an invented name of this study. Where one
    does not, a namesake of a pseudonym is a real person.
    """
    said = {spoken_form(f.text) for f in findings if f.entity_type in _INVENTED}
    names = {form for entity in known for form in _forms(*_parts(entity))}
    names |= {form for name in chosen.values() for form in _forms(*name.split())}
    return frozenset(names) if said and said <= names else frozenset()


def _forms(*parts: str) -> Iterator[str]:
    for name in (*parts, " ".join(parts)):
        yield spoken_form(name)


def _parts(entity: Entity) -> tuple[str, ...]:
    return tuple(filter(None, (entity.invented.first, entity.invented.last)))


def _originals(
    findings: Sequence[Finding], roster: Roster, known: Sequence[Entity]
) -> Iterator[str]:
    yield from roster.names
    for finding in findings:
        if finding.entity_type in NAMED:
            yield finding.text
    for entity in known:
        yield from (entity.key, *entity.forms)


def _plural(name: str, plural: str) -> str:
    return "es" if plural and name.endswith(("s", "x", "z", "ch", "sh")) else plural
