"""Dates of birth said in numbers: `oh three oh four eighty four`, `third of the fourth eighty`."""

from collections.abc import Iterator

from transcriber.domain.policy import Locale
from transcriber.engines.presidio.spoken.cues import Cue
from transcriber.engines.presidio.spoken.text import Link, Run, SpokenText
from transcriber.stages.number_words import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    ORDINALS,
    cardinal,
    ordinal,
    year,
)

BIRTH_CUE = Cue("birth dob born birthday", ("d o b",))
REACH = 6
LAST_DAY, LAST_MONTH = 31, 12
MOST_SIGNS = 8


def births(spoken: SpokenText, locale: Locale) -> Iterator[tuple[int, int]]:
    """Yield first and last word of each date that is said as day, month and year in numbers."""
    yield from _ordinal_months(spoken)
    for run in spoken.runs():
        found = _in_digits(run, locale)
        if found is not None:
            yield found.signs[0].first, found.signs[-1].last


def _in_digits(run: Run, locale: Locale) -> Run | None:
    """Return the longest start of a run after a cue that reads as a date."""
    if not run.signs[0].digits or not BIRTH_CUE.before(run.spoken, run, REACH):
        return None
    for last in range(min(run.last, run.first + MOST_SIGNS - 1), run.first, -1):
        part = run.part(run.first, last)
        if all(sign.digits for sign in part.signs) and part.linked(Link.TURN):
            values = [sign.text.replace("o", "0") for sign in part.signs]
            if _reads_as_date(values, locale):
                return part
    return None


def _reads_as_date(values: list[str], locale: Locale) -> bool:
    """Whether digits part into day, month and a year of two or four digits."""
    digits = "".join(values)
    for day_size in (1, 2):
        for month_size in (1, 2):
            rest = digits[day_size + month_size :]
            if len(rest) not in (2, 4) or day_size + month_size > len(digits):
                continue
            day, month = int(digits[:day_size]), int(digits[day_size:][:month_size])
            if locale is Locale.US:
                day, month = month, day
            whole = len(rest) == 2 or EARLIEST_YEAR <= int(rest) <= LATEST_YEAR
            if 1 <= day <= LAST_DAY and 1 <= month <= LAST_MONTH and whole:
                return True
    return False


def _ordinal_months(spoken: SpokenText) -> Iterator[tuple[int, int]]:
    """Read `third of the fourth (eighty four)`; without a year only beside a cue."""
    keys = spoken.keys
    for at in range(len(keys)):
        if keys[at] not in ORDINALS and not keys[at][0].isdecimal():
            continue
        day = ordinal(keys, at)
        if day is None or not 1 <= day.value <= LAST_DAY:
            continue
        middle = at + day.size
        if keys[middle : middle + 2] != ["of", "the"]:
            continue
        month = ordinal(keys, middle + 2)
        if month is None or not 1 <= month.value <= LAST_MONTH:
            continue
        last = middle + 1 + month.size
        if any(spoken.words.breaks(n) for n in range(at, last)):
            continue
        short = cardinal(keys, last + 1)
        found = year(keys, last + 1) or (short if short and 10 <= short.value < 100 else None)
        if found and not spoken.words.breaks(last):
            yield at, last + found.size
        elif any(key in ("birth", "dob", "born", "birthday") for key in keys[max(at - 6, 0) : at]):
            yield at, last
