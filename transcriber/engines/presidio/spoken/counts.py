"""Ordinary talk with numbers: counting, amounts, years, dates, lists; none of it names anybody."""

import re
from itertools import pairwise

from transcriber.engines.presidio.spoken.signs import Style
from transcriber.engines.presidio.spoken.text import Link, Run
from transcriber.stages.number_words import EARLIEST_YEAR, LATEST_YEAR

NUMERIC_DATE = re.compile(
    r"(?<![\w./-])(?:(\d{1,2})( ?[/.-] ?)(\d{1,2})\2(\d{4}|\d{2})|(\d{4})-(\d{2})-(\d{2}))"
    r"(?![\w/-])"
)
"""A date in figures, with a stroke, stop or hyphen, year first or last."""
LONG_COUNT = 6
"""Steps of one after which even part of a run is somebody counting."""
MOST_DIGITS = 20
"""Of one sign that are read: nobody counts further, and Python reads no more than 4,300."""
_MONEY = ("£", "$", "€", "#")


def is_count(run: Run, digits: str, cued: bool) -> bool:
    """Tell whether six or more digits in a row were counted rather than given to somebody."""
    before = run.spoken.words.text[: run.spoken.words[run.signs[0].first].start][-3:].rstrip()
    if (
        before.endswith(_MONEY)
        or counts_on(run)
        or _is_list(run, digits)
        or _is_dates(run)
        or _is_thousands(run, cued)
    ):
        return True
    return not cued and not _is_dictation(run, digits)


def counts_on(run: Run) -> bool:
    """`one two three four five six`, `ten twenty thirty`, `ten nine eight`."""
    if counts_throughout(run):
        return True
    rising = 0
    for before, after in pairwise(_values(run)):
        rising = rising + 1 if after - before == 1 else 0
        if rising >= LONG_COUNT:
            return True
    return False


def counts_throughout(run: Run) -> bool:
    """Whether all of a run goes up or down in equal steps."""
    values = _values(run)
    steps = {b - a for a, b in pairwise(values)}
    return len(values) > 2 and len(steps) == 1 and steps != {0}


def _values(run: Run) -> list[int]:
    return [int(sign.text[:MOST_DIGITS].replace("o", "0") or 0) for sign in run.signs]


def _is_list(run: Run, digits: str) -> bool:
    """`38, 42, 55 and 61`, `six thousand four hundred`: values, none of them a digit."""
    if digits[0] == "0" or is_health_number(digits):
        return False
    if all(s.style is Style.GROUP for s in run.signs) and any(
        s.text.endswith("00") for s in run.signs
    ):
        return True
    steps = [
        int(b.text) - int(a.text)
        for a, b in pairwise(run.signs)
        if a.style is Style.GROUP and b.style is Style.GROUP
    ]
    if any(pair == (1, 1) for pair in pairwise(steps)):
        return True
    small = all(s.style in (Style.WRITTEN, Style.GROUP) and len(s.text) <= 2 for s in run.signs)
    gaps = [run.spoken.words.gap(sign.last) for sign in run.signs[:-1]]
    pairs = any(len(sign.text) == 2 for sign in run.signs)
    return small and pairs and all("," in gap for gap in gaps)


def _is_dates(run: Run) -> bool:
    """Tell a list of years or of dates in figures."""
    if any(sign.style is not Style.WRITTEN for sign in run.signs):
        return False
    text = run.spoken.words.text
    written = " ".join(
        text[run.spoken.words[a].start : run.spoken.words[z].end] for a, z in run.pieces()
    )
    dates_only = not any(c.isdecimal() for c in NUMERIC_DATE.sub("", written))
    return dates_only or all(_is_year(sign.text) for sign in run.signs)


def _is_year(figure: str) -> bool:
    return len(figure) == 4 and EARLIEST_YEAR <= int(figure) <= LATEST_YEAR


def _is_thousands(run: Run, cued: bool) -> bool:
    """`1,200,000`, where no space follows the commas."""
    figures = [sign.text for sign in run.signs if sign.style is Style.WRITTEN]
    if len(figures) != len(run.signs) or len(figures) < 2 or len(figures[0]) > 3:
        return False
    gaps = {run.spoken.words.gap(sign.last) for sign in run.signs[:-1]}
    commas = gaps == {","} or (gaps == {" "} and not cued and len(figures) == 2)
    return commas and all(len(figure) == 3 for figure in figures[1:]) and figures[0][0] != "0"


def _is_dictation(run: Run, digits: str) -> bool:
    """Whether the way digits are grouped or said shows that somebody dictates them."""
    singles = sum(len(sign.text) for sign in run.signs if sign.style is Style.SINGLE)
    written = [sign.text for sign in run.signs if sign.style is Style.WRITTEN]
    longest = max((len(figure) for figure in written), default=0)
    if longest >= 6 or (longest >= 5 and digits[0] == "0"):
        return True
    if digits[0] == "0" and len(digits) >= 7:
        return run.linked(Link.TURN)
    in_groups = len(written) > 1 and all(len(figure) >= 3 for figure in written)
    ten = len(digits) == 10 and (is_health_number(digits) or in_groups)
    return (
        ten
        or singles >= 5
        or (singles >= 3 and len(digits) >= 7 and singles * 2 >= len(digits))
        or (in_groups and len(digits) >= 7)
        or _one_by_one(written)
    )


def _one_by_one(figures: list[str]) -> bool:
    """`0, 7, 9, 1, 1`: figures of one digit each."""
    return len(figures) >= 6 and all(len(figure) == 1 for figure in figures)


def is_health_number(digits: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number (modulus 11)."""
    if len(digits) != 10 or not digits.isdecimal():
        return False
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return (11 - remainder) % 11 == int(digits[9])
