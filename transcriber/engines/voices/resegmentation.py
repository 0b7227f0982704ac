"""Decide frame by frame who speaks, from how much the windows around sound like each voice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from transcriber.domain.interval import Interval
from transcriber.engines.voices.encoder import Floats, Numbers, centred, unit
from transcriber.engines.voices.windows import LENGTHS_MS, Windows

Doubles = npt.NDArray[np.float64]

FRAME_MS = 50
"""Fine enough for borders within the 0.25 s that diarisation is scored with (NIST RT collar)."""

CHANGE_COST = 0.4
"""A change of voice has to earn this much summed similarity of centred embeddings.

That is a difference of 0.1 kept up over 0.2 s; a wrong flicker costs more than a late border.
"""

LEAST_WINDOWS = 3
"""From so many short windows on their mean says how a voice sounds in them."""


@dataclass(frozen=True)
class Frames:
    """Frames of 50 ms through the speech: how much each sounds like each voice, and whose it is.

    `similarities` has the shape (n, voices), `voices` (n). Each stretch of `speech` has its frames.
    """

    speech: Sequence[Interval]
    similarities: Doubles
    voices: Numbers

    def stretches(self) -> Iterator[tuple[Interval, slice]]:
        """Yield each stretch of speech with its frames."""
        first = 0
        for stretch in self.speech:
            end = first + _count(stretch)
            yield stretch, slice(first, end)
            first = end

    def turns(self) -> Iterator[tuple[int, Interval]]:
        """Yield voice and stretch of each turn; together they cover the speech."""
        for stretch, frames in self.stretches():
            yield from _turns(self.voices[frames], stretch)


def middles_ms(speech: Sequence[Interval]) -> Doubles:
    """Return the middle of each frame."""
    return np.concatenate(
        [stretch.start_ms + (np.arange(_count(stretch)) + 0.5) * FRAME_MS for stretch in speech]
    )


def assign(windows: Windows, centres: Floats, speech: Sequence[Interval]) -> Frames:
    """Give each frame of `speech` to the voice that it goes to."""
    similarities = _similarities(windows, centres, middles_ms(speech))
    return Frames(speech, similarities, best_path(similarities))


def best_path(scores: Doubles) -> Numbers:
    """Return the voice of each frame: the Viterbi path through `scores` (frames, voices).

    Staying costs nothing, and each change of voice the same.
    """
    frames, voices = scores.shape
    came_from = np.tile(np.arange(voices), (frames, 1))
    total = scores[0].copy()
    for frame in range(1, frames):
        leader = int(total.argmax())
        changed = total[leader] - CHANGE_COST
        came_from[frame, total < changed] = leader
        total = np.maximum(total, changed) + scores[frame]
    path = np.zeros(frames, dtype=np.int64)
    path[-1] = total.argmax()
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = came_from[frame, path[frame]]
    return path


def _similarities(windows: Windows, centres: Floats, middles_ms: Doubles) -> Doubles:
    """Similarity (frames, voices) at each time, between windows of both lengths."""
    long = unit(centred(windows.embeddings[:, -1])) @ centres.T
    short = centred(windows.embeddings[:, 0])
    heard = _as_heard_in(short, long.argmax(axis=1), centres)
    scores = np.zeros((len(middles_ms), len(centres)))
    for alike, length_ms in zip((unit(short) @ heard.T, long), LENGTHS_MS, strict=True):
        centre_ms = windows.starts_ms + length_ms / 2
        for voice in range(len(centres)):
            scores[:, voice] += np.interp(middles_ms, centre_ms, alike[:, voice])
    return scores / len(LENGTHS_MS)


def _as_heard_in(short: Floats, closest: Numbers, centres: Floats) -> Floats:
    """Return how each voice sounds in short windows (n, d), as an array (voices, d).

    Centres were found in long windows; read half as far, all voices lie elsewhere in the encoder's
    space. `closest` is the voice of each window.
    """
    heard = centres.copy()
    for voice in range(len(centres)):
        own = short[closest == voice]
        if len(own) >= LEAST_WINDOWS:
            heard[voice] = unit(own.mean(axis=0))
    return heard


def _count(stretch: Interval) -> int:
    """Return how many frames a stretch of speech has: one at least."""
    return max(1, round(stretch.duration_ms / FRAME_MS))


def _turns(path: Numbers, stretch: Interval) -> Iterator[tuple[int, Interval]]:
    borders = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    for first, end in pairwise(borders):
        start_ms = stretch.start_ms + first * FRAME_MS
        end_ms = stretch.end_ms if end == len(path) else stretch.start_ms + end * FRAME_MS
        yield int(path[first]), Interval(start_ms, end_ms)
