"""The sound of a release: where it is taken out, what is heard there, and what it is written as."""

from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.interval import Interval


class Fill(StrEnum):
    """What is heard where sound was taken out."""

    SILENCE = "silence"
    TONE = "tone"


class SoundFormat(StrEnum):
    """What sound is written as; the value is also how its file's name ends."""

    WAV = "wav"
    FLAC = "flac"
    MP3 = "mp3"
    OPUS = "opus"


LEAST_PADDING_MS = 50
"""With less, the beginning of a name is heard wherever a word's time is off by a single sound."""

MOST_PADDING_MS = 2_000
"""With more, whole sentences around a name would go."""


@dataclass(frozen=True, slots=True)
class SoundRule:
    """What a policy says about sound: how far beside a word it is taken out, on either side.

    The padding follows from measured word times (docs/measurements.md, Released sound). Raises
    ValueError for a padding that is out of bounds.
    """

    padding_ms: int = 300
    fill: Fill = Fill.TONE

    def __post_init__(self) -> None:
        if not LEAST_PADDING_MS <= self.padding_ms <= MOST_PADDING_MS:
            raise ValueError(f"no padding of {self.padding_ms} ms")


USUAL_SOUND = SoundRule()


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What is not heard in a sound: stretches in order that do not overlap, padding included."""

    stretches: tuple[Interval, ...]
    rule: SoundRule = USUAL_SOUND

    @property
    def duration_ms(self) -> int:
        """How long they are together."""
        return sum(stretch.duration_ms for stretch in self.stretches)
