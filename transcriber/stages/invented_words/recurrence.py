"""Whether the same words were really said again, as far as the sound tells."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.stages.pcm import as_float, read_samples

_WINDOW_MS = 10
_COEFFICIENTS = 13
_FEWEST_WINDOWS = 8  # of less there is nothing to compare
_MOST_PAIRS = 6
_BAND = 0.3  # people repeat at another pace, by a third at most
_SHIFTS = (-1.0, -0.5, 0.5, 1.0)  # in lengths of a round


def recurrence(audio: Audio, spans: Sequence[Interval]) -> float:
    """Return how much more each of `spans` is like the next one than like the sound around that.

    About 0.3 where words were said again, about 0 where other words were said, whatever the voice
    and the length, since each recording is its own measure. Mel-frequency cepstra are compared by
    dynamic time warping. Spans too short to compare count as 0.
    """
    pairs = list(pairwise(spans))[:_MOST_PAIRS]
    around = _around(spans, audio.duration_ms)
    cepstra = _cepstra(audio, around)
    return float(np.mean([_gain(cepstra, around.start_ms, a, b) for a, b in pairs]))


def _around(spans: Sequence[Interval], duration_ms: int) -> Interval:
    """Return the stretch that holds `spans` and as much again on both sides of them."""
    longest_ms = max(span.duration_ms for span in spans)
    return Interval(
        max(spans[0].start_ms - longest_ms, 0), min(spans[-1].end_ms + longest_ms, duration_ms)
    )


def _gain(cepstra: NDArray[Any], from_ms: int, first: Interval, second: Interval) -> float:
    a = _cut(cepstra, first.start_ms - from_ms, first.duration_ms)
    aligned = _alike(a, _cut(cepstra, second.start_ms - from_ms, second.duration_ms))
    beside = [
        alike
        for shifted in _shifted(cepstra, second.start_ms - from_ms, second.duration_ms)
        if (alike := _alike(a, shifted)) is not None
    ]
    return aligned - float(np.mean(beside)) if aligned is not None and beside else 0.0


def _shifted(cepstra: NDArray[Any], start_ms: int, length_ms: int) -> Iterator[NDArray[Any]]:
    for shift in _SHIFTS:
        at_ms = start_ms + round(shift * length_ms)
        if at_ms >= 0 and at_ms + length_ms <= cepstra.shape[1] * _WINDOW_MS:
            yield _cut(cepstra, at_ms, length_ms)


def _cut(cepstra: NDArray[Any], start_ms: int, length_ms: int) -> NDArray[Any]:
    return cepstra[:, start_ms // _WINDOW_MS : (start_ms + length_ms) // _WINDOW_MS]


def _alike(a: NDArray[Any], b: NDArray[Any]) -> float | None:
    """Return the mean cosine similarity along the best path; None where none can be found."""
    from librosa.sequence import dtw
    from librosa.util.exceptions import ParameterError

    if min(a.shape[1], b.shape[1]) < _FEWEST_WINDOWS:
        return None
    try:
        costs, path = dtw(a, b, metric="cosine", global_constraints=True, band_rad=_BAND)
    except ParameterError:  # the lengths differ by more than the band allows
        return None
    return 1.0 - float(costs[-1, -1]) / len(path)


def _cepstra(audio: Audio, span: Interval) -> NDArray[Any]:
    """Return mel-frequency cepstra of shape (coefficients, windows), loudness and mean removed."""
    from librosa.feature import mfcc

    cepstra: NDArray[Any] = mfcc(
        y=as_float(read_samples(audio, span)),
        sr=SAMPLE_RATE_HZ,
        n_mfcc=_COEFFICIENTS,
        n_fft=512,
        win_length=400,  # 25 ms, as speech recognition has always looked at sound
        hop_length=SAMPLE_RATE_HZ * _WINDOW_MS // 1000,
        n_mels=24,
        fmin=100,
        fmax=4000,
    )[1:]
    cepstra -= cepstra.mean(axis=1, keepdims=True)
    return cepstra
