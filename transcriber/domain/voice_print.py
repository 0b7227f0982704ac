"""Voices across the recordings of a study. A voice print is biometric data (GDPR, article 9)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VoicePrint:
    """How a voice of one recording sounds: a vector of length 1 of the model named.

    `person` is the same for voices that somebody has confirmed to be one person's, `resembles` for
    those that were only proposed as one; None where nothing was. Prints of different models cannot
    be compared.
    """

    recording: str
    speaker: str
    label: str
    model: str
    vector: tuple[float, ...]
    person: str | None = None
    resembles: str | None = None

    @property
    def owner(self) -> str:
        """Whose voice it is, confirmed or proposed; without either it is somebody new."""
        return self.person or self.resembles or f"{self.recording}/{self.speaker}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A voice of this recording sounds like one that was heard before: for a person to confirm.

    `similarity` is the scalar product of their prints, at most 1.
    """

    speaker: str
    owner: str
    known_recording: str
    known_speaker: str
    known_label: str
    similarity: float
