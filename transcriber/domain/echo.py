"""What others said that may tell what somebody said who takes it back: for a person to decide."""

from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """Why words are listed: what they do with what the other had said."""

    REPEATS = "repeats"
    REFERS = "refers"
    NAMES = "names"
    ANSWERS = "answers"


class EchoVerdict(StrEnum):
    """What a person decided: that nothing of it leaves, or that it may stay."""

    WITHHOLD = "withhold"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Echo:
    """Words of somebody else, by the ids of the first and the last, both inclusive.

    `shared` counts the words that both used; which they are is kept nowhere.
    """

    first: str
    last: str
    ground: Ground
    shared: int
