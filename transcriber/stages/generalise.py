"""Coarser instead of gone: an age becomes a band, a date its month and year."""

import re

from transcriber.domain.finding import EntityType
from transcriber.stages.number_words import MONTHS, TENS, cardinal, year
from transcriber.stages.words import plain_words

GENERALISED = frozenset({EntityType.AGE, EntityType.DATE})
"""Types that a policy may generalise."""

CHILD_BANDS = ((1, 4), (5, 11), (12, 17), (18, 29))
"""Before school, primary school, secondary school, young adult; then decades."""
OLDEST_BAND = 90
"""From 90 on ages point at single people (HIPAA safe harbour, 45 CFR 164.514(b)(2)(i)(C))."""

_MONTHS = {name[:3].casefold(): name for name in MONTHS}
_DECADES = {f"{word[:-1]}ies": value for word, value in TENS.items()}
_SMALL_UNITS = {"month": 12, "week": 52, "day": 365}


def generalised(entity_type: EntityType, text: str) -> str | None:
    """Return the coarser wording in square brackets, None when the text cannot be read."""
    match entity_type:
        case EntityType.AGE:
            return age_band(text)
        case EntityType.DATE:
            return month_and_year(text)
        case _:
            return None


def age_band(text: str) -> str | None:
    """Return `[under 1]`, `[aged 5-11]`, `[aged 30-39]`, `[aged 90 or over]`, or None."""
    words = plain_words(text)
    years = _years_of_age(words)
    if years is None:
        return None
    if years < 1:
        return "[under 1]"
    if years >= OLDEST_BAND:
        return f"[aged {OLDEST_BAND} or over]"
    for low, high in CHILD_BANDS:
        if low <= years <= high:
            return f"[aged {low}-{high}]"
    low = years // 10 * 10
    return f"[aged {low}-{low + 9}]"


def _years_of_age(words: tuple[str, ...]) -> int | None:
    for at, word in enumerate(words):
        if word in _DECADES:
            return _DECADES[word]
        if len(word) == 3 and word[1:] == "0s" and word[0].isdecimal():
            return int(word[:2])
        number = cardinal(words, at)
        if number:
            unit = words[at + number.size] if at + number.size < len(words) else ""
            return number.value // _SMALL_UNITS.get(unit.removesuffix("s"), 1)
    return None


def month_and_year(text: str) -> str | None:
    """Return `[March 2019]`, `[March]` or `[2019]`, or None. Figures are read day first (UK)."""
    if match := re.fullmatch(r"(\d{4})-(\d{2})-\d{2}", text):
        return _bracketed(int(match[2]), match[1])
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        day_first = int(match[2]) <= 12
        return _bracketed(int(match[2 if day_first else 1]), match[3])
    words = plain_words(text)
    found = next((read for at in range(len(words)) if (read := year(words, at))), None)
    month = next((_MONTHS[w[:3]] for w in words if _is_month(w)), "")
    parts = [part for part in (month, str(found.value) if found else "") if part]
    return f"[{' '.join(parts)}]" if parts else None


def _is_month(word: str) -> bool:
    name = _MONTHS.get(word[:3])
    return name is not None and (len(word) == 3 or word in (name.casefold(), "sept"))


def _bracketed(month: int, year_text: str) -> str | None:
    return f"[{MONTHS[month - 1]} {year_text}]" if 1 <= month <= 12 else None
