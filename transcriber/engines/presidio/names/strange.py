"""Names that nothing around them gives away: `I was a Collett`, `Bub. He'd answer to it`.

The model of names takes a rare word that stands alone for the name of a thing as often as for
somebody's. A missed name is worse than a false alarm (docs/decisions/0004), so a capital decides
where no list knows the word as anything else, and in small letters that no list knows it at all.
"""

from collections.abc import Iterator

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.names.cues import EXCLAMATIONS, KIN, NO_NAMES
from transcriber.engines.presidio.names.lexicon import OF_OTHERS, UNKNOWN, VERY_RARE, NameLexicon
from transcriber.engines.presidio.recogniser import Match
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.ordinary_words import ALWAYS_CAPITAL, also_words, ordinary_words
from transcriber.stages.words import TextWords, word_set

CAPITAL_SCORE, SMALL_SCORE = 0.4, 0.36
"""For the reviewer to decide; in small letters too little for a draft, which invents words."""
SHORTEST, SHORTEST_SMALL = 3, 4
OF_PEOPLE, GIVEN = frozenset("fFsSr"), frozenset("fF")
OF_PLACES = frozenset("tcb")
WHERE = word_set("in from to near around outside")
FORMED = ("ed", "ing", "ly", "ism", "ist", "ists", "ology", "ise", "ises", "ness", "able")
"""Endings of words, not of names; lists of American English lack many that are British."""


def strange_words(words: TextWords, lexicon: NameLexicon) -> Iterator[Match]:
    """Yield words that are nothing but names, or that nobody knows, as names of people.

    A place that somebody is in is a LOCATION.
    """
    if not words.cased:
        for at in range(len(words)):
            if _is_strange(words, lexicon, at):
                yield Match(EntityType.PERSON.value, at, at, SMALL_SCORE)
        return
    for at in range(len(words)):
        if _is_lone_capital(words, at):
            yield from _by_capital(words, lexicon, at)
    yield from _alone_and_capital(words, lexicon)


def _is_lone_capital(words: TextWords, at: int) -> bool:
    """Whether a word is written `Ashlynn` and no other capital makes a title of a work with it."""
    word = words[at]
    written = word.capitalised and word.text.isalpha() and word.text[1:].islower()
    if not written or len(word.plain) < SHORTEST or words.starts_sentence(at):
        return False
    before = at > 0 and words.gap(at - 1) == " " and words[at - 1].capitalised
    behind = words.gap(at) == " " and at + 1 < len(words) and words[at + 1].capitalised
    return not behind and (not before or words.starts_sentence(at - 1))


def _by_capital(words: TextWords, lexicon: NameLexicon, at: int) -> Iterator[Match]:
    """Yield a word that is known as a name alone or not at all, and a place that one is in."""
    key = words.plain(at)
    if any(form in ordinary_words() | EXCLAMATIONS | NO_NAMES for form in (key, key[:-1])):
        return
    known = lexicon.known(key)
    flags = known.flags + lexicon.known(key.removesuffix("s")).flags
    if not OF_OTHERS.isdisjoint(flags):
        return
    if not OF_PLACES.isdisjoint(flags):
        if words.plain(at - 1) in WHERE:
            yield Match(EntityType.LOCATION.value, at, at, CAPITAL_SCORE)
    elif not OF_PEOPLE.isdisjoint(known.flags) or known.frequency == "-":
        yield Match(EntityType.PERSON.value, at, at, CAPITAL_SCORE)


def _alone_and_capital(words: TextWords, lexicon: NameLexicon) -> Iterator[Match]:
    """Yield what is a sentence by itself once, is said again and never has a small letter."""
    numbers: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        numbers.setdefault(word.plain, []).append(at)
    for key, mentions in numbers.items():
        if len(mentions) < 2 or not _may_stand_alone(lexicon, key):
            continue
        capitals = all(words[at].capitalised for at in mentions)
        if capitals and any(_is_sentence(words, at) for at in mentions):
            for at in mentions:
                yield Match(EntityType.PERSON.value, at, at, CAPITAL_SCORE)


def _may_stand_alone(lexicon: NameLexicon, key: str) -> bool:
    known = lexicon.known(key)
    if len(key) < SHORTEST or not key.isalpha() or known.flags or known.frequency not in VERY_RARE:
        return False
    return key not in COMMON_WORDS | EXCLAMATIONS | NO_NAMES | ALWAYS_CAPITAL | KIN


def _is_sentence(words: TextWords, at: int) -> bool:
    last = at + 1 >= len(words) or words.starts_sentence(at + 1)
    return last and words.starts_sentence(at) and not words.gap(at).startswith(":")


def _is_strange(words: TextWords, lexicon: NameLexicon, at: int) -> bool:
    """Whether a word in small letters is a given name alone, a rare surname, or unheard of."""
    key = words.plain(at)
    if len(key) < SHORTEST or not words[at].text.isalpha():
        return False
    forms = (key, key.removesuffix("s"), key.removesuffix("es"))
    if any(form in also_words() | EXCLAMATIONS | NO_NAMES for form in forms):
        return False
    known = lexicon.known(key)
    if known.flags and OF_PEOPLE.issuperset(known.flags):
        return not GIVEN.isdisjoint(known.flags) or known.frequency == "-"
    unheard_of = all(lexicon.known(form) == UNKNOWN for form in forms)
    return unheard_of and len(key) >= SHORTEST_SMALL and not _is_formed(key)


def _is_formed(key: str) -> bool:
    """Whether a word is one by its ending or two words in one: `counselled`, `packhouse`."""
    halves = ((key[:at], key[at:]) for at in range(SHORTEST, len(key) - SHORTEST + 1))
    return key.endswith(FORMED) or any(ordinary_words().issuperset(pair) for pair in halves)
