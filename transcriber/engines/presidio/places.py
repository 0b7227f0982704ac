"""Countries, counties and towns from a packaged gazetteer."""

from collections.abc import Iterable

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.gazetteers import (
    PLACES_THAT_ARE_NAMES,
    PLACES_THAT_ARE_WORDS,
    first_names,
    places,
    sure_first_names,
    surnames,
)
from transcriber.engines.presidio.introductions import TITLES
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords, word_set

LONGEST = 4
SHORT = 4
"""Letters of names that in lower case are words of some kind more often than far places."""
BEFORE_PLACES = word_set("in at from near to around outside visit visited of via through")
FAMOUS = word_set(
    "london birmingham bradford bolton blackburn durham raleigh spain india poland brooklyn "
    "lancashire york ireland hollywood kilkenny kerry santiago valencia virginia"
)
"""Bear people's names too, but are hardly ever meant as one."""


class PlaceRecogniser(WordRecogniser):
    """Finds known places; doubtful ones need a capital and a word such as `in` before them."""

    types = (EntityType.LOCATION.value,)
    title = "known place"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield the longest place that begins at each word."""
        known = places()
        at = 0
        while at < len(words):
            last = _place_end(words, at, known)
            if last is not None:
                yield Match(EntityType.LOCATION.value, at, last, 0.7 if last > at else 0.6)
                at = last
            at += 1


def _place_end(words: TextWords, at: int, known: frozenset[tuple[str, ...]]) -> int | None:
    for last in range(min(at + LONGEST, len(words)) - 1, at - 1, -1):
        if any(words.gap(n) not in (" ", "-", "-\u200b", ". ", ".") for n in range(at, last)):
            continue
        name = words.plains(at, last)
        if name in known and _is_meant(words, at, last):
            return last
    return None


def _is_meant(words: TextWords, at: int, last: int) -> bool:
    before = words.plain(at - 1)
    has_cue = before in BEFORE_PLACES and not words.breaks(at - 1)
    if words.cased and not words[at].capitalised:
        return False
    if last > at:
        return words.cased or has_cue or COMMON_WORDS.isdisjoint(words.plains(at, last))
    return not _is_in_person(words, at, has_cue) and _is_lone_place(words, at, has_cue)


def _is_in_person(words: TextWords, at: int, has_cue: bool) -> bool:
    """Tell `Chester Bennington`, `Sarah Bolton` and `Mrs Preston` from places."""
    before = words.plain(at - 1)
    after_name = before in sure_first_names() and words.gap(at - 1) == " " and not has_cue
    return before in TITLES or after_name or (words.cased and _has_surname(words, at))


def _is_lone_place(words: TextWords, at: int, has_cue: bool) -> bool:
    name = words.plain(at)
    if name in COMMON_WORDS or name in PLACES_THAT_ARE_WORDS:
        return has_cue and words.cased
    listed = name in first_names() or name in surnames() or name in PLACES_THAT_ARE_NAMES
    is_personal = listed and name not in FAMOUS
    if words.cased:
        return has_cue or not (is_personal and name in first_names())
    return has_cue or not (is_personal or len(name) <= SHORT)


def _has_surname(words: TextWords, at: int) -> bool:
    """Tell `Chester Bennington` from `Chester`."""
    follows = words[at + 1] if at + 1 < len(words) and words.gap(at) == " " else None
    return (
        follows is not None
        and follows.capitalised
        and words.plain(at) in first_names() | PLACES_THAT_ARE_NAMES
        and follows.plain not in COMMON_WORDS
    )
