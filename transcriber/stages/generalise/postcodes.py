"""Postcodes as their area: `PR3 1AA` becomes `[PR area]`, on average half a million people.

The outward code (`PR3`) is not offered: in the country it is a few villages.
"""

import re

from transcriber.domain.policy import Locale
from transcriber.stages.number_words import REPEATS, digits
from transcriber.stages.words import plain_words, word_set

_SHAPES = {
    Locale.GB: re.compile(r"([A-Z]{1,2})\d[0-9A-Z]?(?:\d[A-Z]{2})?"),
    Locale.IE: re.compile(r"([A-Z])(?:\d\d|6W)(?:[0-9A-Z]{4})?"),
    Locale.US: re.compile(r"(\d{3})\d{2}(?:\d{4})?"),
}
"""Whole codes and outward codes; Eircodes; ZIP codes, whose first three digits the HIPAA safe
harbour allows (45 CFR 164.514(b)(2)(i)(B)) where more than 20,000 people share them."""
_SPARSE_ZIPS = word_set(
    "036 059 063 102 203 205 369 556 692 790 821 823 830 831 878 879 884 890 893"
)
"""First three digits shared by 20,000 people or fewer in the census of 2000 or of 2010."""
_FILLERS = frozenset({"er", "erm", "um", "uh"})

POSTCODE_WORDING = r"(?:[A-Z]{1,2}|\d{3}) area"


def postcode_area(text: str, locale: Locale) -> str | None:
    """Return `[PR area]`, `[D area]` or `[606 area]`, or None.

    Codes are read as written and as spoken: `P R three one double A`.
    """
    match = _SHAPES[locale].fullmatch(_code(plain_words(text)))
    if match is None or match[1] in _SPARSE_ZIPS:
        return None
    return f"[{match[1]} area]"


def _code(words: tuple[str, ...]) -> str:
    """String letters and digits together; empty when something else is among them."""
    found, at = "", 0
    while at < len(words):
        word, following = words[at], words[at + 1 : at + 2]
        read = digits(words, at) if word != "o" else None
        if word in REPEATS and following and len(following[0]) == 1 and following[0].isalpha():
            found, at = found + following[0] * REPEATS[word], at + 2
        elif read:
            found, at = found + read[0], at + read[1]
        elif word in _FILLERS:
            at += 1
        elif len(word) <= 2 or any(character.isdigit() for character in word):
            found, at = found + word, at + 1
        else:
            return ""
    return found.upper()
