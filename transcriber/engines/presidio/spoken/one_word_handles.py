"""Handles that are said to be written together: `it's at larks and lambs, all one word`."""

from collections.abc import Iterator

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.recogniser import Match
from transcriber.engines.presidio.spoken.net_words import ASIDES
from transcriber.stages.words import TextWords

AS_ONE = tuple(phrase for phrase in ASIDES if phrase[-2:] == ("one", "word"))
MOST_WORDS = 4
SCORE = 0.7


def one_word_handles(words: TextWords) -> Iterator[Match]:
    """Yield `at` and at most MOST_WORDS words on its line that `all one word` follows."""
    for at, word in enumerate(words):
        if word.plain != "at":
            continue
        for last in range(at + 1, min(at + 1 + MOST_WORDS, len(words))):
            if words.breaks(last - 1):
                break
            if any(words.plains(last + 1, last + len(aside)) == aside for aside in AS_ONE):
                yield Match(EntityType.HANDLE.value, at, last, SCORE)
                break
