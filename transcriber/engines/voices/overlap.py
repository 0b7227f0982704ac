"""Find where a second voice speaks at the same time, frame by frame.

A logistic regression hears five things in each frame: how much more it sounds like its own voice
than like the other, how much better two voices explain it than one, how far the border of the turn
is, how strong a second pitch is, and how much louder it is than the louder of the two mostly is.
Weights come from `python -m tests.benchmarks.overlap_weights`, which hears synthetic voices and no
recording of a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter1d

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.engines.voices.encoder import Floats, Numbers
from transcriber.engines.voices.resegmentation import FRAME_MS, Doubles, Frames, middles_ms
from transcriber.stages.pcm import SAMPLES_PER_MS, as_float, read_samples
from transcriber.stages.second_pitch import FRAME_SAMPLES, VOICED, pitch_strengths

WEIGHTS = (-2.832, 30.849, -2.071, 10.868, 0.588)
"""Of margin, gain, seconds to the border, strength of the second pitch, and decibels."""

BIAS = -7.616

PROBABILITY = 0.7
"""Of talk at once, from which on it is marked; a wrong mark costs as much as a right one saves."""

SHORTEST_MS = 300
"""Less talk at once than this is not marked: a syllable and a half."""

SMOOTHED_FRAMES = 9
"""Pitch and level are means over 0.45 s, so that a word's rise is no second voice."""

FARTHEST_S = 3.0
"""A border of a turn that is further away than this says nothing more."""

BLOCK_FRAMES = 480
"""What is listened to at once, which bounds memory: 24 s."""


@dataclass(frozen=True)
class Evidence:
    """What is heard in each frame (n, 5), in the order of `WEIGHTS`, and the second voice (n)."""

    heard: Doubles
    second: Numbers


def second_turns(frames: Frames, evidence: Evidence) -> Iterator[tuple[int, Interval]]:
    """Yield the voice and the stretch of everything that is said at the same time as a turn."""
    marked = evidence.heard @ np.array(WEIGHTS) + BIAS > np.log(PROBABILITY / (1 - PROBABILITY))
    for stretch, own in frames.stretches():
        for first, end in _runs(marked[own]):
            if (end - first) * FRAME_MS < SHORTEST_MS:
                continue
            run = slice(own.start + first, own.start + end)
            pairs = np.stack([frames.voices[run], evidence.second[run]], axis=1)
            changes = np.flatnonzero(np.diff(pairs, axis=0).any(axis=1)) + 1
            for begin, stop in pairwise([0, *changes.tolist(), end - first]):
                start_ms = stretch.start_ms + (first + begin) * FRAME_MS
                end_ms = min(stretch.start_ms + (first + stop) * FRAME_MS, stretch.end_ms)
                yield int(pairs[begin, 1]), Interval(start_ms, end_ms)


def listen(frames: Frames, centres: Floats, audio: Audio) -> Evidence:
    """Hear in each frame what tells of a second voice; `centres` are two voices at least."""
    count = len(frames.voices)
    each = np.arange(count)
    gains = _gains(frames, centres)
    second = gains.argmax(axis=1)
    own = frames.similarities[each, frames.voices]
    margin = own - frames.similarities[each, second]
    pitch, level = _second_pitch_and_level(frames, audio)
    usual = np.full(len(centres), -np.inf)
    for voice in np.unique(frames.voices):
        usual[voice] = np.median(level[frames.voices == voice])
    level -= np.maximum(usual[frames.voices], usual[second])
    heard = np.stack([margin, gains[each, second], _border_s(frames), pitch, level], axis=1)
    return Evidence(heard, np.asarray(second, dtype=np.int64))


def _gains(frames: Frames, centres: Floats) -> Doubles:
    """Return how much more similar each frame is to its voice and another than to its voice alone.

    The shape is (n, voices). The best mixture of both with positive shares is meant: the cosine
    between a vector and its projection onto the plane of two others. Its own voice has -1.
    """
    each = np.arange(len(frames.voices))
    alike = np.minimum((centres @ centres.T)[frames.voices], 0.999)
    other = frames.similarities
    own = other[each, frames.voices][:, None]
    share_own = (own - alike * other) / (1 - alike**2)
    share_other = (other - alike * own) / (1 - alike**2)
    both = np.sqrt(np.maximum(share_own * own + share_other * other, 0))
    mixed = (share_own > 0) & (share_other > 0)
    gains: Doubles = np.where(mixed, both, np.maximum(own, other)) - own
    gains[each, frames.voices] = -1
    return gains


def _border_s(frames: Frames) -> Doubles:
    """Return how far each frame is from the nearest with which another voice begins."""
    middles = middles_ms(frames.speech)
    padded = np.concatenate([[-np.inf], middles[1:][np.diff(frames.voices) != 0], [np.inf]])
    after = np.searchsorted(padded, middles, side="right")
    nearest = np.minimum(middles - padded[after - 1], padded[after] - middles)
    distance: Doubles = np.minimum(nearest / 1000, FARTHEST_S)
    return distance


def _second_pitch_and_level(frames: Frames, audio: Audio) -> tuple[Doubles, Doubles]:
    """Return the strength of a second pitch and the level in dB, both smoothed."""
    heard = [
        _block(audio, stretch.start_ms + first * FRAME_MS, min(BLOCK_FRAMES, count - first))
        for stretch, own in frames.stretches()
        for count in [own.stop - own.start]
        for first in range(0, count, BLOCK_FRAMES)
    ]
    first_pitch, second_pitch, level = np.concatenate(heard, axis=1)
    voiced = uniform_filter1d((first_pitch > VOICED).astype(np.float64), SMOOTHED_FRAMES)
    pitch = uniform_filter1d(second_pitch, SMOOTHED_FRAMES) / np.maximum(voiced, 0.1)
    return pitch, uniform_filter1d(level, SMOOTHED_FRAMES)


def _block(audio: Audio, start_ms: int, count: int) -> Doubles:
    """Return first pitch, second pitch and level in dB (3, count) of frames from `start_ms` on."""
    length_ms = FRAME_SAMPLES // SAMPLES_PER_MS
    begin_ms = start_ms + FRAME_MS // 2 - length_ms // 2
    end_ms = begin_ms + (count - 1) * FRAME_MS + length_ms
    inside = Interval(max(begin_ms, 0), min(end_ms, audio.duration_ms))
    sound = as_float(read_samples(audio, inside))
    before = (inside.start_ms - begin_ms) * SAMPLES_PER_MS
    after = (end_ms - begin_ms) * SAMPLES_PER_MS - before - len(sound)
    sound = np.pad(sound, (before, max(after, 0)))
    views = np.lib.stride_tricks.sliding_window_view(sound, FRAME_SAMPLES)
    windows = views[:: FRAME_MS * SAMPLES_PER_MS][:count]
    level = 10 * np.log10(np.mean(windows**2, axis=1) + 1e-10)
    return np.stack([*pitch_strengths(windows), level]).astype(np.float64)


def _runs(marked: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield first and end of each run of marked frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
