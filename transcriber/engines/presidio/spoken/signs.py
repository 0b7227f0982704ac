"""Words as the digits and letters they say: `oh`, `thirteen`, `double L`, `M for mother`, `9PL`."""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from transcriber.stages.number_words import DIGITS, REPEATS, TEENS, TENS
from transcriber.stages.words import TextWords, word_set

EITHER_O = "o"
"""How `oh` and `o` are written: the digit or the letter, which only the shape around them tells."""

NATO = word_set(
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike "
    "november oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
)
LETTER_NAMES = {
    "aitch": "H", "haitch": "H", "bee": "B", "cay": "K", "cee": "C", "dee": "D", "eff": "F",
    "ef": "F", "ell": "L", "em": "M", "en": "N", "ess": "S", "ex": "X", "gee": "G", "jay": "J",
    "jee": "G", "kay": "K", "pee": "P", "kew": "Q", "cue": "Q", "tee": "T", "vee": "V", "wye": "Y",
    "zed": "Z", "zee": "Z", "arr": "R",
}  # fmt: skip
WORDS_LIKE_LETTERS = {
    "be": "B", "see": "C", "sea": "C", "pea": "P", "queue": "Q", "are": "R", "ar": "R", "tea": "T",
    "you": "U", "why": "Y", "eye": "I", "el": "L", "am": "M", "jade": "J",
}  # fmt: skip
WORDS_LIKE_DIGITS = {"to": "2", "too": "2", "for": "4", "fore": "4", "won": "1", "ate": "8"}
HESITATIONS = frozenset(["erm", "er", "um", "uh", "mm"])
NOUGHTS = frozenset(["o", "oh", "ow"])
NO_CODES = word_set(
    "ml mg kg lb lbs oz pm am mph km cm mm ft bst gmt etc plus dot dash then than and the its ive "
    "id mum dad mam nan ext per via else went onto upon hang fill onus bit lots ring text ends "
    "room bed bay ward unit page dob ref reg ssn nhs pin pps zip tel mob fax acc sort case card "
    "cell home work code post ppsn nino vrn chi pre mid"
)
"""Short words beside figures that are no letters of a code."""
MOST_GLUED = 14
"""Characters of the longest word that may be a code: no longer one is a number for a person."""


STARTERS = frozenset(
    [*DIGITS, *TEENS, *TENS, *REPEATS, *NOUGHTS, *NATO, *LETTER_NAMES, *WORDS_LIKE_LETTERS]
)
"""Words of letters alone that may begin a sign, whatever stands around them."""


class Style(Enum):
    """How a sign was said or written, which tells dictation from counting."""

    SINGLE = "one digit by its name, or a doubled one"
    GROUP = "thirteen, forty two, three hundred"
    WRITTEN = "figures"
    LETTER = "one letter, by itself, by its name or by the alphabet of the air"
    GLUED = "letters, or letters and figures, in one word"
    WEAK = "a word of its own that sounds like a letter"
    SILENT = "words that explain the signs before them"


class Sign(NamedTuple):
    """Words `first` to `last` say `text`: digits, capital letters, or EITHER_O."""

    first: int
    last: int
    text: str
    style: Style

    @property
    def digits(self) -> bool:
        """Whether it says digits only, or may."""
        return self.text.replace(EITHER_O, "0").isdecimal()


def sign_at(words: TextWords, keys: Sequence[str], at: int) -> Sign | None:
    """Read the sign that begins at a word, or None. Signs never cross a line."""
    key = keys[at]
    if key in REPEATS:
        return _repeated(words, keys, at)
    if key in NOUGHTS:
        return Sign(at, at, EITHER_O, Style.SINGLE)
    if key in DIGITS or key in TEENS or key in TENS:
        return _number(words, keys, at)
    if key.isdecimal():
        return Sign(at, at, key, Style.WRITTEN) if key.isascii() else None
    if not key.isascii():
        return None
    return _letters(words, keys, at)


def joined(words: TextWords, at: int) -> bool:
    """Whether a word and the next belong together: a space or a hyphen alone between them."""
    return words.gap(at) in (" ", "-", "  ", "\u2011", "\u2010")


def _number(words: TextWords, keys: Sequence[str], at: int) -> Sign:
    key = keys[at]
    follows = keys[at + 1] if at + 1 < len(keys) and joined(words, at) else ""
    if key in TENS:
        unit = DIGITS.get(follows, 0) if follows not in NOUGHTS else 0
        if unit:
            return Sign(at, at + 1, str(TENS[key] + unit), Style.GROUP)
        return Sign(at, at, str(TENS[key]), Style.GROUP)
    if key in TEENS:
        return Sign(at, at, str(TEENS[key]), Style.GROUP)
    if follows in ("hundred", "thousand") and DIGITS[key]:
        return _rounded(words, keys, at, 2 if follows == "hundred" else 3)
    return Sign(at, at, str(DIGITS[key]), Style.SINGLE)


def _rounded(words: TextWords, keys: Sequence[str], at: int, zeros: int) -> Sign:
    """`nine hundred` is 900, `nine hundred and four` 904, `two thousand and three` 2003."""
    head, last = str(DIGITS[keys[at]]), at + 1
    if last + 2 < len(keys) and keys[last + 1] == "and" and joined(words, last):
        rest = keys[last + 2]
        if rest in DIGITS or rest in TENS or rest in TEENS:
            tail = _number(words, keys, last + 2)
            if len(tail.text) <= 2:
                return Sign(at, tail.last, head + tail.text.zfill(zeros), Style.GROUP)
    return Sign(at, last, head + "0" * zeros, Style.GROUP)


def _repeated(words: TextWords, keys: Sequence[str], at: int) -> Sign | None:
    """`double nine`, `treble oh`, `double L`; `double u` is a W."""
    last = at + 1
    while last + 1 < len(keys) and keys[last] in HESITATIONS and not words.breaks(last):
        last += 1
    if last >= len(keys) or words.breaks(at) or not (last > at + 1 or joined(words, at)):
        return None
    follows = keys[last]
    if keys[at] == "double" and follows in ("u", "you"):
        return Sign(at, last, "W", Style.LETTER)
    times = REPEATS[keys[at]]
    if follows in NOUGHTS:
        return Sign(at, last, EITHER_O * times, Style.SINGLE)
    if follows in DIGITS:
        return Sign(at, last, str(DIGITS[follows]) * times, Style.SINGLE)
    if len(follows) == 1 and follows.isascii():
        style = Style.SINGLE if follows.isdecimal() else Style.LETTER
        return Sign(at, last, follows.upper() * times, style)
    letter = LETTER_NAMES.get(follows) or (follows[0].upper() if follows in NATO else "")
    return Sign(at, last, letter * times, Style.LETTER) if letter else None


def _letters(words: TextWords, keys: Sequence[str], at: int) -> Sign | None:
    key = keys[at]
    if key == "x" and at + 1 < len(keys) and keys[at + 1] == "ray" and joined(words, at):
        return Sign(at, at + 1, "X", Style.LETTER)
    if len(key) == 1:
        return Sign(at, _explained(words, keys, at, key), key.upper(), Style.LETTER)
    name = key[0].upper() if key in NATO else LETTER_NAMES.get(key)
    if name:
        return Sign(at, at, name, Style.LETTER)
    if key in WORDS_LIKE_LETTERS:
        return Sign(at, at, WORDS_LIKE_LETTERS[key], Style.WEAK)
    has_digit = any(character.isdigit() for character in key) and len(key) <= MOST_GLUED
    capitals = len(key) <= 4 and key not in NO_CODES and words[at].text.isupper()
    return Sign(at, at, key.upper(), Style.GLUED) if has_digit or capitals else None


def _explained(words: TextWords, keys: Sequence[str], at: int, letter: str) -> int:
    """Return the last word of `M for mother`, `P as in Peter`; the letter's own word otherwise."""
    for link in (("for",), ("as", "in"), ("like",), ("is", "for")):
        word = at + 1 + len(link)
        if word >= len(keys) or tuple(keys[at + 1 : word]) != link:
            continue
        on_line = not any(words.breaks(number) for number in range(at, word))
        if on_line and len(keys[word]) > 2 and keys[word][0] == letter:
            return word
    return at


def explanation(keys: Sequence[str], at: int, said: str) -> int | None:
    """Return the last word of `for alpha bravo` after the letters A and B, else None."""
    if keys[at] != "for":
        return None
    last = at
    while last + 1 < len(keys) and keys[last + 1] in NATO and last - at < 4:
        last += 1
    letters = "".join(keys[number][0] for number in range(at + 1, last + 1)).upper()
    return last if letters and said.endswith(letters) else None
