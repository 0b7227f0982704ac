"""Names filed by their consonants, so that what is heard is compared with few of them."""

from collections.abc import Sequence

import numpy as np

from transcriber.stages.spoken_names.distance import encoded, skeleton, weight
from transcriber.stages.spoken_names.kernels import keys_of, slots_of
from transcriber.stages.spoken_names.numbered import Filed, Names, Reals, Rows, rows

Sounds = Sequence[str]


def file_names(ways: Sequence[Sounds], forms: Sequence[int], sizes: Sequence[int]) -> Names:
    """File ways to say names; of each is told which form it says and how many words that has."""
    heavy = np.array([weight(way) for way in ways], dtype=np.float64)
    return Names(
        rows([encoded(way) for way in ways]),
        heavy,
        np.array(forms, dtype=np.int64),
        np.array(sizes, dtype=np.int64),
        _filed(rows([skeleton(way) for way in ways]), heavy),
    )


def _filed(bones: Rows, weights: Reals) -> Filed:
    keys, owners = keys_of(bones)
    order = np.argsort(keys, kind="stable")
    different, starts = np.unique(keys[order], return_index=True)
    names = Rows(owners[order], np.append(starts, len(order)))
    return Filed(
        different,
        slots_of(different, 2 << len(different).bit_length()),
        names,
        np.maximum.reduceat(weights[names.flat], starts) if len(starts) else weights,
        int(np.diff(bones.starts).max(initial=0)),
    )
