"""Every way in which the names of a roster may be written, and whose each of them is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from transcriber.domain.finding import EntityType
from transcriber.domain.roster import Roster
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.spoken_names.commonness import rarity
from transcriber.stages.spoken_names.nicknames import variants
from transcriber.stages.words import plain, plain_words

Form = tuple[str, ...]
SAME_WORD = {"st": "saint", "mt": "mount"}
NICKNAME = "roster-nickname"
SHORTEST_NICKNAME = 3
DISTINCTIVE = 12.5
"""Rarity in nats of a word that tells a place or an organisation by itself: `the Windmere`."""
TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "doctor", "sister", "father", "professor"))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a form stands for: its type, its entity key, and why it is sought."""

    kind: EntityType
    entity: str
    source: str = "roster"


def forms_of(roster: Roster) -> dict[Form, Meaning]:
    """Return every way to say a name of the roster with what it means; surest ones win."""
    forms = names_of(roster)
    for form, meaning in [*_nicknames(_people(roster)), *_short_names(forms)]:
        forms.setdefault(form, meaning)
    return forms


def names_of(roster: Roster) -> dict[Form, Meaning]:
    """Return the names that the roster has, and first and last names, with what they mean."""
    people = _people(roster)
    names = dict(_whole(people, roster))
    for form, meaning in _parts(people):
        names.setdefault(form, meaning)
    return names


def form_of(name: str) -> Form:
    """Return the plain words of a name, with `st` and `mt` in full."""
    return tuple(SAME_WORD.get(word, word) for word in plain_words(name))


def _people(roster: Roster) -> list[tuple[str, tuple[str, ...]]]:
    """Return people by the name that stands for them, each with all their names."""
    people = [(p.name, (p.name, *p.aliases)) for p in roster.participants]
    return people + [(name, (name,)) for name in roster.people]


def _whole(
    people: list[tuple[str, tuple[str, ...]]], roster: Roster
) -> Iterator[tuple[Form, Meaning]]:
    """Yield names as the roster has them; later ones win."""
    for kind, names in (
        (EntityType.LOCATION, roster.places),
        (EntityType.ORGANISATION, roster.organisations),
    ):
        for name in names:
            form = form_of(name)
            if form[:1] == ("the",) and len(form) > 1:
                form = form[1:]
            if form:
                yield form, Meaning(kind, " ".join(form))
    for canonical, names in reversed(people):
        for name in names:
            if form := form_of(name):
                yield form, Meaning(EntityType.PERSON, _key(canonical))


def _parts(people: list[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[Form, Meaning]]:
    """Yield first and last words of full names; one that two people share means neither."""
    yield from _shared(
        ((part,), canonical)
        for canonical, names in people
        for name in names
        if len(form := _untitled(form_of(name))) > 1 or form != form_of(name)
        for part in (form[0], form[-1])
        if len(part) > 1
    )


def _nicknames(people: list[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[Form, Meaning]]:
    """Yield what people are called by their given names, also with their surnames."""
    found = [
        ((short, *rest), canonical)
        for canonical, names in people
        for name in names
        if (form := _untitled(form_of(name)))
        for short in variants(form[0])
        if len(short) >= SHORTEST_NICKNAME
        for rest in dict.fromkeys(((), form[1:]))
        if rest or short not in COMMON_WORDS
    ]
    for form, meaning in _shared(iter(found)):
        yield form, replace(meaning, source=NICKNAME)


def _short_names(forms: Mapping[Form, Meaning]) -> Iterator[tuple[Form, Meaning]]:
    """Yield the first words of places and organisations that are no words of the language."""
    for form, meaning in forms.items():
        if meaning.kind is not EntityType.PERSON and len(form) > 1:
            word = form[0]
            if len(word) > SHORTEST_NICKNAME and rarity(word) >= DISTINCTIVE:
                yield (word,), meaning


def _shared(owned: Iterator[tuple[Form, str]]) -> Iterator[tuple[Form, Meaning]]:
    owners: dict[Form, set[str]] = {}
    for form, canonical in owned:
        owners.setdefault(form, set()).add(_key(canonical))
    for form, keys in owners.items():
        entity = next(iter(keys)) if len(keys) == 1 else " ".join(form)
        yield form, Meaning(EntityType.PERSON, entity)


def _untitled(form: Form) -> Form:
    return form[1:] if len(form) > 1 and form[0] in TITLES else form


def _key(name: str) -> str:
    return " ".join(form_of(name)) or plain(name)
