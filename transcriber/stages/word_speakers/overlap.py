"""The first step, word by word: how much of a word lies in whose turns."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from transcriber.domain.transcript import Turn, Word

NEAR_MS = 1_000
"""A word outside all turns still belongs to a turn this close: diarisation trims turn ends."""

NEAR_SHARE = 0.5
"""What such a word counts for, in terms of one that lies in the turn."""


class TurnsByTime:
    """Finds the turns around a word without looking at all of them: hours have thousands."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = sorted(turns, key=lambda turn: turn.interval)
        self._starts = [turn.interval.start_ms for turn in self._turns]
        self._longest_ms = max((turn.interval.duration_ms for turn in turns), default=0)

    def shares(self, word: Word) -> Mapping[str, float]:
        """Return how much of the word, from 0 to 1, lies in the turns of each speaker near it.

        A word in no turn counts `NEAR_SHARE` for the nearest within `NEAR_MS`; empty when there is
        none.
        """
        shared_ms: dict[str, int] = {}
        nearest: tuple[int, str] | None = None
        for turn in self._around(word):
            overlap_ms = turn.interval.overlap_ms(word.interval)
            if overlap_ms:
                shared_ms[turn.speaker] = shared_ms.get(turn.speaker, 0) + overlap_ms
            distance_ms = max(
                turn.interval.start_ms - word.end_ms, word.start_ms - turn.interval.end_ms, 0
            )
            if distance_ms <= NEAR_MS and (nearest is None or distance_ms < nearest[0]):
                nearest = (distance_ms, turn.speaker)
        if shared_ms:
            length_ms = word.interval.duration_ms
            return {speaker: min(ms / length_ms, 1.0) for speaker, ms in shared_ms.items()}
        return {nearest[1]: NEAR_SHARE} if nearest else {}

    def _around(self, word: Word) -> Sequence[Turn]:
        """Return at least those turns that lie within `NEAR_MS` of the word."""
        first = bisect_left(self._starts, word.start_ms - NEAR_MS - self._longest_ms)
        return self._turns[first : bisect_right(self._starts, word.end_ms + NEAR_MS)]


def likeliest(shares: Mapping[str, float]) -> str | None:
    """Return the speaker with the largest share, the first on a draw; None without any."""
    return max(shares, key=lambda speaker: shares[speaker]) if shares else None
