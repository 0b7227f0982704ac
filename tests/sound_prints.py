"""Sound that is like no other sound, and whether it is in a file that was cut or coded anew.

Noise drawn at random is like itself and nothing else: a stretch of it is found at any place, at any
loudness, and behind any codec, by how much it goes with what is there (normalised correlation).
"""

import io
from collections.abc import Sequence

import av
import numpy as np
from numpy.typing import NDArray

from transcriber.domain.recording import SAMPLE_RATE_HZ

Samples = NDArray[np.int16]

ALIKE = 0.35
"""From here on a stretch is in a file. Noise of an eighth of a second goes with other noise by
0.25 at most; behind the codec of the copy to listen to, with itself by 0.98 and more."""

PRINT_MS = 125
BLOCK = 1 << 15
"""So many samples are compared at a time."""


def noise(seed: int, length_ms: int) -> Samples:
    """Return noise that is loud, and whose higher half is soft, as codecs like it."""
    drawn = np.random.default_rng(seed).standard_normal(length_ms * SAMPLE_RATE_HZ // 1000 + 3)
    soft = np.convolve(drawn, np.ones(4) / 4, mode="valid")
    return (soft * 9_000).clip(-32_000, 32_000).astype("<i2")


def decoded(data: bytes) -> Samples | None:
    """Return the samples of a file by other means than the service's own; None of what is none."""
    resampler = av.AudioResampler("s16", "mono", SAMPLE_RATE_HZ)
    try:
        with av.open(io.BytesIO(data)) as container:
            if not container.streams.audio:
                return None
            frames = [*container.decode(audio=0), None]
    except av.FFmpegError:
        return None
    pieces = [piece for frame in frames for piece in resampler.resample(frame)]
    return np.concatenate([piece.to_ndarray()[0] for piece in pieces]) if pieces else None


def likeness(sound: Samples, wanted: Sequence[Samples]) -> list[float]:
    """Return how much each stretch goes with the most similar one of a sound, from 0 to 1.

    All stretches are of one length, no longer than half of `BLOCK`.
    """
    if not wanted or len(sound) < len(wanted[0]):
        return [0.0] * len(wanted)
    length = len(wanted[0])
    hop = BLOCK - length + 1
    count = len(sound) - length + 1
    blocks = -(-count // hop)
    padded = np.zeros(blocks * hop + length - 1)
    padded[: len(sound)] = sound
    cut = np.lib.stride_tricks.sliding_window_view(padded, BLOCK)[::hop]
    spectrum = np.fft.rfft(cut)
    sums = np.concatenate(([0.0], np.cumsum(padded**2)))
    energy = sums[length:] - sums[:-length]
    norm = np.sqrt(np.maximum(energy, length))  # silence is like nothing
    found = []
    for each in wanted:
        sought = each.astype(np.float64)
        product = np.fft.irfft(spectrum * np.conj(np.fft.rfft(sought, BLOCK)), BLOCK)
        matched = np.abs(product[:, :hop].ravel()) / norm
        found.append(float(matched.max() / np.sqrt((sought**2).sum())))
    return found


def heard_in(sound: Samples, wanted: Sequence[Samples]) -> list[int]:
    """Return the numbers of the stretches that are in a sound."""
    return [number for number, alike in enumerate(likeness(sound, wanted)) if alike >= ALIKE]
