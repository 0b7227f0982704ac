"""Lanes as they go out: rows of numbers, because three hours have thousands of turns."""

from transcriber.api.answers import Model
from transcriber.domain.interval import Interval
from transcriber.services.review.lanes import Lanes


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


def _times(stretch: Interval) -> tuple[int, int]:
    return stretch.start_ms, stretch.end_ms
