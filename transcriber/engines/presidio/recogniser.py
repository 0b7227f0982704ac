"""What our Presidio recognisers share: they work on words and answer in words."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from presidio_analyzer import LocalRecognizer, RecognizerResult

from transcriber.stages.words import TextWords, words_of

ENTITY_KEY = "entity"
"""Metadata of a result that names the entity under which mentions are gathered."""


@dataclass(frozen=True, slots=True)
class Match:
    """Words `first` to `last`, both included; `source` and `entity` when the recogniser knows."""

    entity_type: str
    first: int
    last: int
    score: float
    source: str | None = None
    entity: str = ""


class WordRecogniser(LocalRecognizer):  # type: ignore[misc]
    """A Presidio recogniser that reads words instead of characters.

    `name` is what findings carry as their source, in plain words.
    """

    types: tuple[str, ...]
    title: str

    def __init__(self) -> None:
        super().__init__(supported_entities=list(self.types), name=self.title)

    def load(self) -> None:
        """Load nothing: word lists are read when they are first needed."""

    @abstractmethod
    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield every match in `words`."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: object = None
    ) -> list[RecognizerResult]:
        """Return what Presidio asks of a recogniser: results with character offsets."""
        words = words_of(text)
        return [
            self._result(words, match)
            for match in self.find(words)
            if not entities or match.entity_type in entities
        ]

    def _result(self, words: TextWords, match: Match) -> RecognizerResult:
        metadata: dict[str, Any] = {
            RecognizerResult.RECOGNIZER_NAME_KEY: match.source or self.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            ENTITY_KEY: match.entity,
        }
        return RecognizerResult(
            entity_type=match.entity_type,
            start=words[match.first].start,
            end=words[match.last].end,
            score=match.score,
            recognition_metadata=metadata,
        )


def left_to_right(count: int, last_at: Callable[[int], int | None]) -> Iterator[tuple[int, int]]:
    """Yield first and last word number of every match among `count` words, without overlap.

    `last_at` returns the last word of the match that begins at a word, or None.
    """
    at = 0
    while at < count:
        last = last_at(at)
        if last is not None:
            yield at, last
            at = last
        at += 1
