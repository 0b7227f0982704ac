"""Lanes as they go out: rows of numbers, because three hours have thousands of turns."""

from typing import Annotated

from pydantic import Field, model_validator

from transcriber.api.answers import Model
from transcriber.domain.interval import Interval
from transcriber.domain.released_sound import SoundFormat
from transcriber.services.review.lanes import Lanes

LONGEST_MS = 24 * 60 * 60 * 1000
"""No recording is longer."""

MOST_STRETCHES = 1_000
"""At once; a player tells of a stretch every few seconds."""


class StretchModel(Model):
    """A stretch of time in the recording, in milliseconds."""

    start_ms: Annotated[int, Field(ge=0, le=LONGEST_MS)]
    end_ms: Annotated[int, Field(ge=0, le=LONGEST_MS)]

    @model_validator(mode="after")
    def in_order(self) -> "StretchModel":
        """Refuse one that ends before it starts."""
        if self.end_ms < self.start_ms:
            raise ValueError("it ends before it starts")
        return self


class HeardModel(Model):
    """What was played with the sound on, at twice the speed at most."""

    stretches: Annotated[list[StretchModel], Field(max_length=MOST_STRETCHES)]

    @property
    def intervals(self) -> list[Interval]:
        """The same as the services take it."""
        return [Interval(each.start_ms, each.end_ms) for each in self.stretches]


class OwnTurnsModel(Model):
    """Whose sound is asked for, and as what."""

    speaker: Annotated[str, Field(max_length=64)]
    """The id of a voice: only its turns are heard."""
    format: SoundFormat = SoundFormat.MP3
    """What the sound is written as."""


class VoiceModel(Model):
    """Somebody who speaks."""

    id: str
    label: str


class LanesModel(Model):
    """Who speaks when, and what was found where; times in milliseconds."""

    duration_ms: int
    voices: list[VoiceModel]
    turns: list[tuple[int, int, int, int, str]]
    """Start, end, the voice's place in `voices` (-1 for nobody known), 1 where it was heard, and
    the id of its first word."""
    ticks: list[tuple[int, int, str]]
    """Start and end of what was found, and what was decided on it."""
    speech: list[tuple[int, int]]
    """Where anybody speaks, with words or without."""
    without_words: list[tuple[int, int]]
    """Speech that gave no words."""

    @classmethod
    def of(cls, lanes: Lanes) -> "LanesModel":
        """Return what is told of the lanes of a recording."""
        return cls(
            duration_ms=lanes.duration_ms,
            voices=[VoiceModel(id=voice.id, label=voice.label) for voice in lanes.voices],
            turns=[
                (*_times(turn.interval), turn.voice, int(turn.is_heard), turn.first_word)
                for turn in lanes.turns
            ],
            ticks=[(*_times(tick.interval), tick.state) for tick in lanes.ticks],
            speech=[_times(stretch) for stretch in lanes.speech],
            without_words=[_times(stretch) for stretch in lanes.without_words],
        )


class DoubtModel(Model):
    """What to hear first where not all can be heard."""

    stretches: list[tuple[int, int, float]]
    """Start and end in milliseconds, and how much points at something wrong; most of it first."""


def _times(stretch: Interval) -> tuple[int, int]:
    return stretch.start_ms, stretch.end_ms
