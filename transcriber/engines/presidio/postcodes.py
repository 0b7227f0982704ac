"""British postcodes, written in either case and spoken: `P R three one double A`."""

import re
from collections.abc import Iterable

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.recogniser import Match, WordRecogniser, left_to_right
from transcriber.stages.number_words import REPEATS, digits
from transcriber.stages.words import TextWords, word_set

AREAS = sorted(
    word_set(
        "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT "
        "DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA "
        "LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE "
        "SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV "
        "YO ZE"
    )
)
"""The 124 postcode areas: they keep `a 1 2 b c` and most codes of other kinds out."""

POSTCODE = re.compile(
    rf"(?:{'|'.join(AREAS)})\d[0-9A-HJKMNP-Y]?\d[ABD-HJLNP-UW-Z]{{2}}", re.IGNORECASE
)

LONGEST_CODE = 7
MOST_WORDS = 8


class PostcodeRecogniser(WordRecogniser):
    """Finds whole postcodes; the words are strung together before they are compared."""

    types = (EntityType.POSTCODE.value,)
    title = "postcode"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield the longest postcode that begins at each word."""
        keys = [word.plain for word in words]
        for first, last in left_to_right(len(keys), lambda at: _code_end(words, keys, at)):
            yield Match(EntityType.POSTCODE.value, first, last, 0.85)


def _code_end(words: TextWords, keys: list[str], at: int) -> int | None:
    code, last, found = "", at, None
    while last < min(at + MOST_WORDS, len(keys)):
        if last > at and words.breaks(last - 1):
            break
        read = _characters(keys, last)
        if read is None or len(code) + len(read[0]) > LONGEST_CODE:
            break
        code, last = code + read[0], last + read[1]
        if len(code) >= 5 and POSTCODE.fullmatch(code):
            found = last - 1
    return found


def _characters(keys: list[str], at: int) -> tuple[str, int] | None:
    """Return what a word contributes: itself when short, a digit, or a doubled letter."""
    key = keys[at]
    if key in REPEATS and at + 1 < len(keys) and len(keys[at + 1]) == 1 and keys[at + 1].isalpha():
        return keys[at + 1] * REPEATS[key], 2
    if key != "o" and (read := digits(keys, at)):
        return read
    is_short = key.isascii() and (len(key) <= 2 or any(c.isdigit() for c in key))
    return (key, 1) if is_short and len(key) <= LONGEST_CODE else None
