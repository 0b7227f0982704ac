"""Addresses on the net that lost their signs: `m quaye oldmill org uk`, in small letters."""

from collections.abc import Iterator

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.recogniser import Match
from transcriber.engines.presidio.spoken.net_words import PROVIDERS
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.words import TextWords

ENDINGS = {
    **dict.fromkeys(("co", "ac", "org", "gov"), "uk"),
    **dict.fromkeys(("com", "example"), ""),
    "nhs": "net",
}
"""Endings that are no words of talk where no dot stands before them, with their second words."""
MOST_BEFORE = 3
SCORE = 0.6


def bare_addresses(words: TextWords) -> Iterator[Match]:
    """Yield what looks like an address without its signs, where no capital nor sign is written."""
    if words.cased:
        return
    for at, word in enumerate(words):
        if word.plain not in ENDINGS or not at:
            continue
        last = _ending(words, at)
        if last is None or not _is_part(words, at - 1):
            continue
        first = at - 1
        while first > max(at - 1 - MOST_BEFORE, 0) and _is_part(words, first - 1):
            first -= 1
        kind = EntityType.EMAIL if first < at - 1 else EntityType.URL
        yield Match(kind.value, first, last, SCORE)


def _ending(words: TextWords, at: int) -> int | None:
    """Return the last word of the ending that begins at `at`, None where its second word lacks."""
    second = ENDINGS[words.plain(at)]
    last = at + 1 if second else at
    whole = not second or words.plain(last) == second
    return last if whole and _beside(words, at - 1, last) else None


def _beside(words: TextWords, first: int, last: int) -> bool:
    return all(words.gap(n).isspace() and not words.breaks(n) for n in range(first, last))


def _is_part(words: TextWords, number: int) -> bool:
    """Whether a word may belong to an address: a letter, a figure or no word of talk."""
    key = words.plain(number)
    if not _beside(words, number, number + 1) or key in ("a", "i"):
        return False
    return len(key) == 1 or key.isdecimal() or key in PROVIDERS or key not in ordinary_words()
