"""Tell voices apart with the speaker encoder whose weights travel in the Resemblyzer wheel.

The encoder is the d-vector network of Wan et al. 2018, "Generalized end-to-end loss for speaker
verification". Windows of two lengths slide over the speech; the windows in which one voice speaks
throughout are grouped into voices (`clustering`); then a Viterbi pass over 50 ms frames decides
where turns begin and end. Turns do not overlap in this version.
"""

import hashlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from transcriber.domain.errors import EngineFailed, EngineMissing
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio, SpeakerCount
from transcriber.domain.transcript import Turn
from transcriber.engines.clustering import Vectors, voices
from transcriber.engines.pcm import as_float, read_samples
from transcriber.engines.resegmentation import FRAME_MS, best_path
from transcriber.stages.protocols import Progress

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

STEP_MS = 10
"""One column of the encoder's mel spectrogram (resemblyzer.hparams)."""

LONG_STEPS = 160
"""Window that voices are grouped by: the 1.6 s that the encoder was trained on."""

SHORT_STEPS = 100
"""Window that sharpens the borders; shorter ones make the encoder unsure."""

HOP_STEPS = 10
"""A window every 0.1 s."""

PIECE_MS = 30_000
"""Longer speech is cut, so that memory does not grow with a talk without pauses."""

BATCH_WINDOWS = 128

LOUDNESS_DBFS = -30.0
"""Level of the encoder's training data (resemblyzer.hparams); it takes no logarithm."""

PURE_SHARE = 0.65
"""Share of the windows that voices are grouped by: those with the least change of voice inside.

With all windows, talk at once and changes of turn make groups of their own: six voices were found
in a call of two. Shares from 0.5 to 0.8 gave two in each of three calls.
"""

SMALLEST_VOICE_WINDOWS = 30
"""Three seconds of windows without a change of voice; less is not evidence for another person."""

DECIMALS = 4
"""Embeddings are rounded, so that last bits, which differ between processors, seldom decide."""


@dataclass(frozen=True)
class _Piece:
    """Speech of at most 30 s and its windows: first and last column, and unit vectors (n, 256)."""

    interval: Interval
    long: tuple[Numbers, Vectors]
    short: tuple[Numbers, Vectors]


class ResemblyzerDiariser:
    """Diariser that needs no download: Resemblyzer's encoder and this project's clustering."""

    name = "resemblyzer"

    def provenance(self) -> Mapping[str, str]:
        """Return the version of the package and the SHA-256 of its weights.

        Raises EngineMissing when the package is not installed.
        """
        digest = hashlib.sha256(_weights().read_bytes()).hexdigest()
        return {"resemblyzer": version("resemblyzer"), "weights_sha256": digest}

    def diarise(
        self,
        audio: Audio,
        speech: Sequence[Interval],
        count: SpeakerCount,
        progress: Progress,
    ) -> tuple[Turn, ...]:
        """Return turns that cover `speech`, in order, without overlap.

        Speakers are `S1`, `S2`, … by first appearance. Progress counts milliseconds of speech.
        Fewer voices than `count` are found where the speech is too short to hold them. Raises
        EngineMissing when Resemblyzer is not installed and EngineFailed when it breaks.
        """
        intervals = [piece for stretch in speech for piece in _cut(stretch)]
        if not intervals:
            return ()
        try:
            with _one_thread():
                pieces = self._embed(audio, intervals, progress)
        except RuntimeError as error:  # What torch raises for everything from memory to weights.
            raise EngineFailed(
                "diarisation_failed",
                "The speaker model stopped while it worked; free some memory and run again.",
            ) from error
        centres = voices(_pure(pieces), count, SMALLEST_VOICE_WINDOWS)
        return _name(_join(turn for piece in pieces for turn in _resegment(piece, centres)))

    @cached_property
    def _encoder(self) -> Any:
        _weights()
        with warnings.catch_warnings():
            # Of importing resemblyzer and the packages it builds on; nothing a user can act on.
            warnings.filterwarnings("ignore", message=".*pkg_resources")
            warnings.filterwarnings("ignore", message=".*scipy.ndimage", category=Warning)
            from resemblyzer import VoiceEncoder

            return VoiceEncoder("cpu", verbose=False)

    def _embed(
        self, audio: Audio, intervals: Sequence[Interval], progress: Progress
    ) -> list[_Piece]:
        encoder = self._encoder
        gain = _gain(audio, intervals)
        total_ms = sum(interval.duration_ms for interval in intervals)
        done_ms = 0
        pieces = []
        for interval in intervals:
            columns = _spectrogram(as_float(read_samples(audio, interval)) * gain)
            long, short = (_windows(encoder, columns, steps) for steps in (LONG_STEPS, SHORT_STEPS))
            pieces.append(_Piece(interval, long, short))
            done_ms += interval.duration_ms
            progress(done_ms, total_ms)
        return pieces


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep torch on one thread for a while.

    The encoder multiplies small matrices in sequence: two threads on two busy cores took five
    times as long as one, and the order of sums, so the last bits, would depend on the machine.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _weights() -> Path:
    found = find_spec("resemblyzer")
    if found is None or not found.submodule_search_locations:
        raise EngineMissing(
            "resemblyzer_missing",
            "Telling voices apart needs Resemblyzer: run `pip install resemblyzer`.",
        )
    return Path(found.submodule_search_locations[0]) / "pretrained.pt"


def _cut(stretch: Interval) -> Iterator[Interval]:
    """Cut into equal pieces of at most `PIECE_MS`; a stretch without length gives none."""
    parts = -(-stretch.duration_ms // PIECE_MS)
    borders = [
        stretch.start_ms + stretch.duration_ms * part // max(parts, 1) for part in range(parts + 1)
    ]
    for start_ms, end_ms in pairwise(borders):
        yield Interval(start_ms, end_ms)


def _gain(audio: Audio, intervals: Sequence[Interval]) -> float:
    """Return the factor that brings all speech together to the level the encoder knows."""
    energy, samples = 0.0, 0
    for interval in intervals:
        sound = as_float(read_samples(audio, interval)).astype(np.float64)
        energy += float(sound @ sound)
        samples += len(sound)
    level = (energy / max(samples, 1)) ** 0.5
    return float(10 ** (LOUDNESS_DBFS / 20) / max(level, 1e-6))


def _spectrogram(sound: Floats) -> Floats:
    """Mel spectrogram (columns, 40) of `sound`, which is lengthened by silence to two columns."""
    from resemblyzer.audio import wav_to_mel_spectrogram

    shortest = 2 * SAMPLE_RATE_HZ * 25 // 1000  # Two of the 25 ms frames behind a column.
    padded = np.pad(sound, (0, max(0, shortest - len(sound))))
    columns: Floats = wav_to_mel_spectrogram(padded.astype(np.float32))
    return columns


def _windows(encoder: Any, columns: Floats, steps: int) -> tuple[Numbers, Vectors]:
    """Return first and last column (n, 2) and embedding (n, 256) of each window of a piece."""
    import torch

    steps = min(steps, len(columns))
    starts = np.unique(
        np.append(np.arange(0, len(columns) - steps, HOP_STEPS), len(columns) - steps)
    )
    parts = []
    with torch.inference_mode():
        for at in range(0, len(starts), BATCH_WINDOWS):
            batch = np.stack(
                [columns[start : start + steps] for start in starts[at : at + BATCH_WINDOWS]]
            )
            parts.append(encoder(torch.from_numpy(batch)).numpy())
    # Digital silence embeds as 0/0.
    embeddings = np.nan_to_num(np.concatenate(parts)).round(DECIMALS)
    return np.stack([starts, starts + steps], axis=1), embeddings


def _pure(pieces: Sequence[_Piece]) -> Vectors:
    """Embeddings of the long windows in which the voice changes least, in order of time."""
    purity = np.concatenate([_purity(piece) for piece in pieces])
    embeddings = np.concatenate([piece.long[1] for piece in pieces])
    usable = np.isfinite(purity)
    if not usable.any():
        return embeddings
    chosen: Vectors = embeddings[purity >= np.quantile(purity[usable], 1 - PURE_SHARE)]
    return chosen


def _purity(piece: _Piece) -> Floats:
    """Least similarity of each long window to a short one inside it; -inf for speech under 1 s."""
    (spans, embeddings), (short_spans, short_embeddings) = piece.long, piece.short
    if spans[0, 1] - spans[0, 0] < SHORT_STEPS:
        return np.full(len(spans), -np.inf, dtype=np.float32)
    alike = embeddings @ short_embeddings.T
    inside = (short_spans[:, 0] >= spans[:, :1]) & (short_spans[:, 1] <= spans[:, 1:])
    least: Floats = np.where(inside, alike, 1.0).min(axis=1).astype(np.float32)
    return least


def _resegment(piece: _Piece, centres: Vectors) -> Iterator[tuple[int, Interval]]:
    """Yield the number of the voice and the stretch of each turn within a piece."""
    interval = piece.interval
    frames = max(1, interval.duration_ms // FRAME_MS)
    middles = (np.arange(frames) + 0.5) * FRAME_MS / STEP_MS
    scores = np.zeros((frames, len(centres)))
    for spans, embeddings in (piece.long, piece.short):
        alike = embeddings @ centres.T
        for voice in range(len(centres)):
            scores[:, voice] += np.interp(middles, spans.mean(axis=1), alike[:, voice]) / 2
    path = best_path(scores)
    borders = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), frames]
    for first, end in pairwise(borders):
        start_ms = interval.start_ms + first * FRAME_MS
        end_ms = interval.end_ms if end == frames else interval.start_ms + end * FRAME_MS
        yield int(path[first]), Interval(start_ms, end_ms)


def _join(turns: Iterator[tuple[int, Interval]]) -> list[tuple[int, Interval]]:
    """Join turns of one voice that touch, as the pieces of a long talk do."""
    joined: list[tuple[int, Interval]] = []
    for voice, interval in turns:
        if joined and joined[-1][0] == voice and joined[-1][1].end_ms == interval.start_ms:
            interval = Interval(joined.pop()[1].start_ms, interval.end_ms)  # noqa: PLW2901
        joined.append((voice, interval))
    return joined


def _name(turns: Sequence[tuple[int, Interval]]) -> tuple[Turn, ...]:
    names: dict[int, str] = {}
    return tuple(
        Turn(names.setdefault(voice, f"S{len(names) + 1}"), interval) for voice, interval in turns
    )
