"""Known names by ear: words and runs of words that sound or look like one.

Keys are Metaphone's, letters are compared by Jaro-Winkler. Every key is filed under itself and
under itself less one letter, so that a run of words is looked up, not compared with every name.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from jellyfish import jaro_winkler_similarity, metaphone

from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.second_look.text import Form, SeenText

LONGEST_RUN = 3
"""Words that a recogniser makes of one name: `grin would`, `pole ton`, `care it reena`."""
SHORTEST_NAME = 3
SHORTEST_KEY = 4
"""Sounds of the shortest name sought in several words; `in a` sounds like Anna."""
SURE_LETTERS = 0.7
"""Likeness of letters where the sound is the same."""
CLOSE_LETTERS = 0.88
"""Likeness of letters that needs no sound. The gate for words left by a recogniser is 0.85."""
RUN_LETTERS = 0.8
SHORTEST_CLOSE = 5
VOWELS = "AEIOU"


class Ear:
    """Tells whether words sound like one of some names. Built once per text."""

    def __init__(self, names: Sequence[Form]) -> None:
        self._by_key: dict[str, list[tuple[str, str]]] = {}
        self._by_onset: dict[tuple[str, int], list[str]] = {}
        self._answers: dict[Form, bool] = {}
        for letters, key in {("".join(name), key_of(name)) for name in names}:
            if len(letters) < SHORTEST_NAME or not key or letters.isdecimal():
                continue
            for filed in (key, *_shorter(key)):
                self._by_key.setdefault(filed, []).append((letters, key))
            self._by_onset.setdefault((_onset(key), len(letters)), []).append(letters)

    def find(self, text: SeenText) -> Iterator[tuple[int, int]]:
        """Yield first and last word number of what sounds like a name; single words first."""
        hits: set[int] = set()
        for plain, numbers in text.by_plain.items():
            if len(plain) >= SHORTEST_NAME and self._is_alike((plain,)):
                shown = [number for number in numbers if not text.words[number].hidden]
                hits.update(shown)
                yield from ((number, number) for number in shown)
        for run in range(2, LONGEST_RUN + 1):
            for first, last in _runs(text, run):
                run_numbers = range(first, last + 1)
                if hits.isdisjoint(run_numbers) and self._is_alike(
                    tuple(text.words[number].plain for number in run_numbers)
                ):
                    hits.update(run_numbers)
                    yield first, last

    def _is_alike(self, words: Form) -> bool:
        known = self._answers.get(words)
        if known is None:
            known = self._is_word_alike(words[0]) if len(words) == 1 else self._is_run_alike(words)
            self._answers[words] = known
        return known

    def _is_word_alike(self, word: str) -> bool:
        """Compare one word; an ordinary one must have the very sound and nearly the letters."""
        key = key_of((word,))
        same = [letters for letters, other in self._by_key.get(key, ()) if other == key]
        if word in ordinary_words():
            return len(key) >= SHORTEST_KEY and _closest(word, same) >= CLOSE_LETTERS
        if _closest(word, same) >= SURE_LETTERS:
            return True
        nearby = [
            letters
            for length in range(max(len(word) - 2, SHORTEST_CLOSE), len(word) + 3)
            for letters in self._by_onset.get((_onset(key), length), ())
        ]
        return _closest(word, nearby) >= CLOSE_LETTERS

    def _is_run_alike(self, words: Form) -> bool:
        key = key_of(words)
        if len(key) < SHORTEST_KEY:
            return False
        joined = "".join(words)
        return any(
            (key == other or min(len(key), len(other)) > SHORTEST_KEY)
            and jaro_winkler_similarity(joined, letters) >= RUN_LETTERS
            for filed in (key, *_shorter(key))
            for letters, other in self._by_key.get(filed, ())
        )


def _closest(word: str, names: Iterable[str]) -> float:
    return max((jaro_winkler_similarity(word, name) for name in names), default=0.0)


def key_of(words: Iterable[str]) -> str:
    """Join the keys of the words; vowels alike, because recognisers mistake them."""
    return "".join(map(_word_key, words))


@lru_cache(maxsize=100_000)
def _word_key(word: str) -> str:
    key = metaphone(word).replace(" ", "")
    return f"A{key[1:]}" if key[:1] and key[0] in VOWELS else key


def _onset(key: str) -> str:
    return key[:1]


def _shorter(key: str) -> tuple[str, ...]:
    """Return the key less one sound, for keys long enough to stay telling."""
    if len(key) <= SHORTEST_KEY:
        return ()
    return tuple(key[:n] + key[n + 1 :] for n in range(1, len(key)))


def _runs(text: SeenText, size: int) -> Iterator[tuple[int, int]]:
    """Yield runs of words with nothing but white space or a hyphen between them, on one line."""
    joined = 0
    for number in range(len(text.words)):
        word = text.words[number]
        bound = number > 0 and text.gap(number - 1).strip(" -\t") == "" and not word.hidden
        joined = joined + 1 if bound and joined else int(not word.hidden)
        if joined >= size:
            yield number - size + 1, number
