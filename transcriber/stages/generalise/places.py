"""Places as their kind, alone or with the region or the country that they lie in."""

from collections.abc import Sequence
from typing import NamedTuple

from transcriber.domain.policy import Locale
from transcriber.stages.generalise.gazetteer import (
    CONTINENTS,
    HOMES,
    Town,
    Words,
    continent_of,
    country_named,
    nation_of,
    region_of,
    towns_named,
    us_state,
)
from transcriber.stages.generalise.regions import (
    CENSUS_REGIONS,
    COUNTIES,
    ENGLAND,
    HOME_NATIONS,
    PROVINCES,
    WHOLE_REGIONS,
)
from transcriber.stages.words import plain_words, word_set

PLACE_LEVELS = ("kind", "region", "country")

SMALLEST_BRITISH_TOWN, SMALLEST_BRITISH_CITY = 7_500, 175_000
"""House of Commons Library, City and Town Classification (2018): from `small town` and from `other
city` on. The title of a city does not count: there are few enough to guess a small one."""
SMALLEST_TOWN, SMALLEST_CITY = 5_000, 50_000
"""Elsewhere: Degree of Urbanisation (UN Statistical Commission, 2020)."""

_HEADS = {
    "street": "road street lane avenue drive close crescent court terrace grove place gardens "
    "square row boulevard highway way mews parade brae rd ave",
    "river or lake": "river lake loch lough canal reservoir",
    "hill or valley": "hill mountain fell glen valley dale moor",
    "coast": "beach bay coast harbour harbor pier cove",
    "island": "island isle islands",
    "park or wood": "park forest wood woods common",
    "housing estate": "estate",
    "station or airport": "station airport interchange",
}
_KIND_OF_HEAD = {head: kind for kind, heads in _HEADS.items() for head in word_set(heads)}
_COUNTY_WORDS = ("county", "co")
_COUNTRY_OF_PROVINCE = "Ireland"

PLACE_KINDS = frozenset(
    {*_HEADS, "village", "town", "city", "county", "state", "region", "country", "continent"}
) | {"place"}


class _Known(NamedTuple):
    """What is known of a place; the coarser the name, the later it stands."""

    kind: str
    region: str = ""
    country: str = ""
    beyond: str = ""


def coarser_place(text: str, level: str = PLACE_LEVELS[0], locale: Locale = Locale.GB) -> str:
    """Return such as `[town]`, `[town, North West of England]` or `[town, England]`.

    Level `kind` says nothing of where; `region` adds an English region, a home nation, an Irish
    province, a US census region or, abroad, the continent; `country` adds the country. A place that
    is its own region gets the next larger one. Unknown places become `[place]`.
    """
    words = plain_words(text)
    known = _place(words, locale)
    if level == "kind":
        return f"[{known.kind}]"
    larger = (known.region, known.country, known.beyond)[PLACE_LEVELS.index(level) - 1 :]
    within = next((name for name in larger if name and not _names(words, name)), "")
    return f"[{known.kind}, {within}]" if within else f"[{known.kind}]"


def _names(words: Words, larger: str) -> bool:
    """Whether the larger place would give the smaller one away: Yorkshire, London."""
    said, written = "".join(words), "".join(plain_words(larger))
    return said in written or written in said


def _place(words: Words, locale: Locale) -> _Known:
    if words[:1] in (("county",), ("co",)) or words[-1:] == ("county",):
        bare = tuple(word for word in words if word not in _COUNTY_WORDS)
        return _county(words) or _county(bare) or _Known("county")
    return (
        _large(words, locale)
        or _town(words, locale)
        or _county(words)
        or (_abroad(words, locale))
        or _by_head(words)
    )


def _large(words: Words, locale: Locale) -> _Known | None:
    """Countries, states, regions and continents: their names leave no doubt."""
    name = words[1:] if words[:1] == ("the",) and len(words) > 1 else words
    nation = next((n for n in HOME_NATIONS.values() if plain_words(n) == name), None)
    if nation:
        return _Known("country", "United Kingdom", "United Kingdom", "Europe")
    state = us_state(name)
    # New York is the city before it is the state, and Georgia a state only to Americans.
    if state and name != ("new", "york") and (locale is Locale.US or not country_named(name)):
        return _Known("state", CENSUS_REGIONS.get(state, ""), "United States", "North America")
    code = country_named(words)
    if code:
        return _Known("country", beyond=continent_of(code))
    if name in WHOLE_REGIONS:
        return _Known("region", country=WHOLE_REGIONS[name])
    if any(plain_words(continent) == name for continent in CONTINENTS.values()):
        return _Known("continent")
    return None


def _town(words: Words, locale: Locale) -> _Known | None:
    """A town at home."""
    towns = towns_named(words, locale)
    return _described(towns) if towns and towns[0].country in HOMES[locale] else None


def _abroad(words: Words, locale: Locale) -> _Known | None:
    towns = towns_named(words, locale)
    return _described(towns) if towns else None


def _described(towns: Sequence[Town]) -> _Known:
    """Describe the largest; namesakes that lie in different regions leave the region out."""
    town = towns[0]
    small, large = (
        (SMALLEST_BRITISH_TOWN, SMALLEST_BRITISH_CITY)
        if town.country == "GB"
        else (SMALLEST_TOWN, SMALLEST_CITY)
    )
    kind = "city" if town.inhabitants >= large else "town"
    if town.inhabitants < small:
        kind = "village"
    regions, nations = {region_of(one) for one in towns}, {nation_of(one) for one in towns}
    region = regions.pop() if len(regions) == 1 else ""
    nation = nations.pop() if len(nations) == 1 else ""
    return _Known(kind, region, nation, continent_of(town.country))


def _county(words: Words) -> _Known | None:
    region = COUNTIES.get(words)
    if region is None:
        return None
    if region in PROVINCES.values():
        return _Known("county", region, _COUNTRY_OF_PROVINCE, "Europe")
    nation = region if region in HOME_NATIONS.values() else ENGLAND
    return _Known("county", region, nation, "United Kingdom")


def _by_head(words: Words) -> _Known:
    if len(words) > 1:
        for word in (words[-1], words[0]):
            if word in _KIND_OF_HEAD:
                return _Known(_KIND_OF_HEAD[word])
    return _Known("place")
