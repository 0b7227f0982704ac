"""The compiled search for names finds what comparing everything with everything finds."""

from itertools import combinations, islice, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcriber.stages.spoken_names.distance import COSTS, distance, skeleton, weight
from transcriber.stages.spoken_names.filing import file_names
from transcriber.stages.spoken_names.kernels import (
    FLOOR,
    LEAST_LIKENESS,
    LENGTH_MARGIN,
    LONG_STRETCH,
    MORE_WORDS,
    MOST_WAYS_OF_STRETCH,
    PRICE,
    search,
)
from transcriber.stages.spoken_names.misread import said
from transcriber.stages.spoken_names.pronunciation import is_in_dictionary
from transcriber.stages.spoken_names.talk import MOST_WAYS_OF_WORD, Talk
from transcriber.stages.words import words_of

Sounds = tuple[str, ...]
Found = dict[tuple[int, int, str], float]
"""The most evidence by first word, last word and name."""

NAMES = [
    *(
        "sarah",
        "sara",
        "sarah whitfield",
        "whitfield",
        "greenwood",
        "poulton",
        "siobhan",
        "siobhan mcglinchey",
    ),
    *("priya patel", "patel", "oluwaseun", "ng", "eve"),
]
SAID = [
    *("sarah", "sara's", "would", "feel", "wit", "field", "grin", "pole", "ton"),
    *("she", "von", "mike", "lynch", "you", "free", "up", "until", "patel"),
    *("petal", "shove", "on", "ollie", "was", "shown", "the", "a", "i"),
    *("eve", "even", "whitfeld", "xyzzy"),
    "\u0436\u0436",
]
MOST_WORDS = 5


def joined(ways: list[tuple[Sounds, ...]]) -> list[Sounds]:
    return [tuple(sound for word in each for sound in word) for each in product(*ways)]


WAYS = [(name, way) for name in NAMES for way in joined([said(word) for word in name.split()])]


def by_search(text: str, least: float) -> Found:
    names = file_names(
        [way for _, way in WAYS],
        [NAMES.index(name) for name, _ in WAYS],
        [len(name.split()) for name, _ in WAYS],
    )
    talk = Talk(words_of(text))
    limits = np.full((len(talk.words), MOST_WORDS), np.inf)
    for size in range(MOST_WORDS):
        limits[: max(0, len(talk.words) - size), size] = least
    return {
        (first, last, WAYS[way][0]): round(weight(WAYS[way][1]) - PRICE * far, 6)
        for first, last, way, far in search(limits, talk.numbers, talk.lexicon, names, COSTS)
    }


def by_comparison(text: str, least: float) -> Found:
    words = [word.plain for word in words_of(text)]
    found: Found = {}
    for first, last in product(range(len(words)), repeat=2):
        stretch = words[first : last + 1]
        if not 1 <= len(stretch) <= MOST_WORDS or not is_worth_it(stretch, least):
            continue
        for heard, (name, way) in product(ways_of(stretch), WAYS):
            evidence = weight(way) - PRICE * distance(way, heard)
            if evidence >= least and is_near(len(stretch), heard, name, way):
                key = first, last, name
                found[key] = max(round(evidence, 6), found.get(key, -np.inf))
    return found


def is_worth_it(stretch: list[str], least: float) -> bool:
    """Whether the consonants of the words are those of a name that weighs enough."""
    bones: list[int] = []
    for word in stretch:
        more = skeleton(said(word)[0]) if said(word) else []
        bones += more[1:] if bones[-1:] == more[:1] else more
    return any(weight(way) >= max(least, 0) and share(bones, skeleton(way)) for _, way in WAYS)


def ways_of(stretch: list[str]) -> list[Sounds]:
    known = [len(stretch) >= LONG_STRETCH and is_in_dictionary(word) for word in stretch]
    ways = [said(w)[: 1 if k else MOST_WAYS_OF_WORD] for w, k in zip(stretch, known, strict=True)]
    return list(islice(joined(ways), MOST_WAYS_OF_STRETCH))


def is_near(size: int, heard: Sounds, name: str, way: Sounds) -> bool:
    return (
        1 - distance(way, heard) / weight(way) >= LEAST_LIKENESS
        and 1 / LENGTH_MARGIN <= weight(heard) / weight(way) <= LENGTH_MARGIN
        and size <= len(name.split()) + MORE_WORDS
        and share(skeleton(heard), skeleton(way))
    )


def share(first: list[int], second: list[int]) -> bool:
    return not thinned(first).isdisjoint(thinned(second))


def thinned(bones: list[int]) -> set[tuple[int, ...]]:
    most = (len(bones) > 1) + (len(bones) > 3)
    return {left for gone in range(most + 1) for left in combinations(bones, len(bones) - gone)} - {
        ()
    }


@settings(max_examples=40)
@given(st.lists(st.sampled_from(SAID), max_size=6), st.sampled_from([-0.7, FLOOR, 1.7, 2.6]))
def test_search_finds_what_comparison_finds(words: list[str], least: float) -> None:
    text = " ".join(words)
    assert by_search(text, least) == by_comparison(text, least)


@pytest.mark.parametrize(
    ("text", "name"),
    [("grin would", "greenwood"), ("pole ton", "poulton"), ("free up until", "priya patel")],
)
def test_what_recognisers_write_for_a_name_is_among_it(text: str, name: str) -> None:
    assert (0, len(text.split()) - 1, name) in by_search(text, -0.7)


def test_a_stretch_that_is_not_asked_for_is_not_searched() -> None:
    assert by_search("sarah", np.inf) == {}
