"""Codes of letters and digits by their shape: National Insurance, PPS, car registrations."""

import re
from collections.abc import Iterator

from transcriber.domain.policy import Locale
from transcriber.engines.presidio.spoken.cues import Cue
from transcriber.engines.presidio.spoken.signs import Style
from transcriber.engines.presidio.spoken.text import Run, SpokenText

INSURANCE = re.compile(r"[A-CEGHJ-PR-TW-Z][A-Zo][\do]{6}[A-D]")
"""Two letters, six digits and a letter (HMRC manual NIM39110)."""
PPS = re.compile(r"[\do]{7}[A-W][A-IW]?")
"""Seven digits and one or two letters (Department of Social Protection)."""
PLATE = re.compile(r"[A-HJ-PR-Y][A-HJ-Yo][\do]{2}[A-HJ-PR-Z]{3}")
"""British registrations since 2001 (DVLA INF104)."""
OLD_PLATE = re.compile(
    r"[A-HJ-NPR-TV-Y][\do]{1,3}[A-HJ-PR-Yo]{3}|[A-HJ-PR-Yo]{3}[\do]{1,3}[A-HJ-NPR-TV-Y]"
    r"|[A-Z]{1,3}[\do]{1,4}|[\do]{1,4}[A-Z]{1,3}"
)
IRISH_PLATE = re.compile(
    r"[\do]{2,3}(?:CE|CN|CW|DL|KE|KK|KY|LD|LH|LK|LM|LS|MH|MN|MO|M[oO]|OY|oY|RN|SO|So|TN|TS|WD|WH"
    r"|WW|WX|C|D|G|L|T|W)[\do]{1,6}"
)
PLATE_CUE = Cue(
    "reg registration plate plates numberplate registered registrations car van vrn",
    ("number plate", "licence plate", "license plate"),
)
PPS_CUE = Cue("pps ppsn", ("p p s", "p p s n", "pps number"))
LONGEST = 12


def longest_codes(run: Run, shape: re.Pattern[str], longest: int) -> Iterator[Run]:
    """Yield from left to right the longest codes of this shape that begin and end with signs."""
    signs = run.spoken.signs
    at = run.first
    while at <= run.last:
        text, found = "", None
        for last in range(at, run.last + 1):
            text += signs[last].text
            if len(text) > longest:
                break
            if shape.fullmatch(text):
                found = last
        if found is not None:
            # `a b for alpha bravo`: what explains the last letters goes with them.
            while found < run.last and signs[found + 1].style is Style.SILENT:
                found += 1
            yield run.part(at, found)
            at = found
        at += 1


def shaped_codes(spoken: SpokenText, locale: Locale) -> Iterator[tuple[Run, float]]:
    """Yield national numbers and registrations with their scores, the longest first."""
    found = list(_shaped(spoken, locale))
    yield from sorted(found, key=lambda code: -len(code[0].text))


def _shaped(spoken: SpokenText, locale: Locale) -> Iterator[tuple[Run, float]]:
    for run in spoken.runs():
        if len(run.text) < 3:
            continue
        for code in longest_codes(run, INSURANCE, 9):
            if _is_dictated(code):
                yield code, 0.9
        for code in longest_codes(run, PPS, 9):
            cued = PPS_CUE.before(spoken, code, 12) or PPS_CUE.after(spoken, code, 5)
            if not cued and code.first > run.first and spoken.signs[code.first - 1].digits:
                continue
            if _is_dictated(code) and (cued or locale is Locale.IE):
                yield code, 0.9
        yield from _plates(run)


def _plates(run: Run) -> Iterator[tuple[Run, float]]:
    for code in longest_codes(run, PLATE, 7):
        if _is_dictated(code):
            yield code, 0.85
    for shape in (OLD_PLATE, IRISH_PLATE):
        for code in longest_codes(run, shape, LONGEST):
            cued = PLATE_CUE.distance(run.spoken, code, 8)
            if len(code.text) >= 4 and cued is not None and _is_dictated(code):
                yield code, 0.85


def _is_dictated(code: Run) -> bool:
    """Whether most of its letters are plain ones, not words that sound like letters."""
    weak = sum(sign.style is Style.WEAK for sign in code.signs)
    strong = sum(sign.style in (Style.LETTER, Style.GLUED) for sign in code.signs)
    last = code.signs[-1]
    lone_article = (
        code.spoken.keys[last.first] in ("a", "i")
        and code.spoken.words[last.first].text != "A"
        and strong == 1
    )
    return weak < strong and not lone_article
