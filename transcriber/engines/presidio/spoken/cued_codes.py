"""Codes of letters and digits that a cue announces, or whose signs are said one by one."""

from collections.abc import Iterator, Set

from transcriber.engines.presidio.spoken.cues import Cue
from transcriber.engines.presidio.spoken.signs import Sign, Style
from transcriber.engines.presidio.spoken.text import Link, Run, SpokenText

REACH, REACH_SHORT = 12, 5
"""Words in which a cue counts, the second for codes of up to four digits."""
FEWEST_SPELT, FEWEST_MIXED = 5, 6
"""Signs of a code without a cue: each said by itself, or some in groups."""
SHORTEST_REPEATED = 5


def cued_code(run: Run, cue: Cue) -> Run | None:
    """Return letters and digits beside a cue, or letters and many digits without one."""
    first, last = run.first, run.last
    while last > first and _is_loose(run, last):
        last -= 1
    while first < last and _is_loose(run, first):
        first += 1
    code = run.part(first, last)
    digits = sum(c.isdigit() or c == "o" for c in code.text)
    letters = len(code.text) - digits
    if not letters or digits < 2 or len(code.text) < 4:
        return None
    near = cue.distance(run.spoken, code, REACH if digits > 4 else REACH_SHORT)
    if near is None:
        near = cue.after(run.spoken, code, REACH_SHORT)
    if near is not None and digits >= 3:
        return code
    return code if digits >= 4 and _is_dictated(code, letters) else None


def _is_dictated(code: Run, letters: int) -> bool:
    singly = all(
        s.style not in (Style.GROUP, Style.WEAK)
        and not (s.style is Style.WRITTEN and len(s.text) == 2)
        for s in code.signs
    )
    spelt = all(s.style in (Style.SINGLE, Style.LETTER) for s in code.signs)
    strong = any(_is_strong_letter(code, sign) for sign in code.signs)
    fewest = FEWEST_SPELT if spelt else FEWEST_MIXED
    dictated = code.linked(Link.TIGHT) and singly and strong and letters <= 4
    return dictated and len(code.text) >= fewest


def _is_strong_letter(run: Run, sign: Sign) -> bool:
    if sign.style is Style.GLUED:
        return sign.text.isalpha() or sign.text[0].isalpha()
    return sign.style is Style.LETTER and sign.text not in ("A", "I")


def _is_loose(run: Run, number: int) -> bool:
    """Whether a sign at the edge of a run may be a word of the sentence."""
    sign = run.spoken.signs[number]
    upper = run.spoken.words[sign.first].text.isupper()
    if sign.style is Style.WEAK or run.spoken.keys[sign.first] == "i":
        return True
    if sign.text == "o" and number == run.first < run.last:
        follows = run.spoken.signs[number + 1]
        return follows.style is not Style.SINGLE or run.spoken.words.gap(sign.last) != " "
    if run.spoken.keys[sign.first] == "a":
        beside = run.spoken.signs[number + 1 : number + 2] if number == run.first else ()
        return not upper and not any(s.style is Style.LETTER for s in beside)
    return sign.text == "o" and number == run.first


def plain_code(code: Run) -> str:
    """Return a code in the form in which mentions of it compare."""
    return code.text.replace("o", "0").casefold()


def repeated(spoken: SpokenText, known: Set[str], taken: set[int]) -> Iterator[Run]:
    """Yield further mentions of known codes, however they are written or said.

    `known` holds codes as `plain_code` gives them; signs in `taken` belong to a number already.
    """
    text = spoken.text.replace("o", "0").casefold()
    for code in sorted(known):
        at = text.find(code) if len(code) >= SHORTEST_REPEATED else -1
        while at >= 0:
            run = _whole_signs(spoken, at, at + len(code))
            if run is not None and taken.isdisjoint(range(run.first, run.last + 1)):
                taken.update(range(run.first, run.last + 1))
                yield run
            at = text.find(code, at + 1)


def _whole_signs(spoken: SpokenText, start: int, end: int) -> Run | None:
    """Return the signs that say `text[start:end]`, None where it cuts one or they lie apart."""
    owners = spoken.owners
    first, last = owners[start], owners[end - 1]
    cut = (start > 0 and owners[start - 1] == first) or (end < len(owners) and owners[end] == last)
    run = Run(spoken, first, last)
    return run if not cut and run.linked(Link.TURN) else None
