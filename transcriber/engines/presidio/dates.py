"""Absolute dates, written and spoken; `yesterday` and `two years ago` identify nobody."""

import re
from collections.abc import Iterable, Iterator

from presidio_analyzer import RecognizerResult

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.recogniser import Match, WordRecogniser, left_to_right
from transcriber.stages.number_words import MONTHS, Number, cardinal, ordinal, year
from transcriber.stages.words import TextWords, word_set

MONTH_WORDS = frozenset(m.casefold() for name in MONTHS for m in (name, name[:3])) | {"sept"}
WEEKDAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")
SEASONS = word_set(
    "christmas easter ramadan eid diwali spring summer autumn winter fall term halloween"
)
BEFORE_YEARS = word_set(
    "in since from until till by before after around about early late mid year summer winter "
    "spring autumn fall christmas easter of to and during through"
)
LAST_DAY = 31
NUMERIC = re.compile(
    r"(?<![\w./-])(?:(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})|(\d{4})-(\d{2})-(\d{2}))(?![\w/-])"
)


class DateRecogniser(WordRecogniser):
    """Finds days of the year, months of a year, years, and `Christmas 2019`."""

    types = (EntityType.DATE.value,)
    title = "date"

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: object = None
    ) -> list[RecognizerResult]:
        """Add dates in figures, which are no words, to the others."""
        results = super().analyze(text, entities, nlp_artifacts)
        for match in NUMERIC.finditer(text):
            if _is_date(match):
                results.append(
                    RecognizerResult(EntityType.DATE.value, match.start(), match.end(), 0.9)
                )
        return results

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield dates from left to right."""
        keys = [word.plain for word in words]
        for first, last in left_to_right(len(keys), lambda at: _date_at(words, keys, at)):
            yield Match(EntityType.DATE.value, first, last, 0.9)
        yield from _years(words, keys)


def _is_date(match: re.Match[str]) -> bool:
    first, mark, second, short, _, month, day = match.groups()
    if month:
        return 1 <= int(month) <= 12 and 1 <= int(day) <= LAST_DAY
    if mark == "." and len(short) == 2:
        return False  # a version or a section number
    low, high = sorted((int(first), int(second)))
    return 1 <= low <= 12 and high <= LAST_DAY


def _date_at(words: TextWords, keys: list[str], at: int) -> int | None:
    """Return the last word of the date that begins at `at`."""
    if keys[at] in WEEKDAYS and at + 1 < len(keys) and not words.breaks(at):
        start = at + 2 if keys[at + 1] == "the" else at + 1
        if start < len(keys):
            last = _day_first(keys, start)
            return last if last is not None else _month_first(words, keys, start)
        return None
    day_first = _day_first(keys, at)
    if day_first is not None and not any(words.breaks(n) for n in range(at, day_first)):
        return day_first
    return _month_first(words, keys, at)


def _day_first(keys: list[str], at: int) -> int | None:
    """Read `14 March (2019)` or `the fourteenth of March`."""
    day = ordinal(keys, at) or cardinal(keys, at)
    if day is None or not 1 <= day.value <= LAST_DAY:
        return None
    month = at + day.size
    if month < len(keys) and keys[month] == "of":
        month += 1
    if month >= len(keys) or keys[month] not in MONTH_WORDS:
        return None
    return _with_year(keys, month)


def _month_first(words: TextWords, keys: list[str], at: int) -> int | None:
    """Read `March (the) 14th (2019)`, `March 2019`, `Christmas 2019`."""
    if keys[at] not in MONTH_WORDS and keys[at] not in SEASONS:
        return None
    if words.breaks(at):
        return None
    last = _with_year(keys, at)
    if last > at or keys[at] in SEASONS:
        return last if last > at else None
    day_at = at + 2 if words.plain(at + 1) == "the" else at + 1
    day = ordinal(keys, day_at) or _figure(keys, day_at)
    if day is None or not 1 <= day.value <= LAST_DAY:
        return None
    return _with_year(keys, day_at + day.size - 1)


def _figure(keys: list[str], at: int) -> Number | None:
    number = cardinal(keys, at)
    return number if number and keys[at].isdecimal() and len(keys[at]) <= 2 else None


def _with_year(keys: list[str], last: int) -> int:
    found = year(keys, last + 1)
    return last + found.size if found else last


def _years(words: TextWords, keys: list[str]) -> Iterator[Match]:
    """Yield years that stand alone after a word of time, so that counts are left alone."""
    for at in range(len(keys)):
        found = year(keys, at)
        if found is None or words.plain(at - 1) not in BEFORE_YEARS or words.breaks(at - 1):
            continue
        last = at + found.size - 1
        if any(words.breaks(n) for n in range(at, last)):
            continue
        is_figure = keys[at].isdecimal()
        follows = words.plain(last + 1)
        counted = follows.endswith("s") and words.gap(last) == " " and follows not in ("was", "is")
        if (
            (is_figure and not counted)
            or (found.size > 1 and keys[at : at + 2] != ["two", "thousand"])
            or (found.size > 2 and words.plain(at - 1) in ("in", "since", "until", "till", "by"))
        ):
            yield Match(EntityType.DATE.value, at, last, 0.7)
