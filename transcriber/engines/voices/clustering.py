"""Find the voices of a recording: how many there are, and how each sounds.

Several groupings of a bounded sample are beginnings for the mixture of voices (`mixture`), and the
one that explains the sample best is kept. Work and memory do not grow with the recording: every
window is given to a voice afterwards, frame by frame (`resegmentation`).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transcriber.domain.recording import SpeakerCount
from transcriber.engines.voices.distinct import distinctness
from transcriber.engines.voices.encoder import Floats, Numbers, unit
from transcriber.engines.voices.mixture import Fit, fit

EVIDENCE_PER_SECOND = 0.5
"""What a second of windows counts in the mixture: 0.6 windows of 1.6 s fit in it side by side."""

MAX_SAMPLE = 1_800
"""Windows that voices are found by, in blocks spread over the recording."""

BLOCK = 60
"""Windows that stay together in the sample: who goes on speaking is evidence."""

MAX_ESTIMATED_SPEAKERS = 12
"""Most speakers that are looked for when nobody says how many there are."""

SAME_VOICE_SIMILARITY = 0.78
"""Similarity of two centred means above which they are one voice.

Two halves into which one voice divides worst are 0.82 to 0.9 alike where there is half a minute of
it (real calls); two voices at most 0.73.
"""

LEAST_SHARE, LEAST_S, ENOUGH_S = 0.02, 0.8, 3.0
"""What is heard for less than this share of the talk, where nobody says how many speak, is no voice
of its own; at least 0.8 s are asked for, and 3 s are always enough."""

MORE_EVIDENCE = (1.0, 1.5, 2.25, 3.4)
"""Factors on the evidence, tried until as many voices as were asked for are kept apart."""


def voices(embeddings: Floats, hop_ms: int, count: SpeakerCount) -> Floats:
    """Return one unit vector for each voice, as an array (voices, d).

    `embeddings` (n, d) are centred and in order of time, `hop_ms` apart. There are as
    many voices as `count` allows and the evidence tells apart: fewer than asked for where they
    sound alike or the talk is too short. Raises ValueError when there is no embedding.
    """
    if len(embeddings) == 0:
        raise ValueError("no embedding to group")
    sample = _sample(embeddings)
    weight = EVIDENCE_PER_SECOND * hop_ms / 1000
    if count.exact is not None:
        return _fixed(sample, count.exact, weight)
    found = _estimated(sample, weight, hop_ms / 1000)
    if len(found) < count.minimum:
        return _fixed(sample, count.minimum, weight)
    if count.maximum is not None and len(found) > count.maximum:
        return _fixed(sample, count.maximum, weight)
    return found


def _sample(embeddings: Floats) -> Floats:
    """Return blocks of neighbours, evenly spread, so that the result is the same every time."""
    if len(embeddings) <= MAX_SAMPLE:
        return embeddings
    firsts = np.linspace(0, len(embeddings) - BLOCK, MAX_SAMPLE // BLOCK).astype(int)
    chosen: Floats = np.concatenate([embeddings[first : first + BLOCK] for first in firsts])
    return chosen


def _estimated(sample: Floats, weight: float, hop_s: float) -> Floats:
    """Find voices whose number nobody knows."""
    counts = [k for k in (1, 2, 3, 4, 6, 8, MAX_ESTIMATED_SPEAKERS) if k <= len(sample)]
    best = _best(fit(sample, _beginnings(sample, counts), weight, keep=False))
    heard_s = np.bincount(best.labels, minlength=best.shares.shape[1]) * hop_s
    least_s = min(max(LEAST_SHARE * heard_s.sum(), LEAST_S), ENOUGH_S, heard_s.max())
    return _merged(sample, best.shares[:, heard_s >= least_s], hop_s)


def _fixed(sample: Floats, wanted: int, weight: float) -> Floats:
    """Find as many voices as are wanted; fewer only where no evidence keeps them apart."""
    wanted = min(wanted, len(sample))
    beginnings = _beginnings(sample, [wanted])
    best: Fit | None = None
    for factor in MORE_EVIDENCE:
        found = _best(fit(sample, beginnings, weight * factor, keep=True))
        if best is None or len(np.unique(found.labels)) > len(np.unique(best.labels)):
            best = found
        if len(np.unique(best.labels)) == wanted:
            break
    assert best is not None
    return _centres(sample, best.shares[:, np.unique(best.labels)])


def _best(fits: Sequence[Fit]) -> Fit:
    return max(fits, key=lambda found: found.evidence)


def _beginnings(sample: Floats, counts: Sequence[int]) -> list[Numbers]:
    """Group the sample in several ways, into each number of groups."""
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(sample) == 1:
        return [np.zeros(1, dtype=np.int64)]
    doubles = sample.astype(np.float64)
    trees = [linkage(doubles, "ward"), linkage(doubles, "average")]
    return [
        np.asarray(fcluster(tree, groups, "maxclust") - 1, dtype=np.int64)
        for tree in trees
        for groups in counts
    ]


def _centres(sample: Floats, shares: npt.NDArray[np.float64]) -> Floats:
    return unit(shares.T @ sample)


def _merged(sample: Floats, shares: npt.NDArray[np.float64], hop_s: float) -> Floats:
    """Join voices that sound alike, and drop those of more than two that are others at once."""
    while shares.shape[1] > 1:
        centres = _centres(sample, shares)
        alike = centres @ centres.T - 2 * np.eye(len(centres))
        first, second = sorted(int(i) for i in np.unravel_index(alike.argmax(), alike.shape))
        if alike[first, second] >= SAME_VOICE_SIMILARITY:
            shares[:, first] += shares[:, second]
            shares = np.delete(shares, second, axis=1)
            continue
        told = distinctness(sample, shares, centres, hop_s)
        if len(centres) == 2 or told.min() >= 0:
            break
        shares = np.delete(shares, int(told.argmin()), axis=1)
    return _centres(sample, shares)
