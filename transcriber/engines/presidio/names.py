"""What a personal name looks like when it begins at a word."""

from transcriber.engines.presidio.gazetteers import (
    NAMES_THAT_ARE_WORDS,
    first_names,
    sure_first_names,
    surnames,
)
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords, word_set

PARTICLES = word_set("de da di del della van von der den la le bin al el o ó ní nic mac mc")
NOT_NAMES = word_set(
    "god jesus christ lord english british irish scottish welsh american french german spanish "
    "italian polish african european asian christian muslim catholic jewish nhs uk us usa tv "
    "dvd gp mum mummy dad daddy grandma nan nana nanny granny grandad ok mr mrs ms dr"
)
"""Capitalised and no names of people; peoples and languages are flagged elsewhere, not replaced."""

LONGEST = 4


def name_end(words: TextWords, first: int) -> int | None:
    """Return the last word of the name that begins at `first`, or None when none does."""
    if not may_be_name(words, first):
        return None
    last = first
    while last + 1 < min(first + LONGEST, len(words)) and _joined(words, last):
        step = 2 if words.plain(last + 1) in PARTICLES and not words.breaks(last + 1) else 1
        if not _continues(words, last + step):
            break
        last += step
    return last


def may_be_name(words: TextWords, number: int) -> bool:
    """Tell whether word `number` may begin a name: a capital, or in lower case a known name."""
    word = words[number] if 0 <= number < len(words) else None
    if word is None or word.plain in NOT_NAMES or not word.text[0].isalpha():
        return False
    if words.cased:
        return word.capitalised and (word.plain not in COMMON_WORDS or word.plain in first_names())
    return word.plain in sure_first_names()


def _continues(words: TextWords, number: int) -> bool:
    if number >= len(words):
        return False
    word = words[number]
    if word.plain in NOT_NAMES:
        return False
    if words.cased:
        return word.capitalised and (word.plain not in COMMON_WORDS or word.plain in surnames())
    # After a given name a frequent surname is one even when it is a word too (`daniel price`),
    # but for the commonest words, which follow names in any sentence (`sarah may`).
    if word.plain in surnames():
        return word.plain not in COMMON_WORDS or word.plain in NAMES_THAT_ARE_WORDS - {
            "will",
            "may",
        }
    return False


def _joined(words: TextWords, number: int) -> bool:
    """Tell whether nothing but a space, a hyphen or an initial's stop parts two words."""
    gap = words.gap(number)
    initial = len(words[number].text) == 1 and gap == ". "
    return gap in (" ", "-", "\u2010", "\u2011") or initial
