"""Embeddings of windows that slide over a recording, wherever somebody speaks."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.engines.voices.encoder import (
    STEP_MS,
    Floats,
    Numbers,
    embed_windows,
    level_gain,
    spectrogram,
)
from transcriber.stages.pcm import as_float, read_samples
from transcriber.stages.protocols import Progress

LENGTHS_MS = (800, 1_600)
"""Windows are read to both lengths: the encoder was trained on 1.6 s, 0.8 s sharpens borders."""

FINE_HOP_MS, COARSE_HOP_MS = 200, 400
"""From one window to the next. Half of the windows lose nothing where there is much to hear."""

FINE_UP_TO_MS = 480_000
"""Recordings with at most eight minutes of speech get the fine hop."""

LEAST_SPEECH = 0.25
"""Share of a window that must be speech for the window to be embedded."""

MOSTLY_SPEECH = 0.7
"""Share of a window that must be speech for it to tell voices apart."""

BLOCK_MS = 48_000
"""What is read at once: a multiple of both hops, so that the grid is the same in every block."""

MAX_THREADS = 4


@dataclass(frozen=True)
class Windows:
    """Where windows begin (n), their embeddings (n, 2, 256), and the share of speech in each."""

    hop_ms: int
    starts_ms: Numbers
    embeddings: Floats
    speech: Floats

    @property
    def telling(self) -> Floats:
        """Embeddings (m, 256) of the long windows with mostly speech; all if there is none."""
        mostly = self.speech >= MOSTLY_SPEECH
        chosen: Floats = self.embeddings[mostly if mostly.any() else slice(None), -1]
        return chosen


def embed(audio: Audio, speech: Sequence[Interval], progress: Progress) -> Windows:
    """Embed a window at every step of the grid that holds speech.

    Progress counts milliseconds of the recording. To be called within `encoder.encoding`. Blocks
    are embedded side by side on the cores there are; the result does not depend on their number.
    """
    spoken_ms = sum(interval.duration_ms for interval in speech)
    hop_ms = FINE_HOP_MS if spoken_ms <= FINE_UP_TO_MS else COARSE_HOP_MS
    starts_ms, share = grid(speech, hop_ms, audio.duration_ms)
    gain = level_gain(audio, speech)
    firsts = range(0, audio.duration_ms, BLOCK_MS)
    chosen = [
        starts_ms[np.searchsorted(starts_ms, at) : np.searchsorted(starts_ms, at + BLOCK_MS)]
        for at in firsts
    ]
    parts = [np.zeros((0, len(LENGTHS_MS), 256), dtype=np.float32)]
    with ThreadPoolExecutor(min(MAX_THREADS, os.cpu_count() or 1)) as pool:
        blocks = pool.map(lambda at, found: _block(audio, at, found, gain), firsts, chosen)
        for first_ms, block in zip(firsts, blocks, strict=True):
            parts.append(block)
            progress(min(first_ms + BLOCK_MS, audio.duration_ms), audio.duration_ms)
    return Windows(hop_ms, starts_ms, np.concatenate(parts), share)


def grid(speech: Sequence[Interval], hop_ms: int, duration_ms: int) -> tuple[Numbers, Floats]:
    """Return the beginnings of the windows that hold enough speech, and how much they hold."""
    step_ms = 10
    spoken = np.zeros(-(-duration_ms // step_ms) + 1, dtype=np.int64)
    for interval in speech:
        spoken[interval.start_ms // step_ms + 1 : interval.end_ms // step_ms + 1] = 1
    total = np.cumsum(spoken)
    starts = np.arange(0, duration_ms, hop_ms)
    ends = np.minimum(starts + LENGTHS_MS[-1], duration_ms)
    share = (total[ends // step_ms] - total[starts // step_ms]) * step_ms / LENGTHS_MS[-1]
    enough = share >= LEAST_SPEECH
    if not enough.any():  # A single short word is all that is said.
        enough = share >= share.max(initial=0)
    return starts[enough], share[enough].astype(np.float32)


def _block(audio: Audio, first_ms: int, starts_ms: Numbers, gain: float) -> Floats:
    if not len(starts_ms):
        return np.zeros((0, len(LENGTHS_MS), 256), dtype=np.float32)
    stretch = Interval(first_ms, int(starts_ms[-1]) + LENGTHS_MS[-1])
    columns = spectrogram(as_float(read_samples(audio, stretch)) * gain)
    lengths = [length // STEP_MS for length in LENGTHS_MS]
    return embed_windows(columns, (starts_ms - first_ms) // STEP_MS, lengths)
