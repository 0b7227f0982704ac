"""How ordinary words are in English, from the language model inside PocketSphinx's wheel."""

import math
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

LOG_BASE = 1.0001
"""PocketSphinx counts probabilities as whole logarithms to this base."""

UNKNOWN = 18.0
"""Rarity of a word that the model has never seen; its rarest known words are at about 17."""

MOST_SURPRISE = 15.0
"""Words that the model does not know surprise no more than its rarest."""

WORDS_KEPT = 100_000


@lru_cache(maxsize=WORDS_KEPT)
def rarity(word: str) -> float:
    """Return how rare a plain word is, in nats: `the` 3, `would` 6, `grin` 13, unknown 18."""
    return min(UNKNOWN, _nats([word]))


def surprise(words: tuple[str, ...]) -> float:
    """Return how little a word was to be expected, in nats: `words` are it and two before it.

    The word comes first, then the one before it, then the one before that. They are written in
    lower case with their apostrophes, as the model knows them.
    """
    return min(MOST_SURPRISE, _nats(list(words)))


def _nats(words: list[str]) -> float:
    return -float(_model().prob(words)) * math.log(LOG_BASE)


@cache
def _model() -> Any:
    from pocketsphinx import NGramModel

    return NGramModel.readfile(str(files("pocketsphinx") / "model" / "en-us" / "en-us.lm.bin"))
