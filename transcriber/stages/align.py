"""From words and turns to a transcript that says who said what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from transcriber.domain.transcript import (
    Recognition,
    Segment,
    Speaker,
    Transcript,
    Turn,
    Word,
)

NEAR_MS = 1_000
"""A word outside all turns still belongs to a turn this close: diarisation trims turn ends."""

PARAGRAPH_PAUSE_MS = 2_000
"""A speaker's talk is broken into segments at pauses of two seconds."""


def align(
    recognition: Recognition,
    turns: Sequence[Turn],
    duration_ms: int,
    provenance: Mapping[str, object],
) -> Transcript:
    """Give every word its speaker and gather words into segments.

    A word goes to the speaker whose turns overlap it most, else to the nearest turn within one
    second, else to nobody: `UNK` is an honest answer. Word by word, because one speaker per long
    segment puts the end of a question into the mouth of the person who answers it.
    """
    words = tuple(replace(word, speaker=_speaker_of(word, turns)) for word in recognition.words)
    order = list(dict.fromkeys(turn.speaker for turn in turns))
    return Transcript(
        language=recognition.language,
        quality=recognition.quality,
        duration_ms=duration_ms,
        speakers=tuple(Speaker(speaker, speaker) for speaker in order),
        words=words,
        segments=tuple(segments(words)),
        coverage=recognition.coverage,
        provenance=provenance,
    )


def segments(words: Sequence[Word]) -> Iterator[Segment]:
    """Yield runs of words by one speaker without a long pause."""
    first = 0
    for number in range(1, len(words) + 1):
        if number < len(words):
            previous, word = words[number - 1], words[number]
            pause_ms = word.start_ms - previous.end_ms
            if word.speaker == previous.speaker and pause_ms < PARAGRAPH_PAUSE_MS:
                continue
        yield Segment(words[first].speaker, first, number - 1)
        first = number


def _speaker_of(word: Word, turns: Sequence[Turn]) -> str | None:
    shared_ms: dict[str, int] = {}
    nearest: tuple[int, str] | None = None
    for turn in turns:
        overlap_ms = turn.interval.overlap_ms(word.interval)
        if overlap_ms:
            shared_ms[turn.speaker] = shared_ms.get(turn.speaker, 0) + overlap_ms
        distance_ms = max(
            turn.interval.start_ms - word.end_ms, word.start_ms - turn.interval.end_ms, 0
        )
        if distance_ms <= NEAR_MS and (nearest is None or distance_ms < nearest[0]):
            nearest = (distance_ms, turn.speaker)
    if shared_ms:
        return max(shared_ms, key=lambda speaker: shared_ms[speaker])
    return nearest[1] if nearest else None
