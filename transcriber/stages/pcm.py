"""Decoded sound as arrays, read from disk a stretch at a time."""

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.interval import Interval
from transcriber.domain.recording import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, Audio

SAMPLES_PER_MS = SAMPLE_RATE_HZ // 1000
_FULL_SCALE = 32768.0  # 2**15: the most negative 16-bit sample becomes exactly -1.0


def read_samples(audio: Audio, interval: Interval | None = None) -> NDArray[np.int16]:
    """Return the samples of `interval`, or all of them, as a read-only array of shape (samples,).

    The array is mapped, not loaded: a recording of four hours costs no memory until it is read.
    What lies beyond the end of the recording is left out. Raises OSError when the file is gone
    and ValueError when it is shorter than `audio` says.
    """
    if interval is None:
        first, last = 0, audio.sample_count
    else:
        first = min(interval.start_ms * SAMPLES_PER_MS, audio.sample_count)
        last = min(interval.end_ms * SAMPLES_PER_MS, audio.sample_count)
    if first == last:  # an empty stretch cannot be mapped
        return np.zeros(0, dtype=np.int16)
    mapped: NDArray[np.int16] = np.memmap(
        audio.path, dtype="<i2", mode="r", offset=first * BYTES_PER_SAMPLE, shape=(last - first,)
    )
    return mapped


def as_float(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return a copy as 32-bit floats from -1 to 1, four bytes a sample: convert stretches only."""
    return samples.astype(np.float32) / np.float32(_FULL_SCALE)
