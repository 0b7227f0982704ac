"""Which person a name means: the roster's, then this transcript's, then the study's.

The same names give the same answer whatever order recordings come in: a transcript's own full names
decide before those of other recordings do, and a name that two people share means neither.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from transcriber.domain.roster import Roster
from transcriber.stages.pseudonymise.person_names import (
    PersonName,
    last_parts,
    person_name,
    same_first,
    same_last,
    singular,
    variant_first,
)
from transcriber.stages.spoken_names.nicknames import formal, variants
from transcriber.stages.words import plain_words

GenderOf = Callable[[str], str]
"""Tells `f` or `m` where a first name is given to one sex only, else the empty text."""


def spoken_form(text: str) -> str:
    """Return the plain words of a name, in which forms are compared."""
    return " ".join(plain_words(text))


@dataclass(eq=False)
class _Person:
    key: str
    names: set[PersonName] = field(default_factory=set)


class _Index:
    """People by the words of their names."""

    def __init__(self) -> None:
        self.people: dict[str, _Person] = {}
        self._first: dict[str, dict[str, _Person]] = {}
        self._last: dict[str, dict[str, _Person]] = {}

    def add(self, key: str, *names: PersonName) -> _Person:
        person = self.people.setdefault(key, _Person(key))
        for name in names:
            person.names.add(name)
            if name.first:
                for word in (name.first, name.first.split("-")[0]):
                    self._first.setdefault(word, {})[key] = person
            for word in last_parts(name.last) if name.last else ():
                self._last.setdefault(word, {})[key] = person
        return person

    def by_first(self, *words: str) -> dict[str, _Person]:
        return {k: p for word in words for k, p in self._first.get(word, {}).items()}

    def by_last(self, *words: str) -> dict[str, _Person]:
        return {k: p for word in words for k, p in self._last.get(word, {}).items()}


class People:
    """Everybody known while one transcript is pseudonymised. Add the study's people first."""

    def __init__(self, roster: Roster, gender_of: GenderOf, written: Mapping[str, str]) -> None:
        """`written` are keys by the form that was replaced in this recording earlier."""
        self._gender_of = gender_of
        self._written = written
        self._near, self._study = _Index(), _Index()
        self._spoken: dict[str, dict[str, _Person]] = {}
        self._lone: set[str] = set()
        self._long_forms: dict[str, str] = {}
        for canonical, others in _rostered(roster):
            name = person_name(canonical)
            person = self._near.add(name.key, name, *map(person_name, others))
            for spoken in map(spoken_form, (canonical, *others)):
                self._spoken.setdefault(spoken, {})[person.key] = person

    def add_of_study(self, key: str, forms: Iterable[str] = ()) -> None:
        """Let a person of other recordings be known, by the full names among `forms` too.

        Otherwise it would matter whether Katherine Jones or Kate Jones came first.
        """
        name = person_name(key)
        if name.last and not name.family:
            others = [other for other in map(person_name, forms) if other.full]
            self._study.add(key, name, *(other for other in others if _agree(other, name)))
        elif name.first:
            self._lone.add(name.first)

    def add_full(self, name: PersonName, spoken: str, heard: Mapping[str, str]) -> None:
        """Let this transcript's full name be known; `heard` has the study's owners of odd forms.

        Its key is the one that the study gave the same person earlier.
        """
        if spoken in self._spoken:
            return
        known = list(self._matching(self._near, name))
        if len(known) == 1:
            self._near.add(known[0], name)
        if not known:
            earlier = list(self._matching(self._study, name))
            key = earlier[0] if len(earlier) == 1 else heard.get(spoken, name.key)
            self._near.add(key, name, *self.names_of(key))

    def add_titled(self, name: PersonName, spoken: str) -> None:
        """Let `Mr Khan` be known, where no full name has that last name."""
        if not self._keys(self._near, name):
            written = self._written.get(spoken)
            earlier = [written] if written else list(self._keys(self._study, name))
            key = earlier[0] if len(earlier) == 1 else name.key
            self._near.add(key, name)

    def add_lone(self, names: Iterable[str]) -> None:
        """Let single names of nobody known be known: short forms go to the long one among them."""
        self._lone.update(names)
        self._lone = {n for n in self._lone if not self._keys(self._near, PersonName(n))}
        for name in self._lone:
            long = formal(name) & self._lone
            if len(long) == 1:
                self._long_forms[name] = next(iter(long))

    def add_to_rostered(self, spoken: str, name: PersonName) -> None:
        """Let somebody of whom the roster has one name only be known by this full name too."""
        for key, person in self._spoken.get(spoken, {}).items():
            if not any(known.full for known in person.names):
                self._near.add(key, name)

    def agrees(self, name: PersonName, key: str) -> bool:
        """Whether the name as it stands may be said of the person with this key."""
        person = self._near.people.get(key) or self._study.people.get(key)
        known = person.names if person else {person_name(key)}
        return any(_agree(name, other) for other in known)

    def names_of(self, key: str) -> frozenset[PersonName]:
        """Return the names by which a person is known."""
        person = self._near.people.get(key) or self._study.people.get(key)
        return frozenset(person.names) if person else frozenset({person_name(key)})

    def key_of(self, name: PersonName, spoken: str) -> str | None:
        """Return the key of whom the name means, None for a name of nobody known.

        A name that several share has a key of its own, unless it was written as one's before. What
        was written of this recording goes before what the study shows.
        """
        written = self._written.get(spoken)
        for keys in (
            set(self._spoken.get(spoken, ())),
            self._keys(self._near, name),
            {written} - {None},
            self._of_long_form(name),
            self._keys(self._study, name),
        ):
            if len(keys) == 1:
                return next(iter(keys))
            if keys:
                return written if written in keys else name.key
        return None

    def key_in_study(self, name: PersonName) -> str | None:
        """Return whom a name means when all recordings are looked at, None unless it is one."""
        keys = self._keys(self._near, name) | self._keys(self._study, name)
        keys = keys or self._of_long_form(name)
        return next(iter(keys)) if len(keys) == 1 and name.key not in self._spoken else None

    def _of_long_form(self, name: PersonName) -> set[str]:
        long = self._long_forms.get(name.key)
        return {self.key_of(PersonName(long), long) or long} if long else set()

    def _keys(self, index: _Index, name: PersonName) -> set[str]:
        if name.full:
            return set(self._matching(index, name))
        if name.last:
            lasts = (name.last, *singular(name.last)) if name.family else (name.last,)
            found = index.by_last(*(part for last in lasts for part in last_parts(last)))
            return self._distinct({k: p for k, p in found.items() if self._may_be(p, name)})
        if len(name.first) < 2:
            return set()
        plurals = singular(name.first)
        return self._distinct(
            index.by_first(name.first) | index.by_last(*last_parts(name.first))
            or index.by_first(*variants(name.first))
            or index.by_first(*plurals) | index.by_last(*plurals)
        )

    def _distinct(self, found: Mapping[str, _Person]) -> set[str]:
        """Return keys without those of `Mrs Khan` where she may be somebody known in full."""
        full = [person for person in found.values() if any(n.full for n in person.names)]
        return {
            key
            for key, person in found.items()
            if person in full
            or not any(self._may_be(other, name) for other in full for name in person.names)
        }

    def _may_be(self, person: _Person, titled: PersonName) -> bool:
        """Whether a title fits: `Mr Whitfield` is not Sarah."""
        genders = {known.gender or self._gender_of(known.first) for known in person.names}
        return not titled.gender or not genders - {"", titled.gender}

    def _matching(self, index: _Index, name: PersonName) -> Iterator[str]:
        """Yield people with this full name as it stands, else with another form of the first."""
        near = index.by_first(name.first, *variants(name.first))
        near |= index.by_last(*last_parts(name.last))
        for same in (same_first, variant_first):
            found = [
                key
                for key, person in near.items()
                if any(
                    known.full
                    and same(name.first, known.first)
                    and same_last(name.last, known.last)
                    for known in person.names
                )
            ]
            if found:
                yield from found
                return


def _agree(name: PersonName, other: PersonName) -> bool:
    if name.full and other.full:
        firsts = same_first(name.first, other.first) or variant_first(name.first, other.first)
        return firsts and same_last(name.last, other.last)
    word = name.first or name.last
    forms = {word, *singular(word)}
    return bool(
        (other.last and forms & last_parts(other.last))
        or (name.first and forms & {other.first, *variants(other.first)})
    )


def _rostered(roster: Roster) -> Iterator[tuple[str, tuple[str, ...]]]:
    for participant in roster.participants:
        yield participant.name, participant.aliases
    for name in roster.people:
        yield name, ()
