"""Where a name begins and ends: its title, its initials, what hyphens join to it."""

from transcriber.engines.presidio.names.cues import INITIALS
from transcriber.engines.presidio.names.lexicon import NameLexicon
from transcriber.stages.words import TextWords, word_set

ABBREVIATED = word_set("mr mrs ms mx dr prof")
SPOKEN_OUT = word_set(
    "professor president senator governor mayor councillor reverend inspector sergeant colonel"
)
"""Titles that belong to the name that they stand before."""
AMBIGUOUS = word_set(
    "miss rev fr sir lady lord dame judge sgt captain capt general gen gov sen rep"
)
"""The same, but words of their own in lower case."""

COMPOUNDED = word_set("based style type like free wise born run led owned side area speaking")
"""Second halves of words that begin with a name."""

BYNAMES = word_set("big little wee old auld young")
"""Capitalised before a given name they belong to it: `Big Alan`. In lower case `big` does."""


def person_begins(words: TextWords, first: int, cased: bool) -> int:
    """Return the first word of a person's name that begins at `first`, title and initials too."""
    first = _with_title(words, _with_initials(words, first, cased), cased)
    return first - (first > 0 and _is_byname(words, first - 1, cased))


def with_hyphens(words: TextWords, lexicon: NameLexicon, last: int) -> int:
    """Return the last word of what hyphens join to a name: `Hyun-woo`, but not `Mets-inspired`.

    Where no capital tells, `hart-low` is one name too.
    """
    behind = last
    while words.gap(behind) == "-":
        behind += 1
        key = words.plain(behind)
        small = lexicon.known(key).case in "lL"
        part = words.cased or key in COMPOUNDED or key.endswith(("ed", "ing"))
        if words[behind].capitalised or not (small and part):
            last = behind
    return last


def _with_title(words: TextWords, first: int, cased: bool) -> int:
    """Return the first word of a name's title if it has one."""
    before = words[first - 1] if first else None
    if before is None or words.gap(first - 1) not in (" ", ". "):
        return first
    clear = before.plain in ABBREVIATED or (not cased and before.plain in SPOKEN_OUT)
    written = cased and before.capitalised and before.plain in SPOKEN_OUT | AMBIGUOUS
    return first - 1 if clear or written else first


def _with_initials(words: TextWords, first: int, cased: bool) -> int:
    """Return the first of the initials before a name: `O.J. Simpson`, `s mcateer`."""
    gaps = (".", ". ", " ") if cased else (" ", "  ")
    while first and words.gap(first - 1) in gaps and _is_initial(words, first - 1, cased):
        first -= 1
    return first


def _is_initial(words: TextWords, number: int, cased: bool) -> bool:
    word = words[number]
    if cased:
        stop = words.gap(number).startswith(".") or word.plain in INITIALS
        return len(word.text) == 1 and word.text.isupper() and stop
    return word.plain in INITIALS


def _is_byname(words: TextWords, number: int, cased: bool) -> bool:
    word = words[number]
    known = word.capitalised and word.plain in BYNAMES if cased else word.plain == "big"
    return known and words.gap(number) == " "


def untitled(words: TextWords, first: int, last: int) -> range:
    """Numbers of the words of a name without its title."""
    if first < last and words.plain(first) in ABBREVIATED | SPOKEN_OUT | AMBIGUOUS:
        first += 1
    return range(first, last + 1)
