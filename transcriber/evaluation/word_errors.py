"""Word error rate: what has to be changed to make the words into the gold words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Errors in a number of gold words."""

    words: int = 0
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0

    @property
    def rate(self) -> float | None:
        """Errors as a share of the gold words; above 1 is possible; None without gold words."""
        errors = self.substitutions + self.deletions + self.insertions
        return errors / self.words if self.words else None

    def __add__(self, other: "WordErrors") -> "WordErrors":
        return WordErrors(
            self.words + other.words,
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
        )


def word_errors(gold: str, found: str) -> WordErrors:
    """Compare two texts already normalised, words parted by spaces."""
    from jiwer import process_words

    output = process_words(gold, found)
    return WordErrors(len(gold.split()), output.substitutions, output.deletions, output.insertions)
