"""A stretch of time in a recording."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch from `start_ms` to `end_ms`, both integer milliseconds, end exclusive.

    Raises ValueError when it would end before it starts or start before zero.
    """

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms <= self.end_ms:
            raise ValueError(f"not a stretch of time: {self.start_ms}-{self.end_ms} ms")

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        return self.end_ms - self.start_ms

    def overlap_ms(self, other: "Interval") -> int:
        """Milliseconds that the two share; 0 when they only touch."""
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the intervals in order, those that overlap or touch made one."""
    result: list[Interval] = []
    for interval in sorted(intervals):
        if result and interval.start_ms <= result[-1].end_ms:
            end_ms = max(result[-1].end_ms, interval.end_ms)
            result[-1] = Interval(result[-1].start_ms, end_ms)
        else:
            result.append(interval)
    return result
