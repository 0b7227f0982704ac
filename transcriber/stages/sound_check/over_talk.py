"""Estimate how much of the talk is several people at once, from one mixed channel.

Two voices at once have two pitches (`stages.second_pitch`). Echo and a telephone leave so much of a
second one behind that nothing can be told there.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.stages.pcm import as_float, read_samples
from transcriber.stages.second_pitch import FRAME_SAMPLES, VOICED, pitch_strengths

WINDOW_MS = 2_000
"""What is judged at once."""

MIN_WINDOWS = 30
"""A minute of voices: less is no evidence for a share."""

_MAX_WINDOWS = 300  # ten minutes, evenly spread: more would not change the share
_HOP_SAMPLES = 512
_MIN_VOICED_FRAMES = 8
_ACTIVE_DB = 15.9  # ITU-T P.56

SECOND_VOICE = 0.36
"""From this strength of the second pitch on, a window counts."""

# Of windows with one voice and with two, so many count; from the share that counts follows the true
# one (Rogan and Gladen 1978). Measured: 0 to 0.02 of one voice close by, and 0.67 of windows where
# two share at least 0.8 s. Both are set higher here: saying nothing is better than a false alarm.
_COUNTED_OF_ONE = 0.05
_COUNTED_OF_TWO = 0.85


def over_talk_share(
    audio: Audio, speech: Sequence[Interval], speech_level_dbfs: float
) -> float | None:
    """Return the share of the talk in which several speak; None with under a minute of voices."""
    strengths = second_voices(audio, _windows(speech), speech_level_dbfs)
    if len(strengths) < MIN_WINDOWS:
        return None
    counted = np.mean(np.array(strengths) > SECOND_VOICE)
    share = (counted - _COUNTED_OF_ONE) / (_COUNTED_OF_TWO - _COUNTED_OF_ONE)
    return float(np.clip(share, 0.0, 1.0))


def second_voices(
    audio: Audio, windows: Sequence[Interval], speech_level_dbfs: float
) -> list[float]:
    """Return how strong a second pitch is in each window that holds enough of a first."""
    found = (
        _second_voice(as_float(read_samples(audio, window)), speech_level_dbfs)
        for window in windows
    )
    return [strength for strength in found if strength is not None]


def _windows(speech: Sequence[Interval]) -> list[Interval]:
    windows = [
        Interval(start_ms, start_ms + WINDOW_MS)
        for stretch in speech
        for start_ms in range(stretch.start_ms, stretch.end_ms - WINDOW_MS + 1, WINDOW_MS)
    ]
    step = max(1, -(-len(windows) // _MAX_WINDOWS))
    return windows[::step]


def _second_voice(sound: NDArray[np.float32], speech_level_dbfs: float) -> float | None:
    """Return the mean strength of the second pitch over the voiced frames of one window."""
    if sound.size < FRAME_SAMPLES:
        return None
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME_SAMPLES)[::_HOP_SAMPLES]
    active = 10 ** ((speech_level_dbfs - _ACTIVE_DB) / 10)
    frames = frames[np.mean(frames**2, axis=1) > active]
    if len(frames) < _MIN_VOICED_FRAMES:
        return None
    first, second = pitch_strengths(frames)
    voiced = first > VOICED
    if np.count_nonzero(voiced) < _MIN_VOICED_FRAMES:
        return None
    return float(second[voiced].mean())
