"""Numbers that are left: four digits or more, written or spoken, across fillers and lines."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from transcriber.stages.number_words import (
    DIGITS,
    EARLIEST_YEAR,
    LATEST_YEAR,
    REPEATS,
    TEENS,
    TENS,
    digits,
    year,
)
from transcriber.stages.second_look.text import Seen, SeenText
from transcriber.stages.words import word_set

FEWEST_DIGITS = 4
FILLERS = word_set("er erm um uh mm hmm yeah yes yep ok okay space dash dot no sorry")
"""Said between the digits of one number, also by the person who writes it down."""
LINKS = word_set("and then right a is its thats hundred")
"""The same after a single spoken digit; after other numbers they part two amounts."""
MOST_FILLERS = 3
MONEY = "£$€"
_SPOKEN = frozenset({*DIGITS, *TEENS, *TENS, *REPEATS})
_HEADS = _SPOKEN - {"o", "oh"} | {"oh"}
_DECADE = re.compile(r"\d0s|\d{3}0s")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,3})?)?(?:\D{1,6}\d{1,2}:\d{2})?")
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


class LeftNumber(NamedTuple):
    """First and last word of a number, and its digits."""

    first: int
    last: int
    digits: str


def numbers(text: SeenText) -> Iterator[LeftNumber]:
    """Yield numbers of four digits or more.

    Years, clock times, sums of money and round numbers are left out.
    """
    at = 0
    while at < len(text.words):
        if not _is_digits(text.words[at]) or text.is_label(at):
            at += 1
            continue
        run = _run(text, at)
        found = LeftNumber(run[0], run[-1], _digits(text, run))
        if len(found.digits) >= FEWEST_DIGITS and not _is_ordinary(text, found, run):
            yield found
        at = run[-1] + 1


def _is_digits(word: Seen) -> bool:
    return not word.hidden and (word.plain in _HEADS or _has_digits(word.plain))


def _has_digits(plain: str) -> bool:
    return any(character.isdecimal() for character in plain)


def _run(text: SeenText, first: int) -> list[int]:
    """Return the numbers of the words that say digits, from `first` on."""
    run, at, fillers = [first], first + 1, 0
    while at < len(text.words) and not text.words[at].hidden:
        word = text.words[at]
        if text.is_label(at):
            at += 1
            continue
        if word.plain in _SPOKEN or _has_digits(word.plain):
            run.append(at)
            fillers = 0
        elif fillers < MOST_FILLERS and (
            word.plain in FILLERS or (word.plain in LINKS and text.words[run[-1]].plain in DIGITS)
        ):
            fillers += 1
        else:
            break
        at += 1
    return run


def _digits(text: SeenText, run: list[int]) -> str:
    plains = [text.words[number].plain for number in run]
    said, at = "", 0
    while at < len(plains):
        read = digits(plains, at)
        said += read[0] if read else "".join(c for c in plains[at] if c.isdecimal())
        at += read[1] if read else 1
    return said


def _is_ordinary(text: SeenText, found: LeftNumber, run: list[int]) -> bool:
    plains = [text.words[number].plain for number in run]
    if _are_years(plains):
        return True
    start, end = text.words[found.first].start, text.words[found.last].end
    written = text.text[start:end]
    if _CLOCK.fullmatch(written):
        return True
    if not _WHOLE.fullmatch(written):
        return False
    is_money = text.text[max(start - 1, 0) : start] in {*MONEY}
    is_round = "," in written and written.endswith("000")
    return is_money or is_round


def _are_years(plains: list[str]) -> bool:
    """Whether these words are years one after another and nothing else."""
    at = 0
    while at < len(plains):
        head = plains[at]
        read = year(plains, at)
        if read is not None:
            at += read.size
        elif _DECADE.fullmatch(head) or _is_written_year(head):
            at += 1
        else:
            return False
    return True


def _is_written_year(head: str) -> bool:
    return head.isdecimal() and EARLIEST_YEAR <= int(head) <= LATEST_YEAR
