"""Names of a roster written with a letter or two wrong: `Mckenzie`, `Whitfeild`, `Stonebrige`."""

from collections.abc import Collection, Iterator

from jellyfish import damerau_levenshtein_distance, jaro_winkler_similarity

from transcriber.engines.presidio.gazetteers import first_names
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.spoken_names.commonness import rarity
from transcriber.stages.spoken_names.forms import NICKNAME, Form, Meaning
from transcriber.stages.words import TextWords

SHORTEST = 5
LONG = 8
"""Letters from which a name may have two edits."""
LEAST_LIKENESS = 0.9
LEAST_LIKENESS_OF_LETTERS = 0.8
LEAST_LETTERS = 4
MOST_LETTERS_APART = 2
"""For names said letter by letter, of which recognisers mistake or lose some."""
RARE = 11.0
"""A word as frequent as this, in nats, is that word and no misspelling."""
RARE_WITHOUT_CAPITAL = 14.0


class SpellingIndex:
    """The names of one word, filed by themselves with letters left out."""

    def __init__(self, forms: dict[Form, Meaning]) -> None:
        self._by_thinned: dict[str, list[str]] = {}
        self._answers: dict[str, tuple[str, float] | None] = {}
        self._names = [
            form[0] for form in forms if len(form) == 1 and len(form[0]) >= LEAST_LETTERS
        ]
        for form, meaning in forms.items():
            if len(form) == 1 and len(form[0]) >= SHORTEST and meaning.source != NICKNAME:
                for key in _thinned(form[0]):
                    self._by_thinned.setdefault(key, []).append(form[0])
        # Two letters more than the longest name are the most that is taken for a misspelling.
        self._longest = 2 + max(map(len, self._by_thinned), default=0)

    def find(self, words: TextWords, taken: Collection[int]) -> Iterator[tuple[Form, int, float]]:
        """Yield the name, the number of the word and the likeness of every misspelling."""
        for number, word in enumerate(words):
            if number in taken or len(word.plain) < SHORTEST - 1:
                continue
            if word.plain not in self._answers:
                self._answers[word.plain] = self._nearest(word.plain)
            nearest = self._answers[word.plain]
            if nearest is None:
                continue
            capital = words.cased and word.capitalised and not words.starts_sentence(number)
            if rarity(word.plain) >= (RARE if capital else RARE_WITHOUT_CAPITAL):
                yield (nearest[0],), number, nearest[1]

    def spelt_out(
        self, words: TextWords, taken: Collection[int]
    ) -> Iterator[tuple[Form, int, int, float]]:
        """Yield the name, first and last word and likeness of every name said letter by letter.

        Recognisers mistake letters for each other (`n h a i r i`), so most of them are enough.
        """
        number = 0
        while number < len(words):
            last = number
            while _is_letter(words.plain(last)) and last not in taken:
                last += 1
            letters = "".join(one for one in words.plains(number, last - 1) if len(one) == 1)
            if len(letters) >= LEAST_LETTERS:
                likeness, name = self._like(letters)
                if likeness >= LEAST_LIKENESS_OF_LETTERS:
                    yield (name,), number, last - 1, round(likeness, 3)
            number = max(last, number + 1)

    def _like(self, letters: str) -> tuple[float, str]:
        return max(
            (
                (jaro_winkler_similarity(letters, name), name)
                for name in self._names
                if abs(len(letters) - len(name)) <= MOST_LETTERS_APART
            ),
            default=(0.0, ""),
        )

    def _nearest(self, word: str) -> tuple[str, float] | None:
        if len(word) > self._longest or word in COMMON_WORDS or word in first_names():
            return None
        names = {name for key in _thinned(word) for name in self._by_thinned.get(key, ())}
        near = [
            (jaro_winkler_similarity(word, name), name)
            for name in names
            if damerau_levenshtein_distance(word, name) <= 1 + (len(name) >= LONG)
        ]
        likeness, name = max(near, default=(0.0, ""))
        return (name, round(likeness, 3)) if likeness >= LEAST_LIKENESS else None


def _is_letter(word: str) -> bool:
    return len(word) == 1 or word == "double"


def _thinned(word: str) -> Iterator[str]:
    """Yield a word with none or one letter left out; long ones with two."""
    yield word
    for first in range(len(word)):
        rest = word[:first] + word[first + 1 :]
        yield rest
        if len(word) >= LONG - 1:
            for second in range(first, len(rest)):
                yield rest[:second] + rest[second + 1 :]
