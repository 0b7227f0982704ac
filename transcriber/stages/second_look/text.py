"""A redacted text as the second look sees it: words of its own making, replacements set aside.

Shares no tokeniser with the detectors, so that a word they never saw is seen here.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from transcriber.stages.ordinary_words import SPEECH_LABELS

# Invisible characters inside a word do not end it: soft hyphen, joiners, directions, marks.
_INSIDE = "[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
_WORD = re.compile(rf"[^\W_](?:{_INSIDE}*[^\W_])*{_INSIDE}*")
_APOSTROPHES = "'\u2018\u2019\u02bc"
_QUOTES = "\"'\u2018\u201c"
_SENTENCE_START = re.compile(rf"(?:^|[.!?…:\n{_QUOTES}(\[*>\u2013\u2014]|-\s)[\s{_QUOTES}(\[*]*$")
LONGEST_CLOCK = 32
"""Characters of a time code before a speaker's label."""
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
LOOK_BACK = 6
"""Characters before a word that tell whether a sentence starts there."""

Form = tuple[str, ...]


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Return letters and digits without case, accents, ligatures or invisible characters."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in decomposed if character.isalnum())


@dataclass(frozen=True, slots=True)
class Seen:
    """One word of the output: `text[start:end]`, and whether a replacement put it there."""

    text: str
    start: int
    end: int
    plain: str
    hidden: bool = False

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


@dataclass(frozen=True)
class SeenText:
    """A text and its words; `hidden` ones came with a replacement."""

    text: str
    words: tuple[Seen, ...]
    by_plain: Mapping[str, tuple[int, ...]] = field(repr=False)

    def occurrences(self, form: Form) -> Iterator[tuple[int, int]]:
        """Yield first and last word number of every run of words with these plain forms."""
        size = len(form)
        for first in self.by_plain.get(form[0], ()) if form else ():
            run = self.words[first : first + size]
            if tuple(word.plain for word in run) == form and not any(w.hidden for w in run):
                yield first, first + size - 1

    def gap(self, number: int) -> str:
        """What stands between word `number` and the next; a line feed after the last."""
        if number + 1 >= len(self.words):
            return "\n"
        return self.text[self.words[number].end : self.words[number + 1].start]

    def starts_sentence(self, number: int) -> bool:
        """Whether a capital would say nothing here."""
        start = self.words[number].start
        return _SENTENCE_START.search(self.text[max(start - LOOK_BACK, 0) : start]) is not None

    def is_label(self, number: int) -> bool:
        """Whether the word is a speaker's neutral label at the start of a line (`P1:`, `INT:`)."""
        word = self.words[number]
        before = self.text[max(word.start - LONGEST_CLOCK, 0) : word.start].rpartition("\n")[2]
        if any(c.isalpha() for c in _BRACKETED.sub("", before)) or self.text[
            word.end : word.end + 1
        ] not in (*":]>",):
            return False
        return word.plain in SPEECH_LABELS or (
            not word.plain.isdecimal() and any(c.isdecimal() for c in word.plain)
        )

    @property
    def cased(self) -> bool:
        """Whether capitals mean something: recognisers that write none still write `I`."""
        shown = [word for word in self.words if not word.hidden]
        return sum(w.capital and w.plain != "i" for w in shown) * 100 >= len(shown)


def seen(text: str, replacements: Iterable[str]) -> SeenText:
    """Read a redacted text; words of a replacement, where it stands exactly, are hidden."""
    words = tuple(_words(text))
    hidden = _hidden(text, words, replacements)
    marked = tuple(
        Seen(w.text, w.start, w.end, w.plain, hidden=True) if number in hidden else w
        for number, w in enumerate(words)
    )
    places: dict[str, list[int]] = {}
    for number, word in enumerate(marked):
        places.setdefault(word.plain, []).append(number)
    return SeenText(text, marked, {plain: tuple(numbers) for plain, numbers in places.items()})


def form_of(text: str) -> Form:
    """Return the plain forms of the words of `text`."""
    return tuple(word.plain for word in _words(text))


def _words(text: str) -> Iterator[Seen]:
    """Yield words; `'s` ends one, and what an apostrophe binds otherwise is one word."""
    pending: Seen | None = None
    for match in _WORD.finditer(text):
        word = Seen(match.group(), *match.span(), folded(match.group()))
        if pending is not None and _bound(text, pending, word):
            if word.plain != "s":
                whole = text[pending.start : word.end]
                pending = Seen(whole, pending.start, word.end, folded(whole))
                continue
            yield pending
            pending = None
            continue
        if pending is not None:
            yield pending
        pending = word if word.plain else None
    if pending is not None:
        yield pending


def _bound(text: str, before: Seen, after: Seen) -> bool:
    return after.start == before.end + 1 and text[before.end] in _APOSTROPHES


def _hidden(text: str, words: Sequence[Seen], replacements: Iterable[str]) -> set[int]:
    """Return the numbers of words that replacements brought."""
    by_start = {word.start: number for number, word in enumerate(words)}
    first_words: dict[str, list[tuple[str, int]]] = {}
    for replacement in dict.fromkeys(replacements):
        opening = next(_words(replacement), None)
        if opening is not None:
            first_words.setdefault(opening.plain, []).append((replacement, opening.start))
    found: set[int] = set()
    for word in words:
        for replacement, lead in first_words.get(word.plain, ()):
            start = word.start - lead
            if start >= 0 and text.startswith(replacement, start):
                end = start + len(replacement)
                number = by_start[word.start]
                while number < len(words) and words[number].start < end:
                    found.add(number)
                    number += 1
    return found
