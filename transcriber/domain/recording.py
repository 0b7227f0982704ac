"""What was recorded, and the decoded sound of it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from transcriber.domain.interval import Interval
from transcriber.domain.peaks import Peaks

SAMPLE_RATE_HZ = 16_000
"""What Whisper, Silero, Resemblyzer and PocketSphinx all take."""

BYTES_PER_SAMPLE = 2


class Kind(StrEnum):
    """One participant with an interviewer, or several participants."""

    INDIVIDUAL = "individual"
    GROUP = "group"


class Source(StrEnum):
    """Where the words of a recording come from."""

    SOUND = "sound"
    """They are heard."""
    WRITTEN = "written"
    """A transcript that people brought, without its sound."""
    BOTH = "both"
    """A transcript that people brought with its sound, which is there to listen to."""


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
class Trim:
    """The stretch of a recording that is wanted; `stop_ms` None is its end.

    Raises ValueError when nothing would be left.
    """

    start_ms: int = 0
    stop_ms: int | None = None

    def __post_init__(self) -> None:
        if self.start_ms < 0 or (self.stop_ms is not None and self.stop_ms <= self.start_ms):
            raise ValueError("a recording must start before it stops")


WHOLE = Trim()
"""Nothing is cut off."""

DETECT_LANGUAGE = "auto"
"""Stands where a language code would, when the recogniser is to find out."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording under its study code; the uploaded file names are not part of it.

    `parts_sha256` are its files in order, one after another; with `side_by_side` they begin at the
    same moment and hold one speaker each. With `tracks`, each channel or track holds one speaker.
    Where the `source` is not the sound alone, the last file is the transcript.
    """

    code: str
    study: str
    kind: Kind
    parts_sha256: tuple[str, ...]
    speakers: SpeakerCount = ANY_COUNT
    language: str = "en"
    trim: Trim = WHOLE
    tracks: bool = False
    side_by_side: bool = False
    source: Source = Source.SOUND


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
class Part:
    """Where a file of a recording lies on the recording's one timeline.

    The stretch from `start_ms` to `end_ms` of the timeline begins at `offset_ms` in the file.
    """

    source_sha256: str
    start_ms: int
    end_ms: int
    offset_ms: int


@dataclass(frozen=True, slots=True)
class Track:
    """Sound that is heard by itself: the whole recording, or the one speaker of a track.

    `speech` are the stretches in which somebody speaks. `regions` are what a recogniser decodes,
    one by one and each from a fresh state, so that the words do not depend on how the regions are
    spread over processes; they are at most 30 s long, in order, and cover all of `speech`.
    """

    audio: Audio
    speech: tuple[Interval, ...]
    regions: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class IngestedRecording:
    """A recording ready to be heard: `audio` is all of it on one timeline, mixed to one channel.

    `speech` is that of any voice. `heard` is what recognition works through: the recording itself,
    or one track for each speaker where they were recorded apart.
    """

    audio: Audio
    speech: tuple[Interval, ...]
    heard: tuple[Track, ...]
    parts: tuple[Part, ...]
    apart: bool = False
    """Whether each of `heard` is one speaker's own track."""


@dataclass(frozen=True, slots=True)
class ReviewCopy:
    """What a person listens to, on the recording's one timeline, and its waveform for display."""

    path: Path
    peaks: Peaks
