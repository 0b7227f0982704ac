"""What reports say alike: where, what, by whom, what became of it, and what was left and why."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from transcriber.domain.finding import Action, Finding
from transcriber.domain.leak_check import Leak, Reason, Verdict
from transcriber.exports.clock import clock

DOUBTFUL_BELOW = 0.5
"""A score under this is a doubt: the finding is there so that somebody decides."""

_SOURCES = {
    "roster": "roster",
    "roster-sound": "roster, by sound",
    "propagated": "named elsewhere in the text",
    "person": "a person",
}
_LEFT = {
    Action.FLAG: "left for you to judge: the policy flags it",
    Action.KEEP: "left: the policy keeps it",
}
WHY = {
    Reason.METADATA: "A label, code or file name holds a known name",
    Reason.ORIGINAL: "A known name or number, as written",
    Reason.PART: "A word of something that was replaced elsewhere",
    Reason.SOUND: "Sounds like a known name",
    Reason.REMNANT: "Looks like the rest of what was replaced beside it",
    Reason.SPELT: "Spelt letter by letter",
    Reason.ADDRESS: "Shaped like an address",
    Reason.NUMBER: "Four digits or more",
    Reason.FRAGMENT: "Broken off, begins like a known name",
    Reason.CAPITAL: "A capital, and no ordinary word",
    Reason.RARE_WORD: "No ordinary word",
}
PERHAPS = "Perhaps a known name, or what was replaced elsewhere"
"""In place of `WHY[Reason.ORIGINAL]` where it does not block."""
VERDICTS = {
    Verdict.PASS: "Pass",
    Verdict.REVIEW: "Review",
    Verdict.BLOCK: "Block",
}


@dataclass(frozen=True)
class Texts:
    """The input by part: `None` is the body. Offsets of findings refer to these."""

    parts: Mapping[str | None, str]

    def context(self, finding: Finding, characters: int) -> tuple[str, str]:
        """Return what stands before and after a finding."""
        text = self.parts.get(finding.part, "")
        return around(text, finding.start, finding.end, characters)


def around(text: str, start: int, end: int, characters: int) -> tuple[str, str]:
    """Return what stands before and after a stretch; an ellipsis says where the text goes on."""
    first, last = max(start - characters, 0), end + characters
    before = ("…" if first else "") + text[first:start]
    return before, text[end:last] + ("…" if last < len(text) else "")


class Lines:
    """Tells in which line of its part a finding stands."""

    def __init__(self, texts: Texts) -> None:
        self._starts = {
            part: [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]
            for part, text in texts.parts.items()
        }

    def where(self, finding: Finding) -> str:
        """Return the time where there is one, else the line, with the part outside the body."""
        if finding.place is not None:
            return clock(finding.place.start_ms)
        line = f"line {self.line(finding):,}"
        return line if finding.part is None else f"{finding.part}, {line}"

    def line(self, finding: Finding) -> int:
        """Return the number of the line, from 1."""
        return bisect_right(self._starts.get(finding.part, [0]), finding.start)


def found_by(finding: Finding) -> str:
    """Say who found it."""
    return _SOURCES.get(finding.source, finding.source)


def became(finding: Finding) -> str:
    """Say what became of it: its replacement, or why it was left."""
    if finding.action in _LEFT:
        return _LEFT[finding.action]
    return finding.replacement or "left: no rule of the policy covers it"


def was_left(finding: Finding) -> bool:
    """Whether the words still stand in the output."""
    return finding.replacement is None or finding.action in _LEFT


def doubtful(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with a low score, lowest first."""
    low = [finding for finding in findings if finding.score < DOUBTFUL_BELOW]
    return sorted(low, key=lambda finding: (finding.score, finding.part or "", finding.start))


def leak_where(leak: Leak) -> str:
    """Say where a place of the second look is, by time where there is one."""
    if leak.reason is Reason.METADATA:
        return leak.part or ""
    if leak.start_ms is not None:
        return clock(leak.start_ms)
    line = f"line {leak.line:,}"
    return line if leak.part is None else f"{leak.part}, {line}"


def leak_where_safe(leak: Leak) -> str:
    """Say the same without names of files inside files, which people choose."""
    if leak.part is None or "!" not in leak.part:
        return leak_where(leak)
    return leak.part.partition("!")[0]
