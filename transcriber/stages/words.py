"""Words of a text with their offsets, so that spans begin and end where words do.

A hyphen parts words (`Anne-Marie` is two, so it matches `Anne Marie`), an apostrophe does not, and
a possessive `'s` lies outside its word: `[Friend A]'s` reads well and the name still matches.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

# Marks that combine with the letter before them belong to the word (decomposed é, ñ, ł), and so do
# the invisible joiners that word processors leave inside words.
_LETTER = r"(?:[^\W_][\u0300-\u036f\u200b-\u200d\u2060]*)"
_WORD = re.compile(rf"{_LETTER}+(?:['\u2018\u2019\u02bc]{_LETTER}+)*")
_POSSESSIVE = re.compile(r"['\u2018\u2019\u02bc][sS]$")
_SENTENCE_END = re.compile("[.!?…\n]|:\\s")


def plain(text: str) -> str:
    """Return letters and digits alone, without case or accents: the form in which words match."""
    if text.isascii() and text.isalnum():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in decomposed if character.isalnum())


@dataclass(frozen=True, slots=True)
class TextWord:
    """One word: `text[start:end]`; `plain` is its comparable form."""

    text: str
    start: int
    end: int
    plain: str

    @property
    def capitalised(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


class TextWords:
    """The words of one text, in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words = tuple(_words(text))

    def __getitem__(self, index: int) -> TextWord:
        return self._words[index]

    def __iter__(self) -> Iterator[TextWord]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def plain(self, index: int) -> str:
        """Comparable form of word number `index`, empty when there is no such word."""
        return self._plains[index] if 0 <= index < len(self._plains) else ""

    def plains(self, first: int, last: int) -> tuple[str, ...]:
        """Comparable forms of words `first` to `last`, both included."""
        return self._plains[first : last + 1]

    def gap(self, index: int) -> str:
        """What stands between word `index` and the next one."""
        return self._gaps[index] if 0 <= index < len(self._gaps) else "\n"

    def breaks(self, index: int) -> bool:
        """Whether a line ends between word `index` and the next one."""
        return "\n" in self.gap(index)

    def starts_sentence(self, index: int) -> bool:
        """Whether word `index` opens a sentence, where a capital says nothing."""
        return index == 0 or _ends_sentence(self.gap(index - 1))

    @cached_property
    def cased(self) -> bool:
        """Whether capitals mean something here: small recognisers write none but `I`."""
        capitals = sum(w.capitalised and not w.plain.startswith("i") for w in self._words)
        return capitals * 100 >= len(self._words)

    def occurrences(self, wanted: Sequence[str]) -> list[tuple[int, int]]:
        """First and last word numbers of every run of words with these plain forms on one line."""
        if not wanted:
            return []
        size, form = len(wanted), tuple(wanted)
        return [
            (first, first + size - 1)
            for first in self._by_plain.get(form[0], ())
            if self._plains[first : first + size] == form
            and not any(self.breaks(first + n) for n in range(size - 1))
        ]

    @cached_property
    def _gaps(self) -> tuple[str, ...]:
        return tuple(self.text[before.end : after.start] for before, after in pairwise(self._words))

    @cached_property
    def _plains(self) -> tuple[str, ...]:
        return tuple(word.plain for word in self._words)

    @cached_property
    def _by_plain(self) -> dict[str, list[int]]:
        numbers: dict[str, list[int]] = {}
        for number, word in enumerate(self._words):
            numbers.setdefault(word.plain, []).append(number)
        return numbers


@lru_cache(maxsize=1_000)
def _ends_sentence(gap: str) -> bool:
    return _SENTENCE_END.search(gap) is not None


@lru_cache(maxsize=4)
def words_of(text: str) -> TextWords:
    """Return the words of `text`; a dozen recognisers ask for the same text in a row."""
    return TextWords(text)


def plain_words(text: str) -> tuple[str, ...]:
    """Return the plain forms of all words of `text`."""
    return tuple(word.plain for word in _words(text))


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Grow a span so that it cuts no word; white space at its edges and `'s` stay outside."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    words = words_of(text)
    for number in _touched(words, start, end):
        start, end = min(start, words[number].start), max(end, words[number].end)
    possessive = _POSSESSIVE.search(text, start, end)
    if possessive and possessive.start() > start and text[possessive.start() - 1].isalnum():
        end = possessive.start()
    return start, end


def _touched(words: TextWords, start: int, end: int) -> tuple[int, ...]:
    """Numbers of the first and the last word that share a character with the span."""
    if start >= end:
        return ()
    low, high = 0, len(words)
    while low < high:
        middle = (low + high) // 2
        if words[middle].end <= start:
            low = middle + 1
        else:
            high = middle
    first = last = low
    while last < len(words) and words[last].start < end:
        last += 1
    return (first, last - 1) if last > first else ()


def _words(text: str) -> list[TextWord]:
    found = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        possessive = _POSSESSIVE.search(match.group())
        if possessive:
            end = start + possessive.start()
        key = plain(text[start:end])
        if key:
            found.append(TextWord(text[start:end], start, end, key))
    return found


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list written as running text, as the lists in this package are."""
    return frozenset(text.split())
