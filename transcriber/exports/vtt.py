"""WebVTT (W3C): the marks as NOTE comments, then cues with voices."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn, Token
from transcriber.exports.wording import marks, prepared_turns

LONGEST_CUE_MS = 10_000
"""A reader follows a subtitle no longer than this."""

PAUSE_MS = 1_500
"""Silence after which the next words get a cue of their own."""


@dataclass(frozen=True, slots=True)
class _Cue:
    label: str
    text: str
    start_ms: int
    end_ms: int


def write_vtt(transcript: RedactedTranscript) -> bytes:
    """Write UTF-8 WebVTT whose cues start one after another and last 1 ms to 10 s.

    Raises ValueError for a label that is not capitals, digits and underscores.
    """
    # One-line notes: Taguette fails on a NOTE that stands alone on its line.
    blocks = ["WEBVTT", *(f"NOTE {mark}" for mark in marks(transcript))]
    cues = [cue for turn in prepared_turns(transcript) for cue in _cues(turn)]
    for cue in _one_after_another(cues):
        times = f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}"
        blocks.append(f"{times}\n<v {cue.label}>{_escaped(cue.text)}")
    return ("\n\n".join(blocks) + "\n").encode()


def _cues(turn: RedactedTurn) -> Iterator[_Cue]:
    """Split a turn at token borders; its cues start in the order of its tokens."""
    earliest = 0
    for group in _groups(turn.tokens):
        start = max(group[0].start_ms, earliest)
        earliest = start + 1
        end = max(token.end_ms for token in group)
        yield _Cue(turn.label, " ".join(token.text for token in group), start, end)


def _groups(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    for token in tokens:
        if group and (
            token.end_ms - group[0].start_ms > LONGEST_CUE_MS
            or token.start_ms - group[-1].end_ms > PAUSE_MS
        ):
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _one_after_another(cues: Iterable[_Cue]) -> Iterator[_Cue]:
    """Order cues by start, as WebVTT requires; cues that start together move 1 ms apart."""
    last = -1
    for cue in sorted(cues, key=lambda cue: cue.start_ms):
        start = max(cue.start_ms, last + 1)
        end = min(max(cue.end_ms, start + 1), start + LONGEST_CUE_MS)
        yield replace(cue, start_ms=start, end_ms=end)
        last = start


def _clock(ms: int) -> str:
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
