"""Names of people in parts: what is a title, a first name, a last name, and which names agree."""

from dataclasses import dataclass

from transcriber.stages.spoken_names.nicknames import variants
from transcriber.stages.words import plain_words, word_set

MALE, FEMALE = "m", "f"
FORMAL_TITLES = {
    **dict.fromkeys(("mr", "mister", "sir", "lord"), MALE),
    **dict.fromkeys(("mrs", "ms", "miss", "missus", "mx", "lady", "madam", "dame"), FEMALE),
    **dict.fromkeys(
        word_set(
            "dr doctor prof professor rev reverend cllr councillor sergeant sgt constable "
            "inspector officer judge canon"
        ),
        "",
    ),
    "mx": "",
}
"""Titles that stand before last names, with the gender that they tell."""

INFORMAL_TITLES = word_set(
    "auntie aunty aunt uncle nan nana nanny gran granny grandma grandad grandpa mum mam mom dad "
    "father mother sister brother cousin nurse midwife big little wee old auld young poor baby our "
    "the"
)
"""What stands before first names as well as last names."""

PARTICLES = word_set("al el bin bint ibn abu van von der den de del della di da la le los dos du")
PREFIXES = word_set("o mc mac")
"""Beginnings of last names that recognisers write as words of their own."""

_TITLE_KEYS = {MALE: "mr", FEMALE: "mrs"}
FAMILY = "family"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as somebody said it; parts in plain form, compounds with a hyphen (`anne-marie`).

    A lone word is a `first` name unless a title says that it is a last name. `gender` is what the
    title tells; `family` marks `the Khans`, whose `last` keeps its plural.
    """

    first: str = ""
    last: str = ""
    gender: str = ""
    family: bool = False

    @property
    def full(self) -> bool:
        """Whether first and last name are there."""
        return bool(self.first and self.last)

    @property
    def key(self) -> str:
        """The name as text that reads back as the same name."""
        if self.family:
            return f"{self.last} {FAMILY}"
        if self.last and not self.first:
            return f"{_TITLE_KEYS.get(self.gender, 'dr')} {self.last}"
        return f"{self.first} {self.last}".strip()


def person_name(text: str, before: str = "") -> PersonName:
    """Read a name; `before` is the word in front of it, which may be its title.

    Middle names are passed over. Letters that spell a name out are joined.
    """
    units = _units(text)
    if units[-1:] == [FAMILY] and len(units) > 1:
        return PersonName(last=units[-2], family=True)
    units = [before, *units] if before in FORMAL_TITLES or before == "the" else units
    formal, gender, family = False, "", False
    while len(units) > 1 and (units[0] in FORMAL_TITLES or units[0] in INFORMAL_TITLES):
        title = units.pop(0)
        formal = formal or title in FORMAL_TITLES
        gender = gender or FORMAL_TITLES.get(title, "")
        family = family or title == "the"
    if not units:
        return PersonName()
    if len(units) > 1:
        return PersonName(units[0], units[-1], gender)
    if formal:
        return PersonName(last=units[0], gender=gender)
    if family and units[0].endswith("s"):
        return PersonName(last=units[0], family=True)
    return PersonName(units[0])


def same_last(one: str, other: str) -> bool:
    """Whether last names agree: `cole` with `boateng-cole`, `masri` with `al-masri`, also `w`."""
    if len(one) == 1 or len(other) == 1:
        return one[:1] == other[:1]
    first, second = last_parts(one), last_parts(other)
    return bool(first and second) and (first <= second or second <= first)


def last_parts(last: str) -> frozenset[str]:
    """The words of a last name without particles."""
    words = frozenset(last.split("-"))
    return words - PARTICLES or words


def same_first(one: str, other: str) -> bool:
    """Whether first names agree as they stand: `anne` with `anne-marie`, `s` with `sarah`."""
    if len(one) == 1 or len(other) == 1:
        return one[:1] == other[:1]
    return other in (one, one.partition("-")[0]) or one == other.partition("-")[0]


def variant_first(one: str, other: str) -> bool:
    """Whether one person may go by both: `kate` and `katherine`."""
    return other in variants(one) or one in variants(other)


def singular(word: str) -> tuple[str, ...]:
    """Return what a plural or a possessive without its apostrophe may be of: `khans`, `joneses`."""
    if len(word) < 4 or not word.endswith("s"):
        return ()
    return (word[:-1], word[:-2]) if word.endswith("es") else (word[:-1],)


def _units(text: str) -> list[str]:
    units = ["-".join(plain_words(chunk)) for chunk in text.split()]
    letters = "".join(units).replace("-", "")
    if len(letters) > 2 and all(len(part) == 1 for unit in units for part in unit.split("-")):
        return [letters]
    joined: list[str] = []
    for unit in filter(None, units):
        if joined and joined[-1] in PREFIXES and len(joined) > 1:
            joined[-1] += unit
        else:
            joined.append(unit)
    return joined
