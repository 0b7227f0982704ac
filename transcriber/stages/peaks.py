"""From decoded sound to the outline of its waveform."""

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.interval import Interval
from transcriber.domain.peaks import Peaks
from transcriber.domain.recording import Audio
from transcriber.stages.pcm import SAMPLES_PER_MS, read_samples

FINEST_MS = 32
"""Six pairs to a syllable of 200 ms; ten seconds are 312 bars of three pixels, a window's width."""

MOST_PAIRS = 200_000
"""About a megabyte as JSON, at the five bytes a pair that real conversation takes. It is reached
after 1 h 46 min; four hours have a pair every 73 ms, and ten seconds of them 137 bars."""

_PAIRS_AT_A_TIME = 4_096  # four megabytes of sound at the finest

_TO_8_BIT = 256


def peaks(audio: Audio) -> Peaks:
    """Return the outline of `audio`, read a stretch at a time: the finest that stays small.

    Values are rounded towards zero, as audiowaveform does, so that faint noise is a flat line.
    Raises OSError when the samples are gone and ValueError when there are fewer than `audio` says.
    """
    pair_ms = max(FINEST_MS, audio.duration_ms // MOST_PAIRS + 1)
    block_ms = pair_ms * _PAIRS_AT_A_TIME
    blocks = (
        read_samples(audio, Interval(start_ms, start_ms + block_ms))
        for start_ms in range(0, audio.duration_ms + 1, block_ms)
    )
    samples_per_pair = pair_ms * SAMPLES_PER_MS
    pairs = b"".join(_pairs(block, samples_per_pair).tobytes() for block in blocks)
    return Peaks(pairs, samples_per_pair)


def coarser(outline: Peaks, stretch: Interval, most_pairs: int) -> Peaks:
    """Return the outline of a stretch in at most `most_pairs` pairs, one or more.

    It begins with the pair that `stretch` begins in. What lies beyond the end is left out. Of
    pairs that are made one, the lowest and the highest value stay, so that nothing loud is lost.
    """
    pair_ms = outline.samples_per_pair / SAMPLES_PER_MS
    first = min(int(stretch.start_ms // pair_ms), outline.length)
    last = min(int(-(-stretch.end_ms // pair_ms)), outline.length)
    pairs = np.frombuffer(outline.pairs, dtype=np.int8).reshape(-1, 2)[first:last]
    group = max(1, -(-len(pairs) // most_pairs))
    if len(pairs):
        starts = np.arange(0, len(pairs), group)
        lowest = np.minimum.reduceat(pairs[:, 0], starts)
        highest = np.maximum.reduceat(pairs[:, 1], starts)
        pairs = np.stack((lowest, highest), axis=1)
    return Peaks(pairs.tobytes(), outline.samples_per_pair * group)


def _pairs(samples: NDArray[np.int16], samples_per_pair: int) -> NDArray[np.int8]:
    """Return minima and maxima of shape (pairs, 2)."""
    starts = np.arange(0, len(samples), samples_per_pair)
    if not len(starts):
        return np.zeros((0, 2), dtype=np.int8)
    extremes = np.stack(
        (np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)), axis=1
    )
    return np.trunc(extremes / _TO_8_BIT).astype(np.int8)
