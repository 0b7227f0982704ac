"""The speaker encoder whose weights travel in the Resemblyzer wheel.

It is the d-vector network of Wan et al. 2018, "Generalized end-to-end loss for speaker
verification": mel spectrogram in, a vector of 256 that sounds alike for one voice out.
"""

import hashlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from transcriber.domain.errors import EngineFailed, EngineMissing
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.stages.pcm import as_float, read_samples

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

STEP_MS = 10
"""One column of the encoder's mel spectrogram (resemblyzer.hparams)."""

BATCH_WINDOWS = 64

_MEAN_VOICE = files("transcriber.engines.voices") / "mean_voice.npy"

LOUDNESS_DBFS = -30.0
"""Level of the encoder's training data (resemblyzer.hparams); it takes no logarithm."""

DECIMALS = 4
"""Embeddings are rounded, so that last bits, which differ between processors, seldom decide."""


def provenance() -> Mapping[str, str]:
    """Return the version of the package, and the SHA-256 of its weights and of `mean_voice`.

    Raises EngineMissing when the package is not installed.
    """
    return {
        "resemblyzer": version("resemblyzer"),
        "weights_sha256": hashlib.sha256(_weights().read_bytes()).hexdigest(),
        "mean_voice_sha256": hashlib.sha256(_MEAN_VOICE.read_bytes()).hexdigest(),
    }


@cache
def load_encoder() -> Any:
    """Return the network, loaded once. Raises EngineMissing when it is not installed."""
    _weights()
    with warnings.catch_warnings():
        # Of importing resemblyzer and the packages it builds on; nothing a user can act on.
        warnings.filterwarnings("ignore", message=".*pkg_resources")
        warnings.filterwarnings("ignore", message=".*scipy.ndimage", category=Warning)
        from resemblyzer import VoiceEncoder

        return VoiceEncoder("cpu", verbose=False)


@contextmanager
def encoding() -> Iterator[None]:
    """Load the encoder, keep torch on one thread, and turn what it raises into EngineFailed.

    The encoder multiplies small matrices in sequence: two threads on two busy cores took five
    times as long as one, and the order of sums, so the last bits, would depend on the machine.
    """
    import torch

    load_encoder()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    except RuntimeError as error:  # What torch raises for everything from memory to weights.
        raise EngineFailed(
            "diarisation_failed",
            "The speaker model stopped while it worked; free some memory and run again.",
        ) from error
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


def level_gain(audio: Audio, intervals: Sequence[Interval]) -> float:
    """Return the factor that brings all speech together to the level the encoder knows."""
    energy, samples = 0.0, 0
    for interval in intervals:
        sound = as_float(read_samples(audio, interval)).astype(np.float64)
        energy += float(sound @ sound)
        samples += len(sound)
    level = (energy / max(samples, 1)) ** 0.5
    return float(10 ** (LOUDNESS_DBFS / 20) / max(level, 1e-6))


def spectrogram(sound: Floats) -> Floats:
    """Mel spectrogram (columns, 40) of `sound`, which is lengthened by silence to two columns."""
    from resemblyzer.audio import wav_to_mel_spectrogram

    shortest = 2 * SAMPLE_RATE_HZ * 25 // 1000  # Two of the 25 ms frames behind a column.
    padded = np.pad(sound, (0, max(0, shortest - len(sound))))
    columns: Floats = wav_to_mel_spectrogram(padded.astype(np.float32))
    return columns


def embed_windows(columns: Floats, starts: Numbers, lengths: Sequence[int]) -> Floats:
    """Return how each window of `columns` sounds, as vectors (windows, lengths, 256) of length 1.

    A window begins at each of `starts` and is read once, up to the last of `lengths` (columns, in
    order): the network reads forward, so that what it knows after fewer columns is the embedding
    of a shorter window. Windows beyond the end see silence. To be called within `encoding`.
    """
    import torch

    encoder = load_encoder()
    heard = np.pad(columns, ((0, lengths[-1]), (0, 0)))
    ends = [length - 1 for length in lengths]
    parts = []
    with torch.inference_mode():
        for at in range(0, len(starts), BATCH_WINDOWS):
            batch = [
                heard[start : start + lengths[-1]] for start in starts[at : at + BATCH_WINDOWS]
            ]
            states, _ = encoder.lstm(torch.from_numpy(np.stack(batch)))
            parts.append(torch.relu(encoder.linear(states[:, ends])).numpy())
    raw: Floats = np.concatenate(parts)
    return unit(raw).round(DECIMALS)


def unit(vectors: npt.NDArray[Any]) -> Floats:
    """Scale vectors (..., d) to length 1; zeros stay as they are."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled


@cache
def mean_voice() -> Floats:
    """Return the mean embedding (256) of many voices: what all of them have in common.

    All embeddings lie in one corner of the space; taken from this mean, two voices are opposite
    more often than alike. Measured on synthetic speech by `tests.benchmarks.mean_voice`.
    """
    with _MEAN_VOICE.open("rb") as file:
        mean: Floats = np.load(file)
    return mean


def centred(embeddings: Floats) -> Floats:
    """Return embeddings (..., 256) as seen from `mean_voice`; they are no longer of length 1.

    A window with two voices in it comes out short, which tells something.
    """
    seen: Floats = embeddings - mean_voice()
    return seen
