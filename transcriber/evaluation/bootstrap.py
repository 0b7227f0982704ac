"""How far a figure may be off because other documents might have been chosen."""

from collections.abc import Sequence

DRAWS = 2000
FEWEST = 5
"""With fewer documents the interval would say more about the draw than about the figure."""

SEED = 20240229
"""Any number does; one number gives everybody the same interval."""


def recall_interval(counts: Sequence[tuple[int, int]]) -> tuple[float, float] | None:
    """Return the 95 % interval of a recall, drawing whole documents with replacement.

    Args:
        counts: Covered and all mentions, one pair a document.

    Returns:
        Percentiles 2.5 and 97.5 (Efron 1979), None with fewer than five documents with mentions.
    """
    return rate_interval([pair for pair in counts if pair[1]])


def rate_interval(counts: Sequence[tuple[int, int]]) -> tuple[float, float] | None:
    """Return the 95 % interval of a rate such as errors by words, drawing as `recall_interval`.

    Parts with nothing to divide by still add what they have above. None with fewer than five parts.
    """
    import numpy as np

    table = np.array(counts, dtype=np.int64)
    if len(table) < FEWEST:
        return None
    draws = np.random.default_rng(SEED).integers(len(table), size=(DRAWS, len(table)))
    above, below = table[draws].sum(axis=1).T
    rates = above[below > 0] / below[below > 0]
    if not len(rates):
        return None
    low, high = np.percentile(rates, (2.5, 97.5))
    return float(low), float(high)
