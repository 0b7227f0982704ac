"""Who takes part in which recording, and how much: all that a coding tool is told of a person.

It is counted from the released transcripts themselves and from nothing else. So no name, no
pronoun and no other entry of a roster can ride along, and whoever holds the releases can count it
again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.recording import Kind
from transcriber.domain.redacted import RedactedTranscript
from transcriber.domain.transcript import SEVERAL_VOICES, UNKNOWN_SPEAKER, Role

_LEADS = re.compile(rf"(?:[A-Z0-9]+_)?(?:{Role.INTERVIEWER}|{Role.MODERATOR})[0-9]*")
"""`INT`, `INT2`, `MOD`, `FG1_MOD`."""


class Part(StrEnum):
    """What somebody does in a recording, by the label."""

    PARTICIPANT = "participant"
    INTERVIEWER = "interviewer"


@dataclass(frozen=True, slots=True)
class Participation:
    """One person in one recording.

    `words` counts what was said and what stands for it: a replacement is one word, a mark none.
    `talk_ms` is the length of all turns. `kind` is None where the release does not say.
    """

    label: str
    recording: str
    kind: Kind | None
    part: Part
    turns: int
    words: int
    talk_ms: int


def participations(transcripts: Iterable[RedactedTranscript]) -> tuple[Participation, ...]:
    """Return everybody with a label of their own, by recording and in order of first talk.

    Turns of nobody in particular and of several voices at once belong to no one.
    """
    return tuple(
        _participation(transcript, label)
        for transcript in transcripts
        for label in dict.fromkeys(turn.label for turn in transcript.turns)
        if label not in (UNKNOWN_SPEAKER, SEVERAL_VOICES)
    )


def part_of(label: str) -> Part:
    """Return what a label says about somebody's part."""
    return Part.INTERVIEWER if _LEADS.fullmatch(label) else Part.PARTICIPANT


def _participation(transcript: RedactedTranscript, label: str) -> Participation:
    own = [turn for turn in transcript.turns if turn.label == label]
    return Participation(
        label=label,
        recording=transcript.code,
        kind=transcript.kind,
        part=part_of(label),
        turns=len(own),
        words=sum(not token.mark for turn in own for token in turn.tokens),
        talk_ms=sum(turn.end_ms - turn.start_ms for turn in own),
    )
