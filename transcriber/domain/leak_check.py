"""What the second look at a redacted text found."""

from dataclasses import dataclass
from enum import StrEnum

NOTHING_FOUND = "nothing found by these checks"
"""All that a second look may promise."""


class Verdict(StrEnum):
    """Whether a redacted text may go on; `review` asks a person to look at the places first."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    REVIEW = "review"
    BLOCK = "block"


class Reason(StrEnum):
    """Why a place was pointed out, most harmful first."""

    METADATA = "metadata"
    """A label, code, study name or file name holds a known name."""
    ORIGINAL = "original"
    """A known name, or what was replaced elsewhere, stands there as it was written."""
    PART = "part"
    """A word of something that was replaced elsewhere."""
    SOUND = "sound"
    """It sounds or looks like a known name."""
    REMNANT = "remnant"
    """It stands beside a replacement and looks like the rest of what was replaced."""
    SPELT = "spelt"
    """Letters one by one."""
    ADDRESS = "address"
    """An e-mail, web or user name, or a postcode, by its shape."""
    NUMBER = "number"
    """Four digits or more, written or spoken."""
    FRAGMENT = "fragment"
    """A broken-off word that begins like a known name."""
    CAPITAL = "capital"
    """A capital where ordinary words have none."""
    RARE_WORD = "rare_word"
    """No ordinary word, in a text where capitals mean nothing."""


ORDER = {reason: number for number, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Leak:
    """A place that somebody should look at; `text` is what stands there and stays private.

    `part` is None in the body and otherwise names the header, label or file. `line` counts from 1:
    the turn of a transcript, the line of a document. `start` and `end` are code points in that turn
    or line. `start_ms` is None where there are no times.
    """

    reason: Reason
    verdict: Verdict
    text: str
    line: int
    start: int
    end: int
    part: str | None = None
    start_ms: int | None = None


@dataclass(frozen=True, slots=True)
class LeakCheck:
    """All places of one text, those that block first, then in order of reading."""

    leaks: tuple[Leak, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of any place; PASS without one."""
        found = {leak.verdict for leak in self.leaks}
        return next((v for v in (Verdict.BLOCK, Verdict.REVIEW) if v in found), Verdict.PASS)

    @property
    def blocking(self) -> tuple[Leak, ...]:
        """The places for which nothing may leave."""
        return tuple(leak for leak in self.leaks if leak.verdict is Verdict.BLOCK)

    @property
    def sentence(self) -> str:
        """The verdict for people."""
        match self.verdict:
            case Verdict.PASS:
                return NOTHING_FOUND
            case Verdict.REVIEW:
                return f"{_places(len(self.leaks))} to look at before this goes on"
            case Verdict.BLOCK:
                number = len(self.blocking)
                verb = "shows" if number == 1 else "show"
                return f"{_places(number)} {verb} a known name or number: this must not go on"

    def merged(self, other: "LeakCheck") -> "LeakCheck":
        """Both checks as one."""
        return LeakCheck(in_order((*self.leaks, *other.leaks)))


def in_order(leaks: tuple[Leak, ...]) -> tuple[Leak, ...]:
    """Return every place once: those that block first, then the body in order of reading."""
    return tuple(sorted(dict.fromkeys(leaks), key=_key))


def _key(leak: Leak) -> tuple[bool, bool, str, int, int, int]:
    blocks = leak.verdict is Verdict.BLOCK
    outside = leak.part is not None
    return not blocks, outside, leak.part or "", leak.line, leak.start, ORDER[leak.reason]


def _places(number: int) -> str:
    return "1 place" if number == 1 else f"{number:,} places"
