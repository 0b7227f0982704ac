"""Who a voice may be, offered to a person who decides."""

from dataclasses import dataclass
from enum import StrEnum


class Sign(StrEnum):
    """What in the talk points at a name."""

    INTRODUCES = "introduces"
    ADDRESSED = "addressed"
    THANKED = "thanked"


WEIGHTS = {Sign.INTRODUCES: 3, Sign.ADDRESSED: 1, Sign.THANKED: 1}
"""An introduction says more than an address, which somebody else may answer."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign, and when the name was said."""

    sign: Sign
    at_ms: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name for a voice: the participant's as the roster has it, else as it was heard.

    `label` is the participant's, None where the roster has none or does not know the name.
    """

    speaker: str
    name: str
    label: str | None
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> int:
        """How much points at it; it orders."""
        return sum(WEIGHTS[reason.sign] for reason in self.reasons)
