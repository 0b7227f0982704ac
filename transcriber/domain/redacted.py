"""A transcript after the policy was applied: all that any export may see."""

from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.recording import Kind
from transcriber.domain.transcript import Coverage, Quality


class Checked(StrEnum):
    """Whether a person has checked the redaction; the value is the sentence that files carry."""

    NO = "machine-redacted, not checked by a person"
    YES = "checked by a person"


@dataclass(frozen=True, slots=True)
class Token:
    """A word that was kept, the replacement for several words, or a mark that nobody said.

    A `mark` tells of a pause, of talk at the same time, or of speech that gave no words; one that
    is also `redacted` stands for a passage that is withheld.
    """

    text: str
    start_ms: int
    end_ms: int
    redacted: bool = False
    mark: bool = False


@dataclass(frozen=True, slots=True)
class RedactedTurn:
    """One speaker's talk without a break.

    `id` is that of the first word it was written from, so it stays when other turns change; empty
    where nobody's words stand behind the turn, as behind a mark of speech that gave none.
    """

    label: str
    tokens: tuple[Token, ...]
    id: str = ""

    @property
    def text(self) -> str:
        """The talk as one line."""
        return " ".join(token.text for token in self.tokens)

    @property
    def start_ms(self) -> int:
        """When the first token starts."""
        return self.tokens[0].start_ms

    @property
    def end_ms(self) -> int:
        """When the last token ends; overlapping words may end out of order."""
        return max(token.end_ms for token in self.tokens)


@dataclass(frozen=True, slots=True)
class RedactedTranscript:
    """What leaves: no raw word that a finding covered is in it. Every turn has tokens.

    `guessed` are labels that rest on a guess at who leads the talk. `remarks` are further sentences
    that every file carries. `kind` is None for what was released before it was kept.
    `release_number` counts the releases of the recording from 1, None before this is one; it is no
    part of the text that is signed.
    """

    code: str
    study: str
    language: str
    quality: Quality
    checked: Checked
    duration_ms: int
    coverage: Coverage
    turns: tuple[RedactedTurn, ...]
    guessed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    kind: Kind | None = None
    release_number: int | None = None

    @property
    def words(self) -> int:
        """How many words and replacements it has."""
        return sum(not token.mark for turn in self.turns for token in turn.tokens)
