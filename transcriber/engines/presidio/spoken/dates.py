"""Absolute dates, written and spoken; `yesterday` and `two years ago` identify nobody."""

import re
from collections.abc import Iterable, Iterator

from presidio_analyzer import RecognizerResult

from transcriber.domain.finding import EntityType
from transcriber.domain.policy import Locale
from transcriber.engines.presidio.recogniser import Match, WordRecogniser, left_to_right
from transcriber.engines.presidio.spoken.birth_dates import births
from transcriber.engines.presidio.spoken.counts import NUMERIC_DATE
from transcriber.engines.presidio.spoken.text import SpokenText, spoken_text
from transcriber.stages.number_words import (
    DIGITS,
    MONTHS,
    ORDINALS,
    TEENS,
    TENS,
    Number,
    cardinal,
    ordinal,
    year,
)
from transcriber.stages.words import TextWords, word_set

MONTH_WORDS = frozenset(m.casefold() for name in MONTHS for m in (name, name[:3])) | {"sept"}
MONTHS_LIKE_WORDS = frozenset(["may", "march", "mar", "sep", "dec"])
"""Months that `it may` and `we march` are not: they need more than a number before them."""
WEEKDAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")
SEASONS = word_set(
    "christmas easter ramadan eid diwali spring summer autumn winter fall term halloween"
)
BEFORE_YEARS = word_set(
    "in since from until till by before after around about early late mid year summer winter "
    "spring autumn fall christmas easter of to and during through born dob back"
)
NOT_COUNTED = word_set("was is onwards this as yes perhaps always its thats plus us")
"""Words in `s` after a year that are nothing it counts."""
TURNS_OF_LIFE = word_set(
    "came arrived born moved married started retired left died emigrated joined qualified opened "
    "shut closed settled bought landed"
)
COUNTED = word_set("people quid percent euro of or pound dollar odd each")
EARLIEST_PLAIN, LATEST_PLAIN = 1910, 2029
"""Years that need no word of time before them when they are said in words."""
_PAUSE = re.compile(r"[.!?](?:\s|$)")
SHORT_YEAR = re.compile(
    r"(?<![\w'\u2019])['\u2019]\d\d(?![\w'\u2019])(?![^\n'\u2019]*['\u2019](?!\w))"
)
"""`'93`: the sign stands for the century, and opens no quotation."""
DECADES = frozenset(f"{word[:-1]}ies" for word in TENS) | {f"{n}0s" for n in range(2, 10)}
YEAR_STARTS = frozenset(["two", "nineteen", "twenty"])
DATE_STARTS = MONTH_WORDS | WEEKDAYS | SEASONS | ORDINALS | frozenset([*DIGITS, *TEENS, *TENS, "a"])
LAST_DAY = 31
YEARS_OF_A_CENTURY = range(20, 100)
"""Two figures that say a year behind a month and `of`: `June of twenty seven`."""
SHORT_YEARS = range(30, 100)
"""Two figures that say a year after a day and a month: `third of April sixty two`."""


class DateRecogniser(WordRecogniser):
    """Finds days of the year, months of a year, years, decades and `Christmas 2019`."""

    types = (EntityType.DATE.value,)
    title = "date"

    def __init__(self, locale: Locale = Locale.GB) -> None:
        super().__init__()
        self._locale = locale

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: object = None
    ) -> list[RecognizerResult]:
        """Add dates in figures, which are no words, to the others."""
        results = super().analyze(text, entities, nlp_artifacts)
        results += [
            RecognizerResult(EntityType.DATE.value, match.start(), match.end(), 0.7)
            for match in SHORT_YEAR.finditer(text)
        ]
        for match in NUMERIC_DATE.finditer(text):
            if _is_date(match):
                results.append(
                    RecognizerResult(EntityType.DATE.value, match.start(), match.end(), 0.9)
                )
        return results

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield dates from left to right, then those of birth said in numbers, then years."""
        spoken = spoken_text(words)
        kept = [number for number in range(len(words)) if number not in spoken.quiet]
        view = _View(spoken, kept)
        for first, last in left_to_right(len(kept), view.date_end):
            yield from _pieces(spoken, kept[first], kept[last])
        for first, last in births(spoken, self._locale):
            yield from _pieces(spoken, first, last)
        yield from _years(spoken)


def _is_date(match: re.Match[str]) -> bool:
    first, mark, second, short, _, month, day = match.groups()
    if month:
        return 1 <= int(month) <= 12 and 1 <= int(day) <= LAST_DAY
    if mark == "." and len(short) == 2:
        return False  # a version or a section number
    low, high = sorted((int(first), int(second)))
    return 1 <= low <= 12 and high <= LAST_DAY


def _pieces(spoken: SpokenText, first: int, last: int) -> Iterator[Match]:
    """Yield a date line by line, without what a listener said in between."""
    start: int | None = None
    for number in range(first, last + 2):
        said = number <= last and number not in spoken.labels
        said = said and (number not in spoken.quiet or start is not None)
        if start is not None and (not said or spoken.words.breaks(number - 1)):
            yield Match(EntityType.DATE.value, start, number - 1, 0.9)
            start = None
        if start is None and said and number not in spoken.quiet:
            start = number


class _View:
    """The words of a text without hesitations and a listener's turns."""

    def __init__(self, spoken: SpokenText, kept: list[int]) -> None:
        self._words = spoken.words
        self._kept = kept
        self._keys = [spoken.keys[number] for number in kept]

    def date_end(self, at: int) -> int | None:
        """Return the last word of the date that begins at `at`."""
        keys = self._keys
        start = at
        if keys[at] not in DATE_STARTS and not keys[at][0].isdecimal():
            return None
        if keys[at] in WEEKDAYS and at + 1 < len(keys) and not self._breaks(at):
            start = at + 2 if keys[at + 1] == "the" else at + 1
            if start >= len(keys):
                return None
        day_first = self._day_first(start)
        if day_first is not None and self._holds(start, day_first):
            return day_first
        month_first = self._month_first(start)
        return month_first if month_first is not None and self._holds(start, month_first) else None

    def _breaks(self, at: int) -> bool:
        """Whether a line ends before the next kept word."""
        if at + 1 >= len(self._kept):
            return True
        return any(self._words.breaks(n) for n in range(self._kept[at], self._kept[at + 1]))

    def _ahead(self, at: int) -> list[str]:
        """The words from one on that may say a year, as far as its line goes."""
        end = at
        while end < min(at + 5, len(self._keys) - 1) and not self._breaks(end):
            end += 1
        return self._keys[at : end + 1]

    def _holds(self, first: int, last: int) -> bool:
        """Whether a date stands on one line, or is broken off once where it must go on."""
        breaks = [at for at in range(first, last) if self._breaks(at)]
        if not breaks:
            return True
        return len(breaks) == 1 and self._keys[breaks[0]] in ("of", "the", *MONTH_WORDS)

    def _day_first(self, at: int) -> int | None:
        """Read `14 March (2019)` or `the fourteenth of March (sixty two)`."""
        keys = self._keys
        day = ordinal(keys, at)
        number = day or cardinal(keys, at)
        if number is None or not 1 <= number.value <= LAST_DAY:
            return None
        month = at + number.size
        linked = month < len(keys) and keys[month] == "of"
        month += linked
        if month >= len(keys) or keys[month] not in MONTH_WORDS:
            return None
        last = self._with_year(month, short=True)
        doubtful = keys[month] in MONTHS_LIKE_WORDS and not (day or linked or last > month)
        if doubtful and not (keys[at].isdecimal() and self._is_month_name(month)):
            return None
        return last

    def _is_month_name(self, at: int) -> bool:
        return self._words[self._kept[at]].capitalised

    def _month_first(self, at: int) -> int | None:
        """Read `March (the) 14th (2019)`, `March (of) 2019`, `Christmas 2019`."""
        keys = self._keys
        if keys[at] not in MONTH_WORDS and keys[at] not in SEASONS:
            return None
        if self._breaks(at):
            return None
        last = self._with_year(at, short=False)
        if last > at or keys[at] in SEASONS:
            return last if last > at else None
        day_at = at + 2 if keys[at + 1 : at + 2] == ["the"] else at + 1
        day = ordinal(keys, day_at) or _figure(keys, day_at)
        if day is None or not 1 <= day.value <= LAST_DAY:
            return None
        return self._with_year(day_at + day.size - 1, short=True)

    def _with_year(self, last: int, short: bool) -> int:
        keys = self._keys
        follows = last + 1 + (keys[last + 1 : last + 2] == ["of"])
        found = year(self._ahead(follows), 0)
        if found:
            return follows + found.size - 1
        of = follows > last + 1
        brief = cardinal(self._ahead(follows), 0) if short or of else None
        years = YEARS_OF_A_CENTURY if of else SHORT_YEARS
        if brief is None or brief.value not in years or self._breaks(last):
            return last
        after = follows + brief.size
        counted = after < len(keys) and keys[after].endswith("s") and not self._breaks(after - 1)
        return last if counted and keys[after] not in NOT_COUNTED else after - 1


def _figure(keys: list[str], at: int) -> Number | None:
    number = cardinal(keys, at)
    return number if number and keys[at].isdecimal() and len(keys[at]) <= 2 else None


def _years(spoken: SpokenText) -> Iterator[Match]:
    """Yield years after a word of time or at the start of an answer, so that counts are left."""
    words, keys = spoken.words, spoken.keys
    for at, key in enumerate(keys):
        if key in DECADES and _in_decade(words, keys, at):
            yield Match(EntityType.DATE.value, at, at, 0.7)
        if key in TENS and (last_of_brief := _brief_year(words, spoken.ahead(at), at)):
            yield Match(EntityType.DATE.value, at, last_of_brief, 0.6)
        if key not in YEAR_STARTS and not key[0].isdecimal():
            continue
        found = year(spoken.ahead(at), 0) if at not in spoken.labels else None
        if found is None:
            continue
        last = at + found.size - 1
        begins = _answers(spoken, at, last)
        led = words.plain(at - 1) in BEFORE_YEARS and not words.breaks(at - 1)
        if (
            begins
            or (led and _is_year(words, keys, at, found.size))
            or _is_plainly_year(words, at, found)
        ):
            yield Match(EntityType.DATE.value, at, last, 0.7)


def _brief_year(words: TextWords, ahead: list[str], at: int) -> int | None:
    """Return the last word of `came in seventy two`, `Since fifty nine`."""
    near = {words.plain(n) for n in range(max(at - 6, 0), at)}
    led = words.plain(at - 1) in ("in", "since") and not near.isdisjoint(TURNS_OF_LIFE)
    answers = words.plain(at - 1) == "since" and words.starts_sentence(at - 1)
    found = cardinal(ahead, 0)
    if not (led or (answers and words.cased) or (found and _to_a_year(ahead, found.size))):
        return None
    if found is None or found.size != 2 or found.value not in SHORT_YEARS:
        return None
    last = at + found.size - 1
    follows = words.plain(last + 1)
    counted = follows.endswith("s") and words.gap(last) == " " and follows not in NOT_COUNTED
    return None if counted else last


def _to_a_year(ahead: list[str], behind: int) -> bool:
    """Whether `to (about) two thousand and four` follows."""
    at = behind + 1 + (ahead[behind + 1 : behind + 2] == ["about"])
    return ahead[behind : behind + 1] in (["to"], ["until"], ["till"]) and bool(year(ahead, at))


def _is_plainly_year(words: TextWords, at: int, found: Number) -> bool:
    """Tell `nineteen eighty eight` and `two thousand and eighteen`, which nobody counts to.

    In figures a year that is a sentence by itself is one.
    """
    last = at + found.size - 1
    if words.plain(at).isdecimal():
        alone = _PAUSE.match(words.gap(at - 1)) if at else None
        return bool(alone) and _PAUSE.match(words.gap(last)) is not None
    if any(words.gap(n) not in (" ", "-") for n in range(at, last)):
        return False
    rounded = words.plain(at) == "two" and found.size == 2
    amid_digits = words.plain(at - 1) in DIGITS or words.plain(last + 1) in DIGITS
    if rounded or amid_digits or not EARLIEST_PLAIN <= found.value <= LATEST_PLAIN:
        return False
    follows = words.plain(last + 1)
    plural = follows.endswith("s") and follows not in NOT_COUNTED
    return words.gap(last) != " " or not (plural or follows in COUNTED)


def _in_decade(words: TextWords, keys: list[str], at: int) -> bool:
    """`in the fifties`, `the late 80s`: not `my forties`, which is an age."""
    before = at - 1 if keys[at - 1 : at] not in (["early"], ["late"], ["mid"]) else at - 2
    return before > 0 and keys[before] == "the" and not words.breaks(at - 1)


def _answers(spoken: SpokenText, at: int, last: int) -> bool:
    """Whether a year opens a turn and a pause follows it."""
    opens = at == 0 or spoken.words.breaks(at - 1) or at - 1 in spoken.labels
    return opens and spoken.words.gap(last)[:1] in (".", ",")


def _is_year(words: TextWords, keys: list[str], at: int, size: int) -> bool:
    before, last = words.plain(at - 1), at + size - 1
    follows = words.plain(last + 1)
    counted = follows.endswith("s") and words.gap(last) == " " and follows not in NOT_COUNTED
    return (
        (keys[at].isdecimal() and not counted)
        or (size > 1 and keys[at : at + 2] != ["two", "thousand"])
        or (size > 2 and before in ("in", "since", "until", "till", "by", "born", "of", "from"))
        or (before == "born")
    )
