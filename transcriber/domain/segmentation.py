"""How words are gathered into segments."""

from collections.abc import Iterator, Sequence

from transcriber.domain.transcript import Segment, Word

PARAGRAPH_PAUSE_MS = 2_000
"""A speaker's talk is broken into segments at pauses of two seconds."""


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
