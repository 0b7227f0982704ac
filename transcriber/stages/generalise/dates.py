"""Dates with less in them: month and year, season and year, year, five years, decade.

A date is never made relative to another (`[two weeks after the interview]`): the policy knows no
day of reference, and a wrong one would be a false statement in the data.
"""

import re
from dataclasses import dataclass

from transcriber.domain.policy import Locale
from transcriber.stages.number_words import MONTHS, TENS, year
from transcriber.stages.words import plain_words

DATE_LEVELS = ("month", "season", "year", "five-years", "decade")

SEASONS = ("winter", "spring", "summer", "autumn")
"""By number of the month: December to February is winter, and so on (northern hemisphere)."""

_MONTH_NUMBERS = {name[:3].casefold(): number for number, name in enumerate(MONTHS, 1)}
_DECADES = {f"{word[:-1]}ies": value for word, value in TENS.items()}
_FEASTS = {"christmas": 12, "xmas": 12, "boxing": 12, "halloween": 10, "thanksgiving": 11}
"""Feasts that always fall into the same month."""
_SEASON_WORDS = {**{name: name for name in SEASONS}, "fall": "autumn", "easter": "spring"}

_YEAR = r"(?:19|20)\d\d"
_SEASON = rf"(?:{'|'.join((*SEASONS, 'fall'))})"
DATE_WORDING = (
    rf"(?:{'|'.join(MONTHS)})(?: {_YEAR})?|{_SEASON}(?: {_YEAR}(?:-\d\d)?)?"
    rf"|{_YEAR}(?:-{_YEAR})?|{_YEAR[:-2]}0s"
)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a date says: any of month (1 to 12), season, year and decade (1980 for the eighties)."""

    month: int | None = None
    season: str | None = None
    year: int | None = None
    decade: int | None = None


def coarser_date(text: str, level: str = DATE_LEVELS[0], locale: Locale = Locale.GB) -> str | None:
    """Return such as `[March 2019]`, `[spring 2019]`, `[2019]`, `[2015-2019]`, `[2010s]`, or None.

    What the text leaves out stays out: `the fourth of May` gives `[May]`, and nothing at the level
    of years. Figures are read day first, in the US month first, the other way round where that
    cannot be. A year of two figures is not read: nobody can tell its century.
    """
    date = _figures(text, locale) or _spoken(plain_words(text))
    match level:
        case "month":
            wording = _month(date, locale)
        case "season":
            wording = _season(date, locale)
        case "year":
            wording = _plain_year(date)
        case _:
            wording = _interval(date, level)
    return f"[{wording}]" if wording else None


def _month(date: _Read, locale: Locale) -> str:
    if date.month is None:
        return _season(date, locale)
    return f"{MONTHS[date.month - 1]} {date.year or ''}".strip()


def _season(date: _Read, locale: Locale) -> str:
    season = SEASONS[date.month % 12 // 3] if date.month else date.season
    if season is None:
        return _plain_year(date)
    shown = "fall" if season == "autumn" and locale is Locale.US else season
    if date.year is None:
        return shown
    if date.month in (12, 1, 2):
        first = date.year if date.month == 12 else date.year - 1
        return f"{shown} {first}-{(first + 1) % 100:02}"
    return f"{shown} {date.year}"


def _plain_year(date: _Read) -> str:
    return str(date.year) if date.year else _decade(date)


def _interval(date: _Read, level: str) -> str:
    if date.year is None or level == "decade":
        return _decade(date)
    low = date.year // 5 * 5
    return f"{low}-{low + 4}"


def _decade(date: _Read) -> str:
    found = date.decade if date.year is None else date.year // 10 * 10
    return f"{found}s" if found else ""


def _figures(text: str, locale: Locale) -> _Read | None:
    if match := re.fullmatch(r"(\d{4})-(\d{2})-\d{2}", text):
        return _in_range(int(match[2]), int(match[1]))
    if match := re.fullmatch(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", text):
        first, second = int(match[1]), int(match[2])
        wanted, other = (first, second) if locale is Locale.US else (second, first)
        return _in_range(wanted if wanted <= 12 else other, int(match[3]))
    if re.fullmatch(r"[\d\s/.-]+", text) and not re.fullmatch(r"\d{4}", text):
        return _Read()
    return None


def _in_range(month: int, year_number: int) -> _Read:
    readable = 1 <= month <= 12 and 1900 <= year_number <= 2099
    return _Read(month=month, year=year_number) if readable else _Read()


def _spoken(words: tuple[str, ...]) -> _Read:
    month = next((found for word in words if (found := _month_number(word))), None)
    season = next((_SEASON_WORDS[word] for word in words if word in _SEASON_WORDS), None)
    decade = next((found for at in range(len(words)) if (found := _decade_at(words, at))), None)
    # Of `March twenty twenty nineteen` the last two words are the year: what ends last counts.
    years = [(at + read.size, read.value) for at in range(len(words)) if (read := year(words, at))]
    last = max((end for end, _ in years), default=0)
    found_year = next((value for end, value in years if end == last), None)
    return _Read(month, season, found_year, decade)


def _month_number(word: str) -> int | None:
    number = _FEASTS.get(word) or _MONTH_NUMBERS.get(word[:3])
    if number is None or word in _FEASTS:
        return number
    return number if len(word) == 3 or word in (MONTHS[number - 1].casefold(), "sept") else None


def _decade_at(words: tuple[str, ...], at: int) -> int | None:
    """Read `1980s`, `80s`, `nineteen eighties`; bare twenties may be of either century."""
    word = words[at]
    figure = re.fullmatch(r"(\d{2}|)(\d)0s", word)
    if figure:
        century, tens = figure[1], int(figure[2]) * 10
        return int(century) * 100 + tens if century else _last_century(tens)
    spoken = _DECADES.get(word)
    if spoken is None:
        return None
    return 1900 + spoken if words[at - 1 : at] == ("nineteen",) else _last_century(spoken)


def _last_century(tens: int) -> int | None:
    return 1900 + tens if tens >= 30 else None
