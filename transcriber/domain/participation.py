"""Who takes part, and how much: all that a coding tool is told of a person.

It is counted from the released transcripts themselves and from nothing else. So no name, no
pronoun and no other entry of a roster can ride along, and whoever holds the releases can count it
again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.recording import Kind
from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.domain.transcript import SEVERAL_VOICES, UNKNOWN_SPEAKER, Role

_LEADS = re.compile(
    rf"(?:[A-Z0-9]+_)?(?:{Role.INTERVIEWER}|{Role.MODERATOR})(?:[0-9]+|_[0-9]+|_[A-Z])?"
)
"""`INT`, `INT2`, `MOD`, `MOD_A`, `FG1_MOD`."""


class Part(StrEnum):
    """What somebody does in a study, by the label."""

    PARTICIPANT = "participant"
    INTERVIEWER = "interviewer"


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever has a label of their own, in all recordings together.

    `recordings` are codes. `kinds` are those of these recordings, each once; none where releases do
    not say. `words` counts what was said and what stands for it: a replacement is one word, a mark
    none. `talk_ms` is the length of all turns.
    """

    label: str
    part: Part
    recordings: tuple[str, ...]
    kinds: tuple[Kind, ...]
    turns: int
    words: int
    talk_ms: int


def leads_talk(label: str) -> bool:
    """Whether a label is that of an interviewer or a moderator, by what it is called."""
    return _LEADS.fullmatch(label) is not None


def is_participant(label: str) -> bool:
    """Whether a label is that of a participant: of nobody who leads the talk, or is not known."""
    return label not in (UNKNOWN_SPEAKER, SEVERAL_VOICES) and not leads_talk(label)


def people(transcripts: Iterable[RedactedTranscript]) -> tuple[Person, ...]:
    """Return everybody with a label of their own, in order of first talk.

    Turns of nobody in particular and of several voices at once belong to no one.
    """
    turns: dict[str, list[tuple[RedactedTranscript, RedactedTurn]]] = {}
    for transcript in transcripts:
        for turn in transcript.turns:
            if turn.label not in (UNKNOWN_SPEAKER, SEVERAL_VOICES):
                turns.setdefault(turn.label, []).append((transcript, turn))
    return tuple(
        Person(
            label=label,
            part=Part.INTERVIEWER if leads_talk(label) else Part.PARTICIPANT,
            recordings=tuple(dict.fromkeys(transcript.code for transcript, _ in theirs)),
            kinds=tuple(dict.fromkeys(each.kind for each, _ in theirs if each.kind)),
            turns=len(theirs),
            words=sum(not token.mark for _, turn in theirs for token in turn.tokens),
            talk_ms=sum(turn.end_ms - turn.start_ms for _, turn in theirs),
        )
        for label, theirs in turns.items()
    )
