"""Codes as they are written: `LB-07`, `IG/2018/0447`, `4KR 819`, evident or beside a cue."""

import re
from collections.abc import Iterator

from transcriber.engines.presidio.spoken.text import SpokenText
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.number_words import MONTHS
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.words import TextWords, word_set

CUES = word_set(
    "case cases file reference ref participant number numbers badge licence license account code "
    "complaint staff employee student member membership unit id plate plates tag reg registration "
    "fine ticket docket certificate certification policy claim passport car truck van lorry bike "
    "motorbike pickup taxi minibus trailer serial warrant user login record"
)
CARS = word_set(
    "astra audi bmw buick cadillac camry chevy chevrolet chrysler citroen civic clio corolla corsa "
    "dacia datsun dodge duster fiat fiesta ford golf honda hyundai jag jaguar jeep kia lexus "
    "mazda mercedes micra mini mitsubishi nissan peugeot polo prius qashqai renault saab seat "
    "skoda subaru suzuki tahoe tesla toyota transit vauxhall volkswagen volvo vw yaris zafira"
)
"""A car is told by its make, and its number plate follows."""
CAPTIONS = word_set("case ref docket mrn")
"""Words that are written before a code as if they were part of it: `Case 23-0915-H`."""
JOINS = ("-", "/", "\u2010", "\u2011", "\u2013")
REACH, REACH_SHORT = 20, 4
"""Words back to a cue, in this turn and the one before; the second for codes of four signs."""
FEWEST, FEWEST_BY_CUE, MOST = 5, 4, 20
EVIDENT_DIGITS = 4
"""Digits with which letters behind a hyphen or stroke are a code whatever was said before."""
FEWEST_GLUED, GLUED_DIGITS = 6, 3
"""Signs and digits of a code without hyphens; `sample AB123` is a code beside a cue only."""
MOST_LETTERS = 4
MEASURE = re.compile(
    r"\d+(?:[ap]m|st|nd|rd|th|k?g|m?c?g|[mcd]?l|[kcm]?m|mph|kph|lbs?|oz|ft|in|hr?s?|mins?|secs?|"
    r"yrs?|yo|[kmgt]b|[kmg]?hz|k?w|k?v|mah|bn|px|dpi|fps|rpm|bpm|cc|iu|k?cal|[sxpdkcf]|x\d+.*)"
)
"""`10am`, `90s`, `500mg`, `4x4`, `1080p`."""
NUMBERED = re.compile(
    r"(?:[abmi]|us|co|mp|ps|[hc]|vitamin|year|key|grade|form|covid|iso|type|mig|boeing)\d{1,4}"
    r"|[hc]\dn\d"
)
"""Roads, paper, vitamins, viruses and products: `A5103`, `B12`, `COVID-19`, `H1N1`."""
YEAR = re.compile(r"(?:19|20)\d\d")
NO_LETTERS = frozenset(name.casefold()[:3] for name in MONTHS) | word_set("pre post mid circa non")

Span = tuple[int, int]


def written_codes(spoken: SpokenText) -> Iterator[Span]:
    """Yield first and last word of every code of letters and figures; labels are none."""
    words, behind = spoken.words, -1
    for at in range(len(words)):
        if at <= behind or at in spoken.labels or not _may_begin(words, at):
            continue
        last = _joined_end(words, at)
        grown = _grown(words, at, last)
        span = next(
            (s for s in ((at, grown), (at, last)) if _is_code(words, *s)),
            None,
        )
        if span is not None:
            behind = span[1]
            yield _with_caption(words, span[0]), span[1]


def _may_begin(words: TextWords, at: int) -> bool:
    """Whether a word begins a code: it has figures, or letters that figures follow."""
    key = words.plain(at)
    if at and (words.gap(at - 1) in (*JOINS, ".", "@", "_") or words.gap(at - 1).endswith("@")):
        return False
    if any(sign.isdecimal() for sign in key):
        return True
    return _is_letters(words, at) and words.gap(at) in (" ", *JOINS)


def _joined_end(words: TextWords, at: int) -> int:
    last = at
    while words.gap(last) in JOINS and last + 1 < len(words):
        last += 1
    return last


def _grown(words: TextWords, first: int, last: int) -> int:
    """Take in up to two groups behind a space: `PO12 QJI`, `KX 51 ABC`."""
    for _ in range(2):
        following = last + 1
        if following >= len(words) or words.gap(last) != " ":
            break
        if not (words.plain(following).isdecimal() or _is_group(words, following)):
            break
        last = _joined_end(words, following)
    return last


def _is_group(words: TextWords, at: int) -> bool:
    key = words.plain(at)
    mixed = any(sign.isdecimal() for sign in key) and not MEASURE.fullmatch(key)
    return _is_letters(words, at) or (mixed and len(key) <= FEWEST)


def _is_letters(words: TextWords, at: int) -> bool:
    """Whether a word is a group of letters: capitals, or small letters that are no word."""
    word = words[at]
    if not word.plain.isalpha() or not word.plain.isascii() or word.plain in NO_LETTERS:
        return False
    if words.cased:
        return word.text.isupper() and len(word.text) <= FEWEST and word.text != "I"
    if len(word.plain) > MOST_LETTERS:
        return False
    joined = words.gap(at) in JOINS or (at > 0 and words.gap(at - 1) in JOINS)
    if len(word.plain) <= 2 and joined:
        return True
    number = words.plain(at + 1) if words.gap(at) == " " else ""
    if number.isdecimal() and len(number) >= FEWEST and word.plain not in COMMON_WORDS:
        return True
    return word.plain not in ordinary_words()


def _is_code(words: TextWords, first: int, last: int) -> bool:
    keys = words.plains(first, last)
    text = "".join(keys)
    if not _is_mixed(words, first, last) or len(text) > MOST or NUMBERED.fullmatch(text):
        return False
    if any(MEASURE.fullmatch(key) for key in keys):
        return False
    spaced = any(words.gap(n) == " " for n in range(first, last))
    if not spaced and _is_evident(keys):
        return True
    if len(text) < FEWEST_BY_CUE or (spaced and len(text) < FEWEST):
        return False
    reach = REACH if len(text) >= FEWEST else REACH_SHORT
    return _is_cued(words, first, last, reach)


def _is_mixed(words: TextWords, first: int, last: int) -> bool:
    """Whether figures, two at least, stand with letters, and every group is one of a code."""
    numbers = range(first, last + 1)
    text = "".join(words.plains(first, last))
    if not text.isascii() or sum(sign.isdecimal() for sign in text) < 2 or text.isdecimal():
        return False
    return all(
        _is_letters(words, n) if words.plain(n).isalpha() else _is_figures(words.plain(n))
        for n in numbers
    )


def _is_figures(key: str) -> bool:
    """Whether a group with figures has no longer stretch of letters than codes have."""
    return all(len(letters) <= MOST_LETTERS for letters in re.findall("[a-z]+", key))


def _is_evident(keys: tuple[str, ...]) -> bool:
    """Whether signs that stand together are a code by themselves; a year is not enough."""
    text = "".join(keys)
    numbers = [key for key in keys if not YEAR.fullmatch(key)]
    digits = sum(sign.isdecimal() for sign in "".join(numbers))
    if len(keys) == 1:
        return len(text) >= FEWEST_GLUED and digits >= GLUED_DIGITS
    return len(text) >= FEWEST and digits >= EVIDENT_DIGITS


def _is_cued(words: TextWords, first: int, last: int, reach: int) -> bool:
    """Whether a cue stands before, in this line or the one above, or right behind."""
    breaks = 0
    for number in range(first - 1, max(first - 1 - reach, -1), -1):
        breaks += words.breaks(number)
        if breaks > 1:
            break
        if words.plain(number) in CUES or words.plain(number) in CARS:
            return True
    following = words.plains(last + 1, last + REACH_SHORT)
    return not CUES.isdisjoint(following) and not words.breaks(last)


def _with_caption(words: TextWords, first: int) -> int:
    before = first - 1
    captioned = words.plain(before) in CAPTIONS and words.gap(before) == " "
    written = captioned and (words[before].capitalised or not words.cased)
    return before if written else first
