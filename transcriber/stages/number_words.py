"""Numbers as people say them: `sixty two`, `oh seven double nine`, `twenty nineteen`."""

from collections.abc import Sequence
from typing import NamedTuple

DIGITS = {
    "zero": 0, "oh": 0, "o": 0, "nought": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ORDINAL_UNITS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9,
}  # fmt: skip
_ORDINAL_REST = {
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14,
    "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19,
    "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
ORDINALS = frozenset([*_ORDINAL_UNITS, *_ORDINAL_REST, "twenty", "thirty"])
"""Words that begin a day of the month."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
REPEATS = {"double": 2, "triple": 3, "treble": 3}
EARLIEST_YEAR, LATEST_YEAR = 1900, 2099


class Number(NamedTuple):
    """A value and how many words say it."""

    value: int
    size: int


def cardinal(words: Sequence[str], at: int) -> Number | None:
    """Read a whole number below 1,000 that begins at `at`; `words` are plain forms."""
    head = words[at] if at < len(words) else ""
    if head.isdecimal():
        return Number(int(head), 1) if len(head) <= 3 else None
    if head in ("a", "one") and _at(words, at + 1) == "hundred":
        return _hundred(words, at)
    if head in TENS:
        unit = DIGITS.get(_at(words, at + 1), 0)
        return Number(TENS[head] + unit, 2) if unit else Number(TENS[head], 1)
    small = TEENS.get(head, DIGITS.get(head) if head not in ("o", "oh") else None)
    return None if small is None else Number(small, 1)


def _hundred(words: Sequence[str], at: int) -> Number:
    size = 2
    if _at(words, at + 2) == "and":
        rest = cardinal(words, at + 3)
        if rest and rest.value < 100:
            return Number(100 + rest.value, 3 + rest.size)
    return Number(100, size)


def ordinal(words: Sequence[str], at: int) -> Number | None:
    """Read a day of the month such as `14th`, `fourteenth` or `twenty first`."""
    head = _at(words, at)
    if head[:-2].isdecimal() and head[-2:] in ("st", "nd", "rd", "th") and len(head) <= 4:
        return Number(int(head[:-2]), 1)
    if head in ("twenty", "thirty") and _at(words, at + 1) in _ORDINAL_UNITS:
        return Number(TENS[head] + _ORDINAL_UNITS[words[at + 1]], 2)
    value = _ORDINAL_UNITS.get(head, _ORDINAL_REST.get(head))
    return None if value is None else Number(value, 1)


def year(words: Sequence[str], at: int) -> Number | None:
    """Read a year from 1900 to 2099: `2019`, `twenty nineteen`, `nineteen and fifty one`."""
    head = _at(words, at)
    if head.isdecimal():
        value = int(head) if len(head) == 4 else 0
        return Number(value, 1) if EARLIEST_YEAR <= value <= LATEST_YEAR else None
    if head == "two" and _at(words, at + 1) == "thousand":
        return _two_thousand(words, at)
    if head in ("nineteen", "twenty"):
        return _two_halves(words, at, 1900 if head == "nineteen" else 2000)
    return None


def _two_thousand(words: Sequence[str], at: int) -> Number:
    skip = 3 if _at(words, at + 2) == "and" else 2
    rest = cardinal(words, at + skip)
    if rest and 0 < rest.value < 100 and not words[at + skip].isdecimal():
        return Number(2000 + rest.value, skip + rest.size)
    return Number(2000, 2)


def _two_halves(words: Sequence[str], at: int, century: int) -> Number | None:
    if _at(words, at + 1) in ("oh", "o") and DIGITS.get(_at(words, at + 2), 0):
        return Number(century + DIGITS[words[at + 2]], 3)
    skip = 2 if century == 1900 and _at(words, at + 1) == "and" else 1
    rest = cardinal(words, at + skip)
    if rest and 10 <= rest.value < 100 and not words[at + skip].isdecimal():
        return Number(century + rest.value, skip + rest.size)
    return None


def digits(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """Read digits that begin at `at`; return them and how many words say them, else None."""
    head = _at(words, at)
    if head.isdecimal():
        return head, 1
    if head in DIGITS:
        return str(DIGITS[head]), 1
    if head in REPEATS:
        repeated = DIGITS.get(_at(words, at + 1), _single(_at(words, at + 1)))
        return None if repeated is None else (str(repeated) * REPEATS[head], 2)
    if head in TENS or head in TEENS:
        number = cardinal(words, at)
        return None if number is None else (str(number.value), number.size)
    return None


def digit_string(words: Sequence[str]) -> str:
    """Return all digits that `words` say, in order, so that spoken and written numbers compare."""
    found, at = [], 0
    while at < len(words):
        read = digits(words, at)
        found.append(read[0] if read else "")
        at += read[1] if read else 1
    return "".join(found)


def _single(word: str) -> int | None:
    return int(word) if len(word) == 1 and word.isdecimal() else None


def _at(words: Sequence[str], at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""
