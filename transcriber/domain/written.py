"""Transcripts that people bring: words that somebody, or another program, wrote down."""

from dataclasses import dataclass

from transcriber.domain.interval import Interval


@dataclass(frozen=True, slots=True)
class WrittenTurn:
    """What one person says in one go.

    `name` is what the document calls the speaker, empty where it does not say. `interval` is when
    it was said, None where the document has no times.
    """

    name: str
    text: str
    interval: Interval | None = None
