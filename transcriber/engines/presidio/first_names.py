"""Given names from packaged lists with the surname that follows, and surnames by themselves."""

from collections.abc import Iterable

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.gazetteers import (
    NAMES_THAT_ARE_WORDS,
    first_names,
    places,
    sure_first_names,
    surnames,
)
from transcriber.engines.presidio.names import name_end
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords

SHORTEST_SURNAME = 4


class FirstNameRecogniser(WordRecogniser):
    """Finds known given names; those that are words too need a capital inside a sentence."""

    types = (EntityType.PERSON.value,)
    title = "known given name"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield names from left to right."""
        number = 0
        while number < len(words):
            last = _name_at(words, number)
            if last is not None:
                score = 0.85 if last > number else 0.6
                yield Match(EntityType.PERSON.value, number, last, score)
                number = last
            number += 1


def _name_at(words: TextWords, number: int) -> int | None:
    key = words[number].plain
    if key not in first_names():
        return _surname_at(words, number)
    last = name_end(words, number)
    if last is None:
        return None
    if last > number:
        is_place = words.plains(number, last) in places()
        surname = words[last].plain
        is_sure = key in sure_first_names() or surname in surnames() - COMMON_WORDS
        return last if not is_place and (is_sure or not words.starts_sentence(number)) else None
    if (key,) in places() and key in surnames():
        return None  # `Chester`, `Lee`: the recogniser of places weighs these
    if key in sure_first_names():
        return last
    inside = words[number].capitalised and not words.starts_sentence(number)
    return last if inside and words.cased and key not in COMMON_WORDS else None


def _surname_at(words: TextWords, number: int) -> int | None:
    """Take a surname alone only with a capital inside a sentence, and not beside other capitals.

    `Royal Patterson Trust` is no person; the recogniser of organisations reads such runs.
    """
    word = words[number]
    if not words.cased or not word.capitalised or words.starts_sentence(number):
        return None
    if word.plain not in surnames() - COMMON_WORDS - NAMES_THAT_ARE_WORDS:
        return None
    if (word.plain,) in places() or word.text.isupper() or len(word.plain) < SHORTEST_SURNAME:
        return None
    before = words[number - 1]
    alone = (
        not before.capitalised or words.starts_sentence(number - 1) or words.gap(number - 1) != " "
    )
    follows = words[number + 1] if number + 1 < len(words) and words.gap(number) == " " else None
    return number if alone and (follows is None or not follows.capitalised) else None
