"""A name that was heard in the sound, whatever a recogniser wrote there."""

from dataclasses import dataclass

from transcriber.domain.interval import Interval


@dataclass(frozen=True, slots=True)
class Spotted:
    """A name, when it seems to be said, and how likely that is by the sound alone, from 0 to 1.

    `name` is spelt as it was asked for. About one of two spottings with a score of 0.5 is right
    where a name is said ten times an hour; below 0.1 hardly any is, without other evidence.
    """

    name: str
    interval: Interval
    score: float
