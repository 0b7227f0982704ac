"""The sentence around a finding, also where nobody wrote a stop; and how it reads redacted."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from transcriber.domain.finding import Finding
from transcriber.domain.residual_risk import Talk

STOP = re.compile(r"[.!?…]+[\"'\u2019\u201d)\]]*(?=\s|$)|\n")
_WORD = re.compile(r"\S+")
LONGEST_WORDS = 40
"""A sentence with more words than this is cut around what is looked at."""
REACH_WORDS = 16
"""Words kept on each side of it then."""


class Windows:
    """Sentences of a talk: `around` answers offsets that cut no word and no finding."""

    def __init__(self, talk: Talk, findings: Sequence[Finding]) -> None:
        self._text = talk.text
        edges = {0, len(talk.text)}
        for turn in talk.turns:
            edges |= {turn.start, turn.end}
            edges |= {m.end() for m in STOP.finditer(talk.text, turn.start, turn.end)}
        covered = sorted((f.start, f.end) for f in findings)
        starts = [start for start, _ in covered]
        # A stop inside a finding (`St. Mary's`) ends no sentence.
        self._edges = sorted(edge for edge in edges if not _inside(edge, starts, covered))

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of the sentence that holds `text[start:end]`, white space left out."""
        at = bisect_right(self._edges, start)
        first = self._edges[at - 1] if at else 0
        last = self._edges[at] if at < len(self._edges) else len(self._text)
        last = max(last, end)
        words = list(_WORD.finditer(self._text, first, last))
        if len(words) > LONGEST_WORDS:
            near = [n for n, word in enumerate(words) if word.end() > start and word.start() < end]
            words = words[max(near[0] - REACH_WORDS, 0) : near[-1] + REACH_WORDS + 1]
        return (words[0].start(), words[-1].end()) if words else (start, end)


def redacted_stretch(text: str, span: tuple[int, int], findings: Sequence[Finding]) -> str:
    """Return `text[span]` as the redacted text has it, with `…` where a sentence was cut."""
    start, end = span
    pieces, position = [], start
    for finding in findings:
        if finding.replacement is None or finding.end <= position or finding.start >= end:
            continue
        pieces += [text[position : max(finding.start, position)], finding.replacement]
        position = min(finding.end, end)
    pieces.append(text[position:end])
    before = "" if _begins(text, start) else "…"
    after = "" if _ends(text, end) else "…"
    return f"{before}{' '.join(''.join(pieces).split())}{after}"


def _begins(text: str, start: int) -> bool:
    before = text[max(start - 4, 0) : start].rstrip(" ")
    return not before or before[-1] in ".!?…\n:\"'\u201d\u2019"


def _ends(text: str, end: int) -> bool:
    return text[end - 1 : end] in tuple(".!?…\"'\u201d\u2019") or text[end : end + 1] in ("", "\n")


def _inside(edge: int, starts: Sequence[int], covered: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(starts, edge) - 1
    return at >= 0 and covered[at][0] < edge < covered[at][1]
