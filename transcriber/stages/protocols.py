"""What the stages need from outside; engines and storage supply it.

Swapping a recogniser, a diariser or a store means writing one class with these methods.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio, SpeakerCount
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Quality, RecognisedWord, Turn

Progress = Callable[[int, int], None]
"""Called with (done, total) in the stage's own unit; total never changes within a stage."""


class Decoder(Protocol):
    """Turns an untrusted media file into 16 kHz mono samples on disk."""

    def decode(self, source: Path, destination: Path, progress: Progress) -> Audio:
        """Decode the first audio track of `source` into `destination`, in milliseconds of progress.

        MUST leave nothing behind at `destination` on failure. Raises InputError when the file
        cannot be used and StorageError when the disk refuses.
        """


class SpeechDetector(Protocol):
    """Finds the stretches in which somebody speaks."""

    name: str

    def speech(self, audio: Audio) -> tuple[Interval, ...]:
        """Return the stretches with speech, in order, without overlap."""


class Recogniser(Protocol):
    """Turns speech into words with times."""

    name: str
    quality: Quality

    def provenance(self) -> Mapping[str, str]:
        """Model names, hashes and versions."""

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], language: str
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        """Yield the words of each region, in the order of `regions`.

        MUST decode each region from a fresh state: the same region gives the same words whatever
        came before it. Word times lie inside the region.
        """


class Diariser(Protocol):
    """Tells voices apart."""

    name: str

    def provenance(self) -> Mapping[str, str]:
        """Model names, hashes and versions."""

    def diarise(
        self,
        audio: Audio,
        speech: Sequence[Interval],
        count: SpeakerCount,
        progress: Progress,
    ) -> tuple[Turn, ...]:
        """Return turns in order of start; speakers are `S1`, `S2`, … by first appearance."""


class Detector(Protocol):
    """Finds identifiers in text."""

    def serves(self) -> frozenset[EntityType]:
        """Entity types that this detector is able to find."""

    def detect(self, text: str, sought: frozenset[EntityType], roster: Roster) -> list[Finding]:
        """Return findings in `text`, in any order; they may overlap."""


class Anonymiser(Protocol):
    """Writes replacements into a text."""

    def replace(self, text: str, findings: Sequence[Finding]) -> str:
        """Return `text` with each finding's span replaced; findings do not overlap."""


class PseudonymRegister(Protocol):
    """Remembers which entity of a study got which replacement, across recordings and processes."""

    def number(self, entity_type: EntityType, entity: str) -> int:
        """Return the entity's number among those of its type in this study, from 1, allotted once.

        MUST be safe with several processes: two entities never share a number.
        """


@dataclass(frozen=True, slots=True)
class Record:
    """A finished stage: its result as JSON, and how long it took."""

    result: bytes
    took_ms: int


class Journal(Protocol):
    """Records finished stages, so that a killed run goes on where it stopped."""

    @property
    def workspace(self) -> Path:
        """A private folder for files that stages hand to each other."""

    def load(self, stage: str, fingerprint: str) -> Record | None:
        """Return what was recorded for this stage under this fingerprint, else None."""

    def record(self, stage: str, fingerprint: str, record: Record) -> None:
        """Record a finished stage; after this returns, a kill does not lose it."""
