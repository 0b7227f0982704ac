"""House numbers as written and as said: `14`, `22b`, `3/2`, `four twenty two`, `six a`."""

from transcriber.stages.number_words import DIGITS, TEENS, TENS, cardinal
from transcriber.stages.words import TextWords, word_set

FIRST_CHECK = frozenset((*DIGITS, *TEENS, *TENS))
NO_NAME = word_set(
    "minute minutes minutes' hour hours day days week weeks month months year years mile miles "
    "percent per pound pounds dollar dollars people of the a an and or to in on at for from it is "
    "was he she they we you i that this my your her his our their more different other same "
    "long double grams ounces stone feet foot metres meters yards times oclock kids children"
)
"""Words that no street is named by: `ten minutes drive`, `two of the gardens`."""


def house_number(words: TextWords, at: int) -> int | None:
    """Return the last word of a house number: `14`, `22b`, `3/2`, `four twenty two`, `six a`."""
    key = words.plain(at)
    if not key or (key not in FIRST_CHECK and not key[0].isdecimal()):
        return None
    last = _digits_end(words, at, key) if key[0].isdecimal() else _spoken_end(words, at)
    if last is None:
        return None
    # `twenty two b`: one letter that no word begins with here.
    letter = words.plain(last + 1)
    if len(letter) == 1 and letter in "abcdefgh" and words.gap(last) in (" ", ""):
        follows = words.plain(last + 2)
        if letter != "a" or follows not in NO_NAME | {"", "bit", "lot", "few"}:
            return last + 1
    return last


def _digits_end(words: TextWords, at: int, key: str) -> int | None:
    number = key.rstrip("abcdefgh")
    if not number.isdecimal() or len(number) > 5 or len(key) - len(number) > 1:
        return None
    follows = words.plain(at + 1)
    if words.gap(at) in ("/", "-") and follows.isdecimal() and len(follows) <= 4:
        return at + 1
    return at


def _spoken_end(words: TextWords, at: int) -> int | None:
    """Read `twelve`, `sixty one`, `four twenty two`, `one oh four`."""
    keys = [words.plain(n) for n in range(at, at + 7)]
    size = 0
    for _ in range(3):
        # A number on each side of a comma or a line is two numbers.
        if size and words.gap(at + size - 1) not in (" ", "-"):
            break
        number = cardinal(keys, size)
        if number is None and keys[size] in ("oh", "o") and size:
            size += 1
            continue
        if number is None:
            break
        size += number.size
    if not size or any(words.gap(at + n) not in (" ", "-") for n in range(size - 1)):
        return None
    return at + size - 1
