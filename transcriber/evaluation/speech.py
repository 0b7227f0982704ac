"""Talk as it is compared: stretches of words, with who said them where that is known."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words of one speaker in a row; `speaker` is None where the file does not say."""

    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """All talk of one recording in the order in which it was begun.

    `language` is a code such as `en`, None where the file does not say.
    """

    utterances: tuple[Utterance, ...] = ()
    language: str | None = None

    @property
    def text(self) -> str:
        """All words, whoever said them."""
        return " ".join(utterance.text for utterance in self.utterances)

    @property
    def has_speakers(self) -> bool:
        """Whether it says for any word who spoke it."""
        return any(utterance.speaker is not None for utterance in self.utterances)


def runs(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Join neighbours of one speaker, so that words and marks cut in two are whole again."""
    joined: list[Utterance] = []
    for utterance in utterances:
        if joined and joined[-1].speaker == utterance.speaker:
            joined[-1] = Utterance(utterance.speaker, f"{joined[-1].text} {utterance.text}")
        else:
            joined.append(utterance)
    return joined
