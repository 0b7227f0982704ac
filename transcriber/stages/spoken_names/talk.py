"""A text as it is said: how each of its words sounds, and how little it was to be expected."""

from functools import cached_property, lru_cache

import numpy as np

from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.spoken_names.commonness import surprise
from transcriber.stages.spoken_names.distance import encoded, skeleton
from transcriber.stages.spoken_names.misread import said
from transcriber.stages.spoken_names.numbered import Flags, Lexicon, Numbers, Reals, rows
from transcriber.stages.spoken_names.pronunciation import is_in_dictionary
from transcriber.stages.words import TextWords, word_set

MOST_WAYS_OF_WORD = 3
CONTEXT = 2
"""Words before one from which it is expected."""
PERSON_CUES = word_set(
    "mr mrs ms miss mister doctor dr father sister auntie aunty aunt uncle nurse called named "
    "midwife councillor professor hi hello thanks cheers dear im"
)
PLACE_CUES = word_set("in from near at to outside around")
AFTER_NAMES = word_set("and but or so yes yeah")
"""They go on behind a name with a capital: `Tim and` is no Trimland."""
TITLES = word_set("mr mrs ms miss mister missus dr doctor sister")
ANY_CUE = PERSON_CUES | PLACE_CUES


class Talk:
    """The words of one text, each array with an entry for each of them."""

    def __init__(self, words: TextWords) -> None:
        self.words = words
        self._different = {text: n for n, text in enumerate(dict.fromkeys(w.plain for w in words))}

    @cached_property
    def written(self) -> frozenset[str]:
        """The plain forms of all words."""
        return frozenset(self._different)

    @cached_property
    def numbers(self) -> Numbers:
        """The number of each word in the lexicon."""
        return np.array([self._different[word.plain] for word in self.words], dtype=np.int64)

    @cached_property
    def lexicon(self) -> Lexicon:
        """How each different word is said."""
        ways = [said(word)[:MOST_WAYS_OF_WORD] for word in self._different]
        return Lexicon(
            np.cumsum([0, *map(len, ways)]),
            rows([encoded(way) for each in ways for way in each]),
            rows([skeleton(each[0]) if each else [] for each in ways]),
            np.array([is_in_dictionary(word) for word in self._different], dtype=np.bool_),
        )

    @cached_property
    def surprise(self) -> Reals:
        """How little each word was to be expected behind those before it, in nats."""
        spoken = [word.text.casefold() for word in self.words]
        return np.array(
            [
                surprise(tuple(reversed(spoken[max(0, number - CONTEXT) : number + 1])))
                for number in range(len(spoken))
            ]
        )

    @cached_property
    def common(self) -> Flags:
        """Whether it is a common word."""
        alike = np.array([word in COMMON_WORDS for word in self._different], dtype=np.bool_)
        return alike[self.numbers]

    @cached_property
    def titles(self) -> Flags:
        """Whether it is a title, which is no part of a name."""
        alike = np.array([word in TITLES for word in self._different], dtype=np.bool_)
        return alike[self.numbers]

    @cached_property
    def cued(self) -> Flags:
        """Whether the word before it announces a name."""
        cues = np.array([word in ANY_CUE for word in self._different], dtype=np.bool_)
        return np.append(False, cues[self.numbers[:-1]])

    @cached_property
    def capitals(self) -> Flags:
        """Whether it begins with a capital."""
        return np.array([word.capitalised for word in self.words], dtype=np.bool_)

    @cached_property
    def goes_on(self) -> Flags:
        """Whether it is what goes on behind a name."""
        return np.array([word.text in AFTER_NAMES for word in self.words], dtype=np.bool_)

    @cached_property
    def opens(self) -> Flags:
        """Whether it opens a sentence."""
        return np.array(
            [self.words.starts_sentence(number) for number in range(len(self.words))],
            dtype=np.bool_,
        )


@lru_cache(maxsize=4)
def talk_of(words: TextWords) -> Talk:
    """Return the talk of a text; several searches ask for that of the same text in a row."""
    return Talk(words)
