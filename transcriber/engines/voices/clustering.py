"""Find the voices of a recording: how many there are, and how each sounds.

Several groupings of a bounded sample are beginnings for the mixture of voices (`mixture`), and the
one that explains the sample best is kept. Work and memory do not grow with the recording: every
window is given to a voice afterwards, frame by frame (`resegmentation`).
"""

from collections.abc import Sequence

import numpy as np

from transcriber.domain.recording import SpeakerCount
from transcriber.engines.voices.distinct import Doubles, distinctness
from transcriber.engines.voices.encoder import Floats, Numbers, unit
from transcriber.engines.voices.mixture import Fit, fit

EVIDENCE_PER_SECOND = 0.5
"""What a second of windows counts in the mixture: 0.6 windows of 1.6 s fit in it side by side."""

MAX_SAMPLE = 1_200
"""Windows that voices are found by, eight minutes of talk in blocks spread over the recording."""

BLOCK = 40
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

FINER_EVIDENCE = 2.0
"""Factor on the evidence that finds more voices than are wanted, to choose from."""

LEAST_GROUP_S = 3.0
"""Windows are never put into so many groups that each has less than this on the mean."""

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
    hop_s = hop_ms / 1000
    if count.exact is not None:
        return _fixed(sample, count.exact, hop_s)
    found = _estimated(sample, hop_s)
    if len(found) < count.minimum:
        return _fixed(sample, count.minimum, hop_s)
    if count.maximum is not None and len(found) > count.maximum:
        return _fixed(sample, count.maximum, hop_s)
    return found


def _sample(embeddings: Floats) -> Floats:
    """Return blocks of neighbours, evenly spread, so that the result is the same every time."""
    if len(embeddings) <= MAX_SAMPLE:
        return embeddings
    firsts = np.linspace(0, len(embeddings) - BLOCK, MAX_SAMPLE // BLOCK).astype(int)
    chosen: Floats = np.concatenate([embeddings[first : first + BLOCK] for first in firsts])
    return chosen


def _estimated(sample: Floats, hop_s: float) -> Floats:
    """Find voices whose number nobody knows."""
    beginnings = _cut(_trees(sample), (1, 2, 3, 4, 6, 8, MAX_ESTIMATED_SPEAKERS))
    best = _best(fit(sample, beginnings, EVIDENCE_PER_SECOND * hop_s, keep=False))
    heard_s = np.bincount(best.labels, minlength=best.shares.shape[1]) * hop_s
    least_s = min(max(LEAST_SHARE * heard_s.sum(), LEAST_S), ENOUGH_S, heard_s.max())
    return _centres(sample, _merged(sample, best.shares[:, heard_s >= least_s], hop_s))


def _fixed(sample: Floats, wanted: int, hop_s: float) -> Floats:
    """Find as many voices as are wanted; fewer only where no evidence keeps them apart."""
    wanted = min(wanted, len(sample))
    beginnings = _fixed_beginnings(sample, wanted, hop_s)
    found: list[Fit] = []
    for factor in MORE_EVIDENCE:
        weight = EVIDENCE_PER_SECOND * hop_s * factor
        fits = fit(sample, beginnings, weight, keep=True)
        told = max(_told(one) for one in fits)
        found.append(_best([one for one in fits if _told(one) == told]))
        if told == wanted:
            break
    best = max(found, key=_told)
    return _centres(sample, best.shares[:, np.unique(best.labels)])


def _fixed_beginnings(sample: Floats, wanted: int, hop_s: float) -> list[Numbers]:
    """Group the sample into as many groups as are wanted: at once, and from more of them.

    The mixture only climbs to the nearest peak of its evidence, and a voice that shares a group at
    the beginning seldom gets out of it.
    """
    trees = _trees(sample)
    most = int(len(sample) * hop_s / LEAST_GROUP_S)
    counts = [count for count in (wanted + 2, wanted + 4, 2 * wanted + 2) if count <= most]
    finer = [_one_hot(labels) for labels in _cut(trees, counts)] if counts else []
    if most >= MAX_ESTIMATED_SPEAKERS:
        weight = FINER_EVIDENCE * EVIDENCE_PER_SECOND * hop_s
        begun = _cut(trees, (wanted + 3, MAX_ESTIMATED_SPEAKERS))
        finer.append(_best(fit(sample, begun, weight, keep=False)).shares)
    reduced = [_labels(sample, _merged(sample, shares, hop_s, wanted)) for shares in finer]
    return _cut(trees, [wanted]) + reduced


def _told(found: Fit) -> int:
    """Return how many voices have a window."""
    return len(np.unique(found.labels))


def _best(fits: Sequence[Fit]) -> Fit:
    return max(fits, key=lambda found: found.evidence)


def _trees(sample: Floats) -> list[Doubles]:
    """Link the sample in two ways; nothing to link where there is one window."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import pdist

    if len(sample) == 1:
        return []
    apart = pdist(sample.astype(np.float64))
    return [linkage(apart, "ward"), linkage(apart, "average")]


def _cut(trees: Sequence[Doubles], counts: Sequence[int]) -> list[Numbers]:
    """Cut each tree into each number of groups, or as many as it has leaves."""
    from scipy.cluster.hierarchy import fcluster

    cut = [fcluster(tree, count, "maxclust") - 1 for tree in trees for count in counts]
    return [np.asarray(labels, dtype=np.int64) for labels in cut] or [np.zeros(1, dtype=np.int64)]


def _one_hot(labels: Numbers) -> Doubles:
    return np.eye(int(labels.max()) + 1)[labels]


def _labels(sample: Floats, shares: Doubles) -> Numbers:
    """Return the voice of each window, the nearest one where its own was dropped; from 0 up."""
    own = shares.sum(axis=1) > 0.5
    nearest = (sample @ _centres(sample, shares).T).argmax(axis=1)
    labels = np.where(own, shares.argmax(axis=1), nearest)
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64)


def _centres(sample: Floats, shares: Doubles) -> Floats:
    return unit(shares.T @ sample)


def _merged(sample: Floats, shares: Doubles, hop_s: float, wanted: int | None = None) -> Doubles:
    """Join voices that sound alike, and drop those of more than two that are others at once.

    With `wanted` the least distinct are dropped until so many are left.
    """
    shares = shares.copy()
    while shares.shape[1] > (wanted or 1):
        centres = _centres(sample, shares)
        alike = centres @ centres.T - 2 * np.eye(len(centres))
        first, second = sorted(int(i) for i in np.unravel_index(alike.argmax(), alike.shape))
        if alike[first, second] >= SAME_VOICE_SIMILARITY:
            shares[:, first] += shares[:, second]
            shares = np.delete(shares, second, axis=1)
            continue
        told = distinctness(sample, shares, centres, hop_s)
        if wanted is None and (len(centres) == 2 or told.min() >= 0):
            break
        shares = np.delete(shares, int(told.argmin()), axis=1)
    return shares
