"""Whose talk is whose, where each speaker has a track: microphones hear the neighbours too.

What a microphone overhears of a neighbour is that neighbour's own sound, softer by what distance
and gain make of it, which stays the same while nobody moves. So how the tracks differ while one
person talks alone is learnt from the recording, and what of each moment's loudness the neighbours
explain is taken away; what is left is the speaker's own.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter, uniform_filter1d
from scipy.optimize import nnls

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.stages.pcm import SAMPLES_PER_MS, read_samples

FRAME_MS = 50
"""As long as the shortest sound of speech that carries a level."""

OWN_SHARE = 0.5
"""A speaker talks where at least this much of the power in the own microphone is the own voice.

Levels of overheard talk are known within 1 to 2 dB, which is up to 0.4 of its power.
"""

SOFTEST = 10 ** (-30 / 10)
"""Power of the softest talk, in terms of the speaker's loud talk: speech spans about 30 dB."""

ALIKE_DB = 3.0
"""A track that the other speakers explain this well in every track has no speaker of its own.

A voice 6 dB softer in a neighbour's microphone, the least that this stage is made for, gives 6.
"""

Frames = NDArray[np.float64]

_SMOOTH_FRAMES = 3  # longer than sound takes through a room
_CLEAR_DB = 15.0  # above the noise: levels mean something
_ALONE_RANKS = (0.97, 0.997)  # the very highest may be knocks on the microphone
_FEWEST_FRAMES = 10
_ROUNDS = 10
_MOST_FRAMES = 20_000  # to learn from; evenly spread over the recording
_MEDIAN_FRAMES = 5
_BRIDGE_FRAMES = 6  # gaps within a word or between two, 300 ms
_SHORTEST_FRAMES = 3  # what is left of a bleed that was cut away is shorter than a word
_BLOCK_FRAMES = 12_000  # ten minutes: memory does not depend on the length of the recording


def own_speech(
    audios: Sequence[Audio], speech: Sequence[Sequence[Interval]]
) -> tuple[tuple[Interval, ...], ...]:
    """Return for each track the speech in it that is its speaker's own.

    `speech` is what a detector heard in each track. Where two speak at once both have it. A track
    that only ever overhears has none.
    """
    speaking = [number for number, stretches in enumerate(speech) if stretches]
    own: list[tuple[Interval, ...]] = [()] * len(audios)
    if not speaking:
        return tuple(own)
    powers = [_powers(audios[number]) for number in speaking]
    length = max(len(power) for power in powers)
    heard = np.stack([np.pad(power, (0, length - len(power))) for power in powers])
    spoken = np.stack([_frames(speech[number], length) for number in speaking])
    for number, frames in zip(speaking, _talking(heard, spoken), strict=True):
        own[number] = _stretches(frames, audios[number].duration_ms)
    return tuple(own)


def _talking(heard: Frames, spoken: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return in which frames each speaker talks; power and detected speech are (tracks, frames)."""
    noise = np.maximum(np.percentile(heard, 3, axis=1, keepdims=True), 1e-12)
    clean = np.maximum(uniform_filter1d(heard, _SMOOTH_FRAMES, axis=1) - noise, 0.1 * noise)
    levels, noise_db = 10 * np.log10(clean), 10 * np.log10(noise)
    clear = spoken.any(axis=0) & ((levels - noise_db).max(axis=0) > _CLEAR_DB)
    own = _unmixed(clean, _bleed(levels[:, clear], noise_db))
    usual = np.percentile(own, 95, axis=1, keepdims=True)
    talking = spoken & (own >= OWN_SHARE * clean) & (own > SOFTEST * usual) & (own > noise)
    smoothed: NDArray[np.bool_] = median_filter(talking, (1, _MEDIAN_FRAMES))
    return smoothed


def _bleed(levels: Frames, noise_db: Frames) -> Frames:
    """Return (tracks, speakers): the power of each speaker in each track, in the own one 1.

    A track without a speaker of its own has a column of zeros. `levels` (tracks, frames) in dB are
    those of clear speech.
    """
    count, length = levels.shape
    if count == 1 or length < _FEWEST_FRAMES:
        return np.eye(count)
    levels = levels[:, :: -(-length // _MOST_FRAMES)]
    shapes = dict(enumerate(_shape(levels[:, frames]) for frames in _alone(levels)))
    shapes = _settled(levels, shapes)
    while (track := _without_speaker(shapes, noise_db[:, 0])) is not None:
        del shapes[track]
        shapes = _settled(levels, shapes)
    bleed = np.zeros((count, count))
    for track, shape in shapes.items():
        bleed[:, track] = 10 ** ((shape - shape[track]) / 10)
    return bleed


def _settled(levels: Frames, shapes: dict[int, Frames]) -> dict[int, Frames]:
    """Give each frame to the speaker whose shape is nearest, and take shapes anew from these."""
    pattern = levels - levels.mean(axis=0)
    for _ in range(_ROUNDS):
        away = [np.abs(pattern - shape[:, None]).sum(axis=0) for shape in shapes.values()]
        nearest = np.argmin(away, axis=0)
        for place, track in enumerate(shapes):
            if (nearest == place).sum() >= _FEWEST_FRAMES:
                shapes[track] = _shape(levels[:, nearest == place])
    return shapes


def _alone(levels: Frames) -> list[NDArray[np.intp]]:
    """Return for each track the frames in which it stands out most from all others."""
    relative = levels - np.percentile(levels, 95, axis=1, keepdims=True)
    frames = []
    for track in range(len(levels)):
        ahead = relative[track] - np.delete(relative, track, axis=0).max(axis=0)
        first, last = (int(rank * (len(ahead) - 1)) for rank in _ALONE_RANKS)
        frames.append(np.argsort(ahead)[first : last + 1])
    return frames


def _shape(levels: Frames) -> Frames:
    """Return how the tracks differ, in dB from their mean: the median over frames."""
    shape: Frames = np.median(levels - levels.mean(axis=0), axis=1)
    return shape


def _without_speaker(shapes: dict[int, Frames], noise_db: Frames) -> int | None:
    """Return the track that most plainly only overhears: the other speakers explain all of it."""

    def clearer_elsewhere(track: int) -> float:
        above = shapes[track] - noise_db
        return float(np.delete(above, track).max() - above[track])

    if len(shapes) == 1:
        return None
    for track in sorted(shapes, key=clearer_elsewhere, reverse=True):
        others = [
            10 ** ((shapes[other] - shapes[track]) / 10) for other in shapes if other != track
        ]
        if _misfit_db(np.stack(others, axis=1)) < ALIKE_DB:
            return track
    return None


def _misfit_db(others: Frames) -> float:
    """Return by how much the best mixture of others misses a shape, where it misses it most.

    `others` (tracks, speakers) are powers in terms of the shape's own.
    """
    shares, _ = nnls(others, np.ones(len(others)))
    missed: Frames = np.abs(10 * np.log10(np.maximum(others @ shares, 1e-12)))
    return float(missed.max())


def _unmixed(clean: Frames, bleed: Frames) -> Frames:
    """Return the power of each speaker in the own track; a track without one has none."""
    speaking = np.flatnonzero(bleed.diagonal())
    own = np.zeros_like(clean)
    mixing = bleed[np.ix_(speaking, speaking)]
    own[speaking] = np.maximum(np.linalg.solve(mixing, clean[speaking]), 0.0)
    return own


def _powers(audio: Audio) -> Frames:
    """Return the power of each frame; 1 is a full-scale square wave."""
    blocks = [np.zeros(0)]
    length_ms = _BLOCK_FRAMES * FRAME_MS
    for start_ms in range(0, audio.duration_ms, length_ms):
        samples = read_samples(audio, Interval(start_ms, start_ms + length_ms)).astype(np.float64)
        count = len(samples) // (FRAME_MS * SAMPLES_PER_MS)
        frames = samples[: count * FRAME_MS * SAMPLES_PER_MS].reshape(count, -1)
        blocks.append((frames**2).mean(axis=1) / 2.0**30)
    return np.concatenate(blocks)


def _frames(stretches: Sequence[Interval], length: int) -> NDArray[np.bool_]:
    on = np.zeros(length, dtype=np.bool_)
    for stretch in stretches:
        on[stretch.start_ms // FRAME_MS : -(-stretch.end_ms // FRAME_MS)] = True
    return on


def _stretches(on: NDArray[np.bool_], duration_ms: int) -> tuple[Interval, ...]:
    """Join frames over short gaps and drop what is too short to be a word."""
    numbers = np.flatnonzero(on)
    if not numbers.size:
        return ()
    groups = np.split(numbers, np.flatnonzero(np.diff(numbers) > _BRIDGE_FRAMES) + 1)
    return tuple(
        Interval(int(group[0]) * FRAME_MS, min((int(group[-1]) + 1) * FRAME_MS, duration_ms))
        for group in groups
        if len(group) >= _SHORTEST_FRAMES
    )
