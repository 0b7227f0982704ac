"""What a word of a spoken address is: a letter or number, an ending, a name that is spelt out."""

from itertools import pairwise

from transcriber.engines.presidio.spoken.net_words import CONNECTORS, NO_PART
from transcriber.stages.number_words import DIGITS, TEENS, TENS
from transcriber.stages.words import TextWords, word_set

ROUND = frozenset(["hundred", "thousand"])
MAIL_CUES = word_set("email emails mail mails address write send contact reach")
REACH = 25
"""Words from `e-mail` to the ending of an address, the question in the turn before."""
SPELLS = word_set("that thats it its spelt spelled is so")
FEWEST_LETTERS = 3


def is_sign(words: TextWords, at: int) -> bool:
    """Whether a word is a letter or a number by itself."""
    key = words.plain(at)
    if key == "and" and words.plain(at - 1) in ROUND:
        return True
    number = key.isdecimal() or key in ROUND or key in DIGITS or key in TENS or key in TEENS
    return number or (len(key) == 1 and (key not in "ai" or _beside_letter(words, at)))


def _beside_letter(words: TextWords, at: int) -> bool:
    return any(
        (len(words.plain(n)) == 1 or words.plain(n) in CONNECTORS) and not words.breaks(min(n, at))
        for n in (at - 1, at + 1)
    )


def odd_ending(words: TextWords, at: int) -> bool:
    """Whether a word behind `dot` ends an address although no list has it: an e-mail is told of."""
    key = words.plain(at)
    if words.plain(at - 1) != "dot" or words.plain(at + 1) == "dot" or words.breaks(at - 1):
        return False
    near = words.plains(max(at - REACH, 0), at - 1)
    told = not MAIL_CUES.isdisjoint(near) or ("e", "mail") in pairwise(near)
    return told and key.isalpha() and len(key) > 1 and key not in NO_PART


def spelt_before(words: TextWords, first: int) -> int:
    """Return the word that the letters from `first` on spell: `hetal, that's H E T A L`.

    `first` itself where no such word stands before them.
    """
    last = first
    while len(words.plain(last)) == 1 and words.plain(last).isalpha():
        last += 1
    letters = "".join(words.plains(first, last - 1))
    if len(letters) < FEWEST_LETTERS:
        return first
    word = first - 1
    while word > first - 3 and words.plain(word) in SPELLS:
        word -= 1
    on_line = word >= 0 and not any(words.breaks(n) for n in range(word, first))
    return word if on_line and words.plain(word) == letters else first
