"""Say how surely each voice that was found is somebody's, and not its neighbours at once.

Windows across a change of turn, and talk at once, sound like a mixture of the voices before and
after, and group by themselves. In a group of many some true voice is always like a mixture of two
others, but seldom of those two between which it is heard.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from transcriber.engines.voices.encoder import Floats, unit

Doubles = npt.NDArray[np.float64]

BEST_STRETCHES = 3
"""How many stretches have to tell of a voice; all of them would favour who speaks often."""

EVIDENCE_WEIGHT = 0.15
"""Of the logarithm of what those stretches tell (similarity times seconds)."""

LENGTH_WEIGHT = 0.1
"""Of the median stretch, for each second up to `LONG_S`: true voices mostly have 1.8 to 4 s."""

LONG_S = 2.0

BIAS = -0.5
"""Under all weights: chosen with them on the 42 groups of `generated_groups.choice_groups`."""

_NO_EVIDENCE = 1e-3
_SAME = 0.999  # of one voice before and after, which has no plane


def distinctness(sample: Floats, shares: Doubles, centres: Floats, hop_s: float) -> Doubles:
    """Return a number for each voice: under 0 when it is most likely its neighbours at once.

    `sample` (n, d) are centred windows `hop_s` apart, `shares` (n, voices) whose they are,
    `centres` (voices, d) unit vectors. A stretch tells of its voice by how much more similar it is
    to that than to the best mixture of the voices before and after it.
    """
    labels = shares.argmax(axis=1)
    borders = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    gains: list[list[float]] = [[] for _ in centres]
    lengths_s: list[list[float]] = [[] for _ in centres]
    for first, end in pairwise(borders):
        heard = unit(sample[first:end].mean(axis=0))
        voice = labels[first]
        around = [labels[at] for at in (first - 1, end) if 0 <= at < len(labels)]
        gains[voice].append(float(heard @ centres[voice]) - _likeness(heard, centres[around]))
        lengths_s[voice].append((end - first) * hop_s)
    return np.array([_score(*told) for told in zip(gains, lengths_s, strict=True)])


def _score(gains: list[float], lengths_s: list[float]) -> float:
    """Weigh up the stretches of one voice; a voice without any is none."""
    if not gains:
        return -np.inf
    gain, length_s = np.array(gains), np.array(lengths_s)
    evidence = float(np.sort(gain * length_s)[-BEST_STRETCHES:].sum())
    return float(
        np.average(gain, weights=length_s)
        + EVIDENCE_WEIGHT * np.log(max(evidence, _NO_EVIDENCE))
        + LENGTH_WEIGHT * min(float(np.median(length_s)), LONG_S)
        + BIAS
    )


def _likeness(heard: Floats, around: Floats) -> float:
    """Return how similar a unit vector is to the best mixture of one or two others.

    Shares are positive: the cosine between a vector and its projection onto the plane of two
    others, or onto the nearer one. Nobody around is as unlike as can be.
    """
    alike = around @ heard
    best = float(alike.max(initial=-1.0))
    if len(around) < 2:
        return best
    between = float(around[0] @ around[1])
    if between > _SAME:
        return best
    both = (alike - between * alike[::-1]) / (1 - between**2)
    return max(best, float(both @ alike) ** 0.5) if (both > 0).all() else best
