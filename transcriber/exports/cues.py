"""A transcript cut into subtitles, each of one speaker and in the order in which they start."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn, Token
from transcriber.exports.wording import prepared_turns

LONGEST_CUE_MS = 10_000
"""A reader follows a subtitle no longer than this."""

PAUSE_MS = 1_500
"""Silence after which the next words get a cue of their own."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What one speaker says within a few seconds; lasts 1 ms to `LONGEST_CUE_MS`."""

    label: str
    text: str
    start_ms: int
    end_ms: int


def cues_of(transcript: RedactedTranscript) -> tuple[Cue, ...]:
    """Return cues of which no two start together. Raises ValueError for a label that is none."""
    cues = [cue for turn in prepared_turns(transcript) for cue in _cues(turn)]
    return tuple(_one_after_another(cues))


def _cues(turn: RedactedTurn) -> Iterator[Cue]:
    """Split a turn at token borders; its cues start in the order of its tokens."""
    earliest = 0
    for group in _groups(turn.tokens):
        start = max(group[0].start_ms, earliest)
        earliest = start + 1
        end = max(token.end_ms for token in group)
        yield Cue(turn.label, " ".join(token.text for token in group), start, end)


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


def _one_after_another(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Order cues by start, as WebVTT requires; cues that start together move 1 ms apart."""
    last = -1
    for cue in sorted(cues, key=lambda cue: cue.start_ms):
        start = max(cue.start_ms, last + 1)
        end = min(max(cue.end_ms, start + 1), start + LONGEST_CUE_MS)
        yield replace(cue, start_ms=start, end_ms=end)
        last = start
