"""Decide frame by frame who speaks, from how much each frame sounds like each voice."""

from typing import Any

import numpy as np
import numpy.typing as npt

FRAME_MS = 50
"""Fine enough for borders within the 0.25 s that diarisation is scored with (NIST RT collar)."""

SIMILARITY_WEIGHT = 20.0
CHANGE_COST = 4.0
"""A change of voice has to earn 0.2 of summed cosine similarity (`CHANGE_COST` over the weight).

That is a difference of 0.05 kept up over 0.2 s; a wrong flicker costs more than a late border.
"""


def best_path(scores: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the voice of each frame: the Viterbi path through `scores` (frames, voices).

    `scores` are cosine similarities. Staying costs nothing, and each change of voice the same.
    """
    frames, voices = scores.shape
    weighted = scores * SIMILARITY_WEIGHT
    came_from = np.tile(np.arange(voices), (frames, 1))
    total = weighted[0].copy()
    for frame in range(1, frames):
        leader = int(total.argmax())
        changed = total[leader] - CHANGE_COST
        came_from[frame, total < changed] = leader
        total = np.maximum(total, changed) + weighted[frame]
    path = np.zeros(frames, dtype=np.int64)
    path[-1] = total.argmax()
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = came_from[frame, path[frame]]
    return path
