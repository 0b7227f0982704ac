"""Group voice embeddings into speakers.

Ward linkage on a bounded sample gives more groups than there are speakers; groups that sound alike
are then merged, and k-means on the unit sphere puts every embedding to the nearest voice. The
merge threshold was measured on the embeddings of Resemblyzer (see `SAME_VOICE_SIMILARITY`).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from transcriber.domain.recording import SpeakerCount

Vectors = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

SAME_VOICE_SIMILARITY = 0.865
"""Cosine similarity of two group means above which they count as one voice.

Measured with Resemblyzer on windows of 1.6 s: the two halves into which k-means divides one voice
are 0.89 to 0.96 alike (ten voices), two voices 0.61 to 0.85 (ten pairs, telephone and synthetic).
"""

MAX_SAMPLE = 2_000
"""Embeddings that take part in the linkage: 2000 need 16 MB of distances."""

MAX_ESTIMATED_SPEAKERS = 12
"""Most speakers that are looked for when nobody says how many there are."""

SMALLEST_VOICE_SHARE = 0.005
"""A group with a smaller share of the embeddings than this is noise, laughter or talk at once."""

KMEANS_ROUNDS = 30


def normalise(vectors: npt.NDArray[Any]) -> Vectors:
    """Scale each row of `vectors` (n, d) to length 1; rows of zeros stay as they are."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled


def voices(embeddings: Vectors, count: SpeakerCount, smallest: int) -> Vectors:
    """Return one unit vector for each voice, as an array (voices, d).

    `embeddings` (n, d) are unit vectors in order of time; `smallest` is the number of embeddings
    below which a group is not taken for a voice of its own unless the count demands it. The number
    of voices lies within `count`, or is n where there are fewer embeddings than voices asked for.
    Raises ValueError when there is no embedding.
    """
    if len(embeddings) == 0:
        raise ValueError("no embedding to group")
    sample = _sample(embeddings)
    smallest = round(smallest * len(sample) / len(embeddings))
    # In a recording of seconds even a sixth of the talk is a voice.
    smallest = max(1, min(smallest, len(sample) // 6), round(SMALLEST_VOICE_SHARE * len(sample)))
    exact = count.exact
    if exact is not None:
        return _centres(sample, _fixed(sample, min(exact, len(sample))))
    labels = _estimate(sample, smallest)
    found = int(labels.max()) + 1
    wanted = max(found, count.minimum)
    if count.maximum is not None:
        wanted = min(wanted, count.maximum)
    wanted = min(wanted, len(sample))
    return _centres(sample, labels if wanted == found else _fixed(sample, wanted))


def nearest(embeddings: Vectors, centres: Vectors) -> Labels:
    """Number of the most similar centre for each embedding; the first one on a draw."""
    return np.asarray((embeddings @ centres.T).argmax(axis=1), dtype=np.int64)


def _sample(embeddings: Vectors) -> Vectors:
    if len(embeddings) <= MAX_SAMPLE:
        return embeddings
    # Evenly spread rather than drawn, so that the result is the same every time.
    chosen: Vectors = embeddings[np.linspace(0, len(embeddings) - 1, MAX_SAMPLE).astype(int)]
    return chosen


def _ward(vectors: Vectors, groups: int) -> Labels:
    from scipy.cluster.hierarchy import fcluster, linkage

    if groups == 1 or len(vectors) == 1:
        return np.zeros(len(vectors), dtype=np.int64)
    tree = linkage(vectors.astype(np.float64), "ward")
    return _renumber(fcluster(tree, groups, "maxclust"))


def _renumber(labels: npt.NDArray[Any]) -> Labels:
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64)


def _centres(vectors: Vectors, labels: Labels) -> Vectors:
    return normalise(
        np.stack([vectors[labels == group].mean(axis=0) for group in range(labels.max() + 1)])
    )


def _refine(vectors: Vectors, labels: Labels) -> Labels:
    """Run k-means on the unit sphere from `labels`; stop rather than lose a group."""
    for _ in range(KMEANS_ROUNDS):
        moved = nearest(vectors, _centres(vectors, labels))
        if len(np.unique(moved)) <= labels.max() or (moved == labels).all():
            break
        labels = moved
    return labels


def _fixed(vectors: Vectors, groups: int) -> Labels:
    return _refine(vectors, _ward(vectors, groups))


def _estimate(vectors: Vectors, smallest: int) -> Labels:
    """Group into as many voices as sound different."""
    labels = _ward(vectors, min(MAX_ESTIMATED_SPEAKERS, len(vectors)))
    while labels.max() > 0:
        sizes = np.bincount(labels)
        centres = _centres(vectors, labels)
        alike = centres @ centres.T - 2 * np.eye(len(centres))
        weakest = int(sizes.argmin())
        if sizes[weakest] < smallest:
            first, second = weakest, int(alike[weakest].argmax())
        else:
            first, second = (int(i) for i in np.unravel_index(alike.argmax(), alike.shape))
            if alike[first, second] < SAME_VOICE_SIMILARITY:
                break
        labels = _refine(vectors, _renumber(np.where(labels == first, second, labels)))
    return labels
