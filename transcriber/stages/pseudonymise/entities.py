"""Who or what each finding means: mentions of one person, place or number get one key."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jellyfish import jaro_winkler_similarity, metaphone

from transcriber.domain.entity import Entity
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.roster import Roster
from transcriber.stages.number_words import digit_string
from transcriber.stages.pseudonymise.backgrounds import gender_of
from transcriber.stages.pseudonymise.ledger import Ledger
from transcriber.stages.pseudonymise.people import People, spoken_form
from transcriber.stages.pseudonymise.person_names import (
    PersonName,
    last_parts,
    person_name,
    singular,
)
from transcriber.stages.pseudonymise.things import Things, thing_words
from transcriber.stages.words import plain, plain_words, word_set

NAMED = (EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANISATION)
"""Types whose mentions are told apart by their words; of the others by letters or digits."""
NUMBERS = frozenset({EntityType.PHONE, EntityType.ID})
ADDRESSES = frozenset({EntityType.EMAIL, EntityType.URL, EntityType.HANDLE})
SIGNS = {".": " dot ", "@": " at ", "_": " underscore ", "-": " hyphen ", "/": " slash "}
"""How the signs of addresses are said: `a dot b at c` is `a.b@c`."""
SAME_SIGN = {"point": "dot", "dash": "hyphen", "forward": ""}
FILLERS = word_set("er erm um uh so yeah")

SAME_NAME = 0.8
"""Least Jaro-Winkler likeness of a last name that was merely heard wrong."""

_WORD_BEFORE = re.compile(r"(\w+)\.?[ \t]+$")
REACH = 24
"""Characters before a name among which its title stands."""


class Part(StrEnum):
    """Which part of a person's name was said."""

    FIRST = "first"
    LAST = "last"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a finding means: the key among those of its type, the part of the name, a plural s."""

    entity_type: EntityType
    key: str
    part: Part = Part.FULL
    plural: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A finding's name, and the name to which the detectors tied it where that is another one."""

    name: PersonName
    spoken: str
    tied: PersonName | None
    tied_spoken: str
    as_written: bool


class Meanings:
    """Finds what the findings of one recording mean, in the light of roster and study."""

    def __init__(
        self,
        findings: Sequence[Finding],
        roster: Roster,
        ledger: Ledger,
        texts: Mapping[str | None, str],
        recording: str,
    ) -> None:
        """`texts` holds the text that findings point into, by their `part`.

        `recording` is its code; what was written of it earlier decides where the study cannot.
        """
        self._ledger = ledger
        self._texts = texts
        self._persons = _Persons(
            [self._reading(finding) for finding in _of(EntityType.PERSON, findings)],
            People(roster, gender_of, ledger.written_in(EntityType.PERSON, recording)),
            ledger,
        )
        self._things = {
            kind: Things(
                kind,
                (thing_words(kind, name) for name in (*known, *map(_said, _of(kind, findings)))),
                (thing_words(kind, entity.key) for entity in ledger.of_type(kind)),
                _by_words(kind, ledger.written_in(kind, recording)),
            )
            for kind, known in (
                (EntityType.LOCATION, roster.places),
                (EntityType.ORGANISATION, roster.organisations),
            )
        }
        self._growing = self._lone_entities()

    def of(self, finding: Finding) -> Meaning:
        """Return what a finding means."""
        kind = finding.entity_type
        if kind is EntityType.PERSON:
            return self._persons.meaning(self._reading(finding))
        words = thing_words(kind, _said(finding)) if kind in self._things else ()
        if words:
            return Meaning(kind, self._things[kind].key_of(words))
        return Meaning(kind, _letters_or_digits(finding))

    def of_person(self, name: str) -> str:
        """Return the key of somebody on the roster."""
        return self._persons.key_of_rostered(name)

    def introduced(self, meaning: Meaning) -> int:
        """Return the entity in the ledger; made when it is new.

        A shorter name of other recordings that can only mean this one grows to it, unless it is
        written: that waits until all recordings are introduced.
        """
        known = self._ledger.find(meaning.entity_type, meaning.key)
        if known is not None:
            return known
        for identity in self._shorter(meaning, written=False):
            return self._ledger.grow(identity, meaning.key)
        return self._ledger.add(meaning.entity_type, meaning.key)

    def identity(self, meaning: Meaning) -> int:
        """Return the entity in the ledger that is written; made when it is new.

        A shorter name, written in other recordings, that can only mean this one grows to it.
        """
        known = self._ledger.find(meaning.entity_type, meaning.key)
        if known is None or not self._ledger[known].is_written:
            for identity in self._shorter(meaning, written=True):
                return self._ledger.grow(identity, meaning.key)
        return self.introduced(meaning)

    def _shorter(self, meaning: Meaning, written: bool) -> Iterator[int]:
        for identity in self._growing.get((meaning.entity_type, meaning.key), ()):
            if self._ledger[identity].is_written is written:
                yield identity

    def _reading(self, finding: Finding) -> _Reading:
        text = self._texts.get(finding.part, "")
        before = _WORD_BEFORE.search(text, max(0, finding.start - REACH), finding.start)
        name = person_name(finding.text, plain(before[1]) if before else "")
        spoken, tied = spoken_form(finding.text), spoken_form(finding.entity)
        return _Reading(
            name,
            spoken,
            person_name(finding.entity) if tied and tied != spoken else None,
            tied,
            finding.source == "roster",
        )

    def _lone_entities(self) -> dict[tuple[EntityType, str], list[int]]:
        """Return entities known by a short name, by the key of whom they turn out to be."""
        growing: dict[tuple[EntityType, str], list[int]] = {}
        for kind in NAMED:
            for entity in self._ledger.of_type(kind):
                key = self._fuller(entity)
                if key and key != entity.key:
                    growing.setdefault((kind, key), []).append(entity.id)
        return growing

    def _fuller(self, entity: Entity) -> str | None:
        if entity.entity_type is EntityType.PERSON:
            return self._persons.fuller(entity.key)
        words = thing_words(entity.entity_type, entity.key)
        return self._things[entity.entity_type].key_in_study(words) if words else None


class _Persons:
    """Whom names mean in one recording."""

    def __init__(self, readings: Iterable[_Reading], people: People, ledger: Ledger) -> None:
        self._people = people
        self._ledger = ledger
        self._known: dict[_Reading, Meaning] = {}
        study = ledger.of_type(EntityType.PERSON)
        for entity in study:
            self._people.add_of_study(entity.key, entity.forms)
        self._heard = _owners(study)
        distinct = sorted(set(readings), key=lambda r: (r.name.key, r.spoken, r.tied_spoken))
        self._misheard = {reading for reading in distinct if self._is_misheard(reading)}
        self._learn([reading for reading in distinct if reading not in self._misheard])

    def meaning(self, reading: _Reading) -> Meaning:
        if reading not in self._known:
            self._known[reading] = self._meaning(reading)
        return self._known[reading]

    def key_of_rostered(self, name: str) -> str:
        read = person_name(name)
        return self._people.key_of(read, spoken_form(name)) or read.key

    def fuller(self, key: str) -> str | None:
        name = person_name(key)
        return None if name.full or name.family else self._people.key_in_study(name)

    def _learn(self, readings: Sequence[_Reading]) -> None:
        full = [reading for reading in readings if reading.name.full]
        tied: dict[str, set[PersonName]] = {}
        for reading in full:
            if reading.tied is not None and not reading.tied.full:
                tied.setdefault(reading.tied_spoken, set()).add(reading.name)
        for spoken, names in tied.items():
            if len({name.last for name in names}) == 1:
                for name in names:
                    self._people.add_to_rostered(spoken, name)
        for reading in full:
            self._people.add_full(reading.name, reading.spoken, self._heard)
        for reading in readings:
            if reading.name.last and not reading.name.first and not reading.name.family:
                self._people.add_titled(reading.name, reading.spoken)
        self._people.add_lone(r.name.first for r in readings if not r.name.last)

    def _is_misheard(self, reading: _Reading) -> bool:
        """Whether the words are not the name that was meant, but what somebody made of it."""
        if reading.tied is None:
            return False
        key = self._key_of_tied(reading.tied, reading.tied_spoken)
        if self._people.agrees(reading.name, key):
            return False
        if not (reading.as_written and reading.name.full):
            return True
        lasts = [name.last for name in self._people.names_of(key) if name.last]
        return any(_sound_alike(reading.name.last, last) for last in lasts)

    def _key_of_tied(self, name: PersonName, spoken: str) -> str:
        return self._people.key_of(name, spoken) or name.key

    def _meaning(self, reading: _Reading) -> Meaning:
        if reading in self._misheard:
            assert reading.tied is not None
            key = self._key_of_tied(reading.tied, reading.tied_spoken)
            part = _likest_part(reading.spoken, self._people.names_of(key))
            return Meaning(EntityType.PERSON, key, part)
        name = self._as_said(reading.name)
        key = self._key(name, reading)
        part, plural = _part(name, self._people.names_of(key))
        return Meaning(EntityType.PERSON, key, part, plural)

    def _as_said(self, name: PersonName) -> PersonName:
        """`the Chris I knew` is no family."""
        if not name.family or self._people.key_of(name, name.key) or not gender_of(name.last):
            return name
        return PersonName(name.last)

    def _key(self, name: PersonName, reading: _Reading) -> str:
        key = self._people.key_of(name, reading.spoken)
        if key is None and reading.tied is not None:
            key = self._people.key_of(reading.tied, reading.tied_spoken)
        if key is None and self._ledger.find(EntityType.PERSON, name.key) is None:
            key = self._heard.get(reading.spoken)
        return key or name.key


def _part(name: PersonName, known: frozenset[PersonName]) -> tuple[Part, str]:
    if name.full:
        return Part.FULL, ""
    if name.family:
        return Part.LAST, "s"
    if name.last:
        return Part.LAST, ""
    lasts = {part for other in known if other.last for part in last_parts(other.last)}
    firsts = {other.first for other in known}
    for word, plural in ((name.first, ""), *((word, "s") for word in singular(name.first))):
        if word in firsts:
            return Part.FIRST, plural
        if word in lasts or not lasts.isdisjoint(word.split("-")):
            return Part.LAST, plural
    return Part.FIRST, ""


def _likest_part(spoken: str, names: frozenset[PersonName]) -> Part:
    """Return which part of a name the misheard words are most like."""
    said = spoken.replace(" ", "")
    likeness = {Part.FIRST: 0.0}
    for name in sorted(names, key=lambda name: name.key):
        forms = {Part.FIRST: name.first, Part.LAST: name.last}
        if name.full:
            forms[Part.FULL] = name.first + name.last
        for part, form in forms.items():
            alike = jaro_winkler_similarity(said, form.replace("-", "")) if form else 0.0
            likeness[part] = max(alike, likeness.get(part, 0.0))
    return max(likeness, key=lambda part: likeness[part])


def _sound_alike(one: str, other: str) -> bool:
    return metaphone(one) == metaphone(other) or jaro_winkler_similarity(one, other) >= SAME_NAME


def _owners(entities: Iterable[Entity]) -> dict[str, str]:
    """Return the only owner of each form that was heard in the study."""
    owners: dict[str, set[str]] = {}
    for entity in entities:
        for form in entity.forms:
            owners.setdefault(form, set()).add(entity.key)
    return {form: next(iter(keys)) for form, keys in owners.items() if len(keys) == 1}


def _by_words(kind: EntityType, written: Mapping[str, str]) -> dict[str, str]:
    return {" ".join(thing_words(kind, form)): key for form, key in written.items()}


def _of(kind: EntityType, findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.entity_type is kind]


def _said(finding: Finding) -> str:
    return finding.entity or finding.text


def _letters_or_digits(finding: Finding) -> str:
    """Return one key for a number or address, however it was said."""
    said = plain_words(_said(finding))
    if finding.entity_type in NUMBERS:
        return digit_string(said) or finding.entity or finding.text.casefold()
    if finding.entity_type in ADDRESSES:
        return _address(_said(finding)) or finding.text.casefold()
    return " ".join(said) or finding.text.casefold()


def _address(text: str) -> str:
    said = plain_words("".join(SIGNS.get(sign, sign) for sign in text))
    written = " ".join(SAME_SIGN.get(word, word) for word in said if word not in FILLERS)
    return written.replace("all one word", "").replace(" ", "")
