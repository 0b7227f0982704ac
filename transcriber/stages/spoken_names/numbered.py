"""Sounds, words and names as numbers: the tables that compiled search reads."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Costs(NamedTuple):
    """What sounds cost: to lose each, to take each for each; and what each of them is."""

    lost: Reals
    swap: Reals
    kind: Numbers
    """The kind of a consonant from 1 on; 0 for sounds that do not count."""
    vowel: Flags
    before_vowel: Flags
    """Whether it is said before a vowel only, as `r` in Britain."""


class Rows(NamedTuple):
    """Rows of numbers behind one another; row `n` is `flat[starts[n] : starts[n + 1]]`."""

    flat: Numbers
    starts: Numbers


class Filed(NamedTuple):
    """Names by their consonants: a hash table of rows."""

    keys: Numbers
    slots: Numbers
    """The row of the key at a place of the table, or EMPTY."""
    names: Rows
    heaviest: Reals
    """The greatest weight among the names of each row."""
    longest: int
    """The most consonants that a name has."""


class Names(NamedTuple):
    """Ways to say names: sounds, weight, which form each says and of how many words that is."""

    sounds: Rows
    weights: Reals
    forms: Numbers
    sizes: Numbers
    filed: Filed


class Lexicon(NamedTuple):
    """How words are said."""

    ways: Numbers
    """The first way of each word, and one number more."""
    sounds: Rows
    """The sounds of each way."""
    bones: Rows
    """The consonants of the first way of each word."""
    known: Flags
    """Whether a word is in the dictionary."""


class Room(NamedTuple):
    """Room to compare names with one thing that was heard."""

    edges: Reals
    """What it costs that no more of the name than nothing was heard up to a place."""
    row: Reals
    least: Reals
    """The least that each sound of a name costs, wherever it stands."""


class Desk(NamedTuple):
    """Room to work in, used again for every stretch."""

    bones: Numbers
    keys: Numbers
    sounds: Numbers
    room: Room
    seen: Numbers
    """By name: the number of the last comparison in which it was looked at."""
    nearest: Numbers
    """By form: the way to say it that is nearest so far, or EMPTY."""
    far: Reals
    order: Numbers
    """Forms that are near, in the order in which they were met."""
    counts: Numbers
    """How many comparisons there were, and how many forms are near."""


def rows(lists: Iterable[Sequence[int] | Numbers]) -> Rows:
    """Return lists of numbers as rows."""
    kept = list(lists)
    starts = list(accumulate(map(len, kept), initial=0))
    return Rows(np.fromiter(chain.from_iterable(kept), np.int64, starts[-1]), np.array(starts))
