"""Voices as a Bayesian hidden Markov model over embeddings.

The model is VBx (Landini et al. 2022, "Bayesian HMM clustering of x-vector sequences in speaker
diarization"): each voice has a position with a normal prior, each embedding lies around the
position of the voice that speaks, and whoever speaks goes on with a fixed probability. Voices that
the evidence does not need lose their share, which is how their number is found. In VBx both
variances come from a trained PLDA; here they are the same in all directions, because directions
learnt from synthetic speech made real speech worse (docs/measurements.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transcriber.engines.voices.encoder import Floats, Numbers

Doubles = npt.NDArray[np.float64]

WITHIN_VARIANCE = 0.15
"""Summed over all directions, of windows of 1.6 s around their voice; 0.17 on synthetic
speech by `tests.benchmarks.mean_voice`, taken a little lower."""

BETWEEN_TO_WITHIN = 3.0
"""How much further voices are from their common mean than windows from their voice, squared."""

STAY = 0.9
"""Probability that whoever speaks in a window also speaks in the next, 0.2 s later."""

ROUNDS = 15


@dataclass(frozen=True)
class Fit:
    """Share of each voice in each embedding (n, voices), and how well the model explains them."""

    shares: Doubles
    evidence: float

    @property
    def labels(self) -> Numbers:
        """The voice of each embedding."""
        return np.asarray(self.shares.argmax(axis=1), dtype=np.int64)


def fit(embeddings: Floats, beginnings: Sequence[Numbers], weight: float, keep: bool) -> list[Fit]:
    """Fit the model from each of several `beginnings`: a voice for each embedding, from 0 up.

    `embeddings` (n, d) are centred on the mean of all voices and in order of time. `weight` is how
    much each counts: windows overlap, so that they are not as many pieces of evidence as they are.
    With `keep`, all voices stay equally likely, so that none is given up for another. All
    beginnings are worked on at once, padded to the same number of voices.
    """
    scaled = embeddings.astype(np.float64) / np.sqrt(WITHIN_VARIANCE / embeddings.shape[1])
    voices = max(int(labels.max()) + 1 for labels in beginnings)
    shares = np.stack([_softened(labels, voices) for labels in beginnings], axis=1)
    prior = shares.mean(axis=0)
    if keep:
        prior = (prior > 0) / (prior > 0).sum(axis=1, keepdims=True)
    base = -0.5 * (scaled**2).sum(axis=1)[:, None, None]
    lifted = scaled * np.sqrt(BETWEEN_TO_WITHIN)
    evidence = np.zeros(len(beginnings))
    for _ in range(ROUNDS):
        spread = 1 / (1 + weight * shares.sum(axis=0)[..., None] * BETWEEN_TO_WITHIN)
        place = weight * spread * np.einsum("nik,nd->ikd", shares, lifted, optimize=True)
        offset = 0.5 * ((spread + place**2) * BETWEEN_TO_WITHIN).sum(axis=-1)
        match = np.einsum("nd,ikd->nik", lifted, place, optimize=True)
        shares, seen, entered = _forward_backward(weight * (match - offset + base), prior)
        if not keep:
            prior = entered / entered.sum(axis=1, keepdims=True)
        gain = np.log(spread) - spread + 1 - place**2
        evidence = seen + 0.5 * gain.sum(axis=(1, 2))
    return [Fit(shares[:, i], float(evidence[i])) for i in range(len(beginnings))]


def _softened(labels: Numbers, voices: int) -> Doubles:
    """Nine tenths for the voice that an embedding begins with, the rest for all that begin."""
    begun = int(labels.max()) + 1
    shares = np.zeros((len(labels), voices))
    shares[:, :begun] = 0.1 / begun
    shares[np.arange(len(labels)), labels] += 0.9
    return shares


def _forward_backward(likely: Doubles, prior: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Return shares (n, i, k), log evidence (i) and how often each voice is begun (i, k).

    `likely` are log likelihoods (n, beginnings, voices), `prior` (beginnings, voices).
    """
    peaks = likely.max(axis=2, keepdims=True)
    odds = np.exp(likely - peaks)
    count = len(odds)
    forward, backward = np.empty_like(odds), np.ones_like(odds)
    scale = np.empty(odds.shape[:2])
    now = prior * odds[0]
    for number in range(count):
        if number:
            now = (STAY * forward[number - 1] + (1 - STAY) * prior) * odds[number]
        scale[number] = np.maximum(now.sum(axis=1), 1e-300)
        forward[number] = now / scale[number][:, None]
    for number in range(count - 2, -1, -1):
        ahead = odds[number + 1] * backward[number + 1]
        begun = (prior * ahead).sum(axis=1, keepdims=True)
        backward[number] = (STAY * ahead + (1 - STAY) * begun) / scale[number + 1][:, None]
    shares = forward * backward
    shares /= np.maximum(shares.sum(axis=2, keepdims=True), 1e-300)
    jumps = (odds[1:] * backward[1:] / scale[1:, :, None]).sum(axis=0)
    entered = shares[0] + (1 - STAY) * prior * jumps
    return shares, (np.log(scale) + peaks[..., 0]).sum(axis=0), entered
