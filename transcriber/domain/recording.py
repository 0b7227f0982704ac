"""What was recorded, and the decoded sound of it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from transcriber.domain.interval import Interval

SAMPLE_RATE_HZ = 16_000
"""What Whisper, Silero, Resemblyzer and PocketSphinx all take."""

BYTES_PER_SAMPLE = 2


class Kind(StrEnum):
    """One participant with an interviewer, or several participants."""

    INDIVIDUAL = "individual"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """How many people speak: both bounds inclusive, None where unknown.

    Raises ValueError when the bounds contradict each other.
    """

    minimum: int = 1
    maximum: int | None = None

    def __post_init__(self) -> None:
        if self.minimum < 1 or (self.maximum is not None and self.maximum < self.minimum):
            raise ValueError("the speaker count must be N or MIN-MAX with 1 <= MIN <= MAX")

    @property
    def exact(self) -> int | None:
        """The count when it is known exactly, else None."""
        return self.minimum if self.minimum == self.maximum else None


ANY_COUNT = SpeakerCount()
"""One speaker or more: nothing is known beforehand."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording under its study code; the uploaded file name is not part of it."""

    code: str
    study: str
    kind: Kind
    source_sha256: str
    speakers: SpeakerCount = ANY_COUNT
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Audio:
    """Decoded sound on disk: headerless little-endian 16-bit mono samples at 16 kHz."""

    path: Path
    sample_count: int

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds, rounded down."""
        return self.sample_count * 1000 // SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class IngestedRecording:
    """A recording ready to be heard.

    `speech` are the stretches in which somebody speaks. `regions` are what a recogniser decodes,
    one by one and each from a fresh state, so that the words do not depend on how the regions are
    spread over processes; they are at most 30 s long, in order, and cover all of `speech`.
    """

    audio: Audio
    speech: tuple[Interval, ...]
    regions: tuple[Interval, ...]
