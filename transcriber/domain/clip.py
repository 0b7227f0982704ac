"""A stretch of a recording in which one voice is heard well."""

from dataclasses import dataclass

from transcriber.domain.interval import Interval


@dataclass(frozen=True, slots=True)
class Clip:
    """Somebody listens to this to put a name to a voice; times are those of the review copy.

    `clarity` orders the clips of a voice, clearest first; it has no unit.
    """

    speaker: str
    interval: Interval
    clarity: float
