"""A passage that a person took out whole."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Withheld:
    """Words that leave in no form, not even as a replacement: word numbers, both inclusive."""

    first_word: int
    last_word: int

    def __contains__(self, word: int) -> bool:
        """Whether the word of this number is taken out."""
        return self.first_word <= word <= self.last_word


def passages(withheld: Iterable[Withheld]) -> tuple[Withheld, ...]:
    """Return the same words as passages in order that neither overlap nor touch."""
    joined: list[Withheld] = []
    for passage in sorted(withheld):
        if joined and passage.first_word <= joined[-1].last_word + 1:
            last = max(joined[-1].last_word, passage.last_word)
            joined[-1] = Withheld(joined[-1].first_word, last)
        else:
            joined.append(passage)
    return tuple(joined)
