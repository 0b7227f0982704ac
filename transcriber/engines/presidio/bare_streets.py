"""Streets said without their kind: `Two twenty Mesquite, Lot 5`, `send it to 40 Larkmoor`."""

from collections.abc import Iterator

from transcriber.engines.presidio.house_numbers import NO_NAME, house_number
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.words import TextWords, word_set

UNITS = word_set("lot unit apt apartment suite flat trailer")
"""What has a number behind house and street."""
ASKED = (
    ("send", "it", "to"),
    ("mailing", "address", "is"),
    ("address", "is"),
    ("address", "was"),
    ("my", "address"),
    ("the", "old", "one", "was"),
    ("the", "new", "one", "is"),
    ("live", "at"),
    ("lives", "at"),
    ("lived", "at"),
    ("living", "at"),
    ("post", "it", "to"),
    ("deliver", "it", "to"),
    ("mail", "it", "to"),
)
"""What says right before a house number that it is one."""
LONGEST_NAME = 3


def bare_streets(words: TextWords) -> Iterator[tuple[int, int]]:
    """Yield number and name of each street that has a unit behind it or an address cue before."""
    behind = -1
    for at in range(len(words)):
        number = house_number(words, at) if at > behind else None
        if number is None or words.gap(number) != " ":
            continue
        last = _name_end(words, number + 1)
        if last is None:
            continue
        if units_end(words, last) > last or _is_asked(words, at):
            yield at, last
            behind = last


def units_end(words: TextWords, last: int) -> int:
    """Return the last word of `, Lot 5`, `apartment two` behind word `last`, else `last`."""
    unit = last + 1
    if words.gap(last) not in (", ", " ", "  ") or words.plain(unit) not in UNITS:
        return last
    start = unit + 2 if words.plain(unit + 1) == "number" else unit + 1
    if start >= len(words) or any(words.gap(n) != " " for n in range(unit, start)):
        return last
    end = house_number(words, start)
    if end is None and len(words.plain(start)) == 1 and words.plain(start) not in ("i", "a"):
        end = start
    return last if end is None else end


def _name_end(words: TextWords, first: int) -> int | None:
    """Return the last word of a name that begins at `first`: capitals, or no words of talk."""
    last = None
    for at in range(first, min(first + LONGEST_NAME, len(words))):
        if not _is_name(words, at):
            break
        last = at
        if words.gap(at) != " ":
            break
    return last


def _is_name(words: TextWords, at: int) -> bool:
    key = words.plain(at)
    if not key.isalpha() or len(key) < 3 or key in NO_NAME or key in UNITS:
        return False
    return words[at].capitalised if words.cased else key not in ordinary_words()


def _is_asked(words: TextWords, at: int) -> bool:
    return any(words.plains(at - len(cue), at - 1) == cue for cue in ASKED if at >= len(cue))
