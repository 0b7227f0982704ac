"""Cut a recording into what a recogniser decodes at once."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from transcriber.domain.interval import Interval, joined

MAX_REGION_MS = 30_000
"""Whisper hears 30 s at a time; a longer region would be cut by the recogniser, in mid-word."""

_ALWAYS_CUT_MS = 3_000  # recognisers invent words in long silences
_MAX_PAD_MS = 200  # enough for the onset of a first consonant


def plan_regions(speech: Sequence[Interval], duration_ms: int) -> tuple[Interval, ...]:
    """Cut the recording into regions that a recogniser decodes one by one.

    Regions are in order, do not overlap, lie inside the recording, last at most 30 s and cover
    all of `speech`. Cuts are made in every pause of 3 s, otherwise in the longest pause that
    keeps a region reasonably full, and within speech only when it goes on for over 30 s. Each
    region reaches up to 200 ms into the silence around it.
    """
    pieces = _hard_cut(merged(speech, duration_ms))
    regions: list[Interval] = []
    while pieces:
        taken = _how_many(pieces)
        regions.append(Interval(pieces[0].start_ms, pieces[taken - 1].end_ms))
        pieces = pieces[taken:]
    return tuple(_padded(regions, duration_ms))


def merged(speech: Sequence[Interval], duration_ms: int) -> list[Interval]:
    """Sort, clip to the recording, drop what is empty and join what touches."""
    return joined(
        Interval(interval.start_ms, min(interval.end_ms, duration_ms))
        for interval in speech
        if interval.start_ms < min(interval.end_ms, duration_ms)
    )


def _hard_cut(stretches: Sequence[Interval]) -> list[Interval]:
    """Cut every stretch that is longer than a region into equal pieces."""
    pieces: list[Interval] = []
    for stretch in stretches:
        count = -(-stretch.duration_ms // MAX_REGION_MS)
        cuts = [stretch.start_ms + stretch.duration_ms * k // count for k in range(count + 1)]
        pieces.extend(Interval(start, end) for start, end in pairwise(cuts))
    return pieces


def _how_many(pieces: Sequence[Interval]) -> int:
    """Return how many of the next pieces make one region."""
    begin_ms = pieces[0].start_ms
    fits = 1
    for before, piece in pairwise(pieces):
        if piece.start_ms - before.end_ms >= _ALWAYS_CUT_MS:
            return fits
        if piece.end_ms - begin_ms > MAX_REGION_MS:
            break
        fits += 1
    else:
        return fits
    # Something has to stay out: cut at the longest pause, but not so early that most of what a
    # recogniser hears at once would be wasted. The later of two equal pauses is taken.
    full_enough = [
        count
        for count in range(1, fits + 1)
        if pieces[count - 1].end_ms - begin_ms >= MAX_REGION_MS // 2
    ]
    return max(
        full_enough or range(1, fits + 1),
        key=lambda count: (pieces[count].start_ms - pieces[count - 1].end_ms, count),
    )


def _padded(regions: Sequence[Interval], duration_ms: int) -> Iterator[Interval]:
    """Widen each region into the silence around it, at most half of the way to its neighbour."""
    for number, region in enumerate(regions):
        before = regions[number - 1].end_ms if number else -region.start_ms
        after = (
            regions[number + 1].start_ms
            if number + 1 < len(regions)
            else 2 * duration_ms - region.end_ms
        )
        room = (MAX_REGION_MS - region.duration_ms) // 2
        left = min(_MAX_PAD_MS, room, (region.start_ms - before) // 2)
        right = min(_MAX_PAD_MS, room, (after - region.end_ms) // 2)
        yield Interval(region.start_ms - left, region.end_ms + right)
