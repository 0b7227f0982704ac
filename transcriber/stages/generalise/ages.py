"""Ages as bands: fine for children, where a year matters, and open at the top."""

from transcriber.stages.number_words import TENS, cardinal
from transcriber.stages.words import plain_words

AGE_LEVELS = ("ten-years", "five-years", "life-stage")

CHILD_BANDS = ((1, 4), (5, 11), (12, 17), (18, 29))
"""Before school, primary school, secondary school, young adult; then decades."""
OLDEST_BAND = 90
"""From 90 on ages point at single people (HIPAA safe harbour, 45 CFR 164.514(b)(2)(i)(C))."""
LIFE_STAGES = (
    (1, "baby"),
    (5, "pre-school child"),
    (12, "primary-age child"),
    (18, "teenager"),
    (30, "young adult"),
    (65, "adult"),
    (1000, "older adult"),
)
"""The age below which each stage ends, in years."""

AGE_WORDING = (
    rf"under 1|aged \d+-\d+|aged {OLDEST_BAND} or over|{'|'.join(name for _, name in LIFE_STAGES)}"
)

_DECADES = {f"{word[:-1]}ies": value for word, value in TENS.items()}
_IN_ONE_YEAR = {"month": 12, "mth": 12, "week": 52, "wk": 52, "day": 365}


def age_band(text: str, level: str = AGE_LEVELS[0]) -> str | None:
    """Return such as `[under 1]`, `[aged 30-39]`, `[aged 90 or over]`, `[adult]`, or None.

    Levels: `ten-years` has bands for children by school stage, then 18-29, then decades;
    `five-years` has bands of five years from 5 on; `life-stage` has words. All of them have months
    and weeks under one year as one band.
    """
    words = plain_words(text)
    if words[-1:] in (("teens",), ("teen",), ("teenager",)):
        return "[teenager]" if level == "life-stage" else "[aged 13-19]"
    years = _years_of_age(words)
    if years is None:
        return None
    if level == "life-stage":
        return f"[{next(name for below, name in LIFE_STAGES if years < below)}]"
    if years < 1:
        return "[under 1]"
    if years >= OLDEST_BAND:
        return f"[aged {OLDEST_BAND} or over]"
    # `in her forties` names a decade already: five years of it would be invented.
    low, high = _five(years) if level == "five-years" and not _is_decade(words) else _ten(years)
    return f"[aged {low}-{high}]"


def _ten(years: int) -> tuple[int, int]:
    decade = years // 10 * 10
    return next((band for band in CHILD_BANDS if years <= band[1]), (decade, decade + 9))


def _five(years: int) -> tuple[int, int]:
    low = years // 5 * 5
    return max(low, 1), low + 4


def _is_decade(words: tuple[str, ...]) -> bool:
    return any(_decade(word) is not None for word in words)


def _decade(word: str) -> int | None:
    if len(word) == 3 and word[1:] == "0s" and word[0].isdecimal():
        return int(word[:2])
    return _DECADES.get(word)


def _years_of_age(words: tuple[str, ...]) -> int | None:
    for at, word in enumerate(words):
        decade = _decade(word)
        if decade is not None:
            return decade
        number = cardinal(words, at)
        size, value = (number.size, number.value) if number else (1, 1)
        unit = words[at + size].removesuffix("s") if at + size < len(words) else ""
        if number or (word in ("a", "an") and unit in (*_IN_ONE_YEAR, "year")):
            return value // _IN_ONE_YEAR.get(unit, 1)
    return None
