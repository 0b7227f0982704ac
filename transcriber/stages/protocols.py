"""What the stages need from outside; engines and storage supply it.

Swapping a recogniser, a diariser or a store means writing one class with these methods.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from transcriber.domain.entity import Entity
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.interval import Interval
from transcriber.domain.policy import Locale
from transcriber.domain.recording import WHOLE, Audio, SpeakerCount, Trim
from transcriber.domain.released_sound import SoundFormat, TakenOut
from transcriber.domain.roster import Roster
from transcriber.domain.spotted import Spotted
from transcriber.domain.transcript import Diarisation, Quality, RecognisedWord
from transcriber.domain.written import WrittenTurn

T = TypeVar("T")

Progress = Callable[[int, int], None]
"""Called with (done, total) in the stage's own unit; total never changes within a stage."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came out of one media file.

    `audio` is what was asked for; it may be empty when the trim begins behind the end of the file.
    `source_ms` is how much of the file was gone through, up to its end or the end of the trim.
    `tracks` is how many tracks the file has: its sound tracks where there are several, else the
    channels of the only one.
    """

    audio: Audio
    source_ms: int
    tracks: int


class Decoder(Protocol):
    """Turns an untrusted media file into 16 kHz mono samples on disk."""

    def decode(
        self,
        source: Path,
        destination: Path,
        progress: Progress,
        trim: Trim = WHOLE,
        track: int | None = None,
    ) -> Decoded:
        """Decode `source` into `destination`, in milliseconds of progress.

        All tracks and channels are mixed, or the one numbered `track`, from zero, is taken alone.
        MUST leave nothing behind at `destination` on failure. Raises InputError when the file
        cannot be used and StorageError when the disk refuses.
        """


class TranscriptReader(Protocol):
    """Reads transcripts that people bring."""

    def read(self, source: Path) -> tuple[WrittenTurn, ...]:
        """Return who says what. Raises InputError when it cannot be read, or holds no words."""


class SpeechDetector(Protocol):
    """Finds the stretches in which somebody speaks."""

    name: str

    def speech(self, audio: Audio) -> tuple[Interval, ...]:
        """Return the stretches with speech, in order, without overlap."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before a recording is heard: its language code, and names that may be said."""

    language: str
    vocabulary: tuple[str, ...] = ()


class Recogniser(Protocol):
    """Turns speech into words with times."""

    name: str
    quality: Quality

    def provenance(self) -> Mapping[str, str]:
        """Model names, hashes and versions."""

    def detect_language(self, audio: Audio, regions: Sequence[Interval]) -> str:
        """Return the code of the language spoken. Raises InputError where it cannot tell."""

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], hints: Hints
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        """Yield the words of each region, in the order of `regions`.

        MUST decode each region from a fresh state: the same region gives the same words whatever
        came before it. Word times lie inside the region.
        """

    def recognise_alone(
        self, audio: Audio, region: Interval, hints: Hints
    ) -> tuple[RecognisedWord, ...]:
        """Return the words of one region that gave none before, with the most care there is."""


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
    ) -> Diarisation:
        """Return turns in order of start; speakers are `S1`, `S2`, … by first appearance.

        Turns of different speakers may overlap, those of one may not.
        """


class VoiceComparer(Protocol):
    """Says how stretches of a recording sound, so that voices can be compared."""

    name: str

    def provenance(self) -> Mapping[str, str]:
        """Model names, hashes and versions."""

    def embed(
        self, audio: Audio, stretches: Sequence[Interval]
    ) -> Sequence[tuple[float, ...] | None]:
        """Return a vector of length 1 for each stretch, or None where it is too short to tell.

        The scalar product of two vectors is their similarity, at most 1. MUST be cheap enough for
        thousands of stretches of seconds.
        """


class NameSpotter(Protocol):
    """Hears names in the sound, whatever a recogniser made of it."""

    name: str

    def provenance(self) -> Mapping[str, str]:
        """Model names and versions."""

    def spot(
        self, audio: Audio, regions: Sequence[Interval], names: Sequence[str]
    ) -> Iterator[Spotted]:
        """Yield where names are heard, region by region, in order of their start.

        MUST hear each region from a fresh state, and MUST leave names out of files and messages.
        Names that it cannot hear are passed over.
        """


class Detector(Protocol):
    """Finds identifiers in text."""

    def serves(self) -> frozenset[EntityType]:
        """Entity types that this detector is able to find."""

    def detect(
        self, text: str, sought: frozenset[EntityType], roster: Roster, locale: Locale
    ) -> list[Finding]:
        """Return findings in `text`, in any order; they may overlap."""


class ReviewEncoder(Protocol):
    """Writes the copy that a person listens to."""

    suffix: str
    """Of the file, with its dot: it tells a browser what it is."""

    def encode(self, audio: Audio, destination: Path, progress: Progress) -> None:
        """Write `audio` so that every browser plays it and finds any place within 20 ms.

        Progress is in milliseconds. MUST leave nothing behind at `destination` on failure. Raises
        StorageError when the disk refuses.
        """


class SoundSilencer(Protocol):
    """Takes stretches out of a copy to listen to."""

    format: SoundFormat
    """What it writes."""

    def without(self, source: BinaryIO, taken_out: TakenOut) -> Iterator[bytes]:
        """Yield a file piece by piece: `source`, which can be sought, without what is taken out.

        Its length is that of `source`, and so is all outside the stretches, as far as the format
        goes: to the sample in WAV and FLAC. MUST hear what it wrote before a piece of it leaves,
        and MUST carry over no names, dates or pictures. Memory does not grow with the length.
        Raises RedactionRefused where something is left, EngineFailed where the sound cannot be
        read or written; what was yielded by then is no whole file.
        """


class Anonymiser(Protocol):
    """Writes replacements into a text."""

    def replace(self, text: str, findings: Sequence[Finding]) -> str:
        """Return `text` with each finding's span replaced; findings do not overlap."""


class PseudonymRegister(Protocol):
    """Remembers the entities of a study and their replacements, across recordings and processes."""

    def update(self, decide: Callable[[Sequence[Entity]], tuple[Sequence[Entity], T]]) -> T:
        """Give `decide` all entities of the study, keep those it returns, return its result.

        MUST let no other process in between, keep all of them or none, and keep none where
        `decide` fails. An entity whose id is known replaces the one kept before. `decide` may be
        called again when another process was faster. Raises StorageError.
        """

    def labels(
        self, recording: str, speakers: Sequence[str], reserved: Collection[str]
    ) -> tuple[str, ...]:
        """Return labels `P01`, … for speakers of a recording, theirs for good.

        MUST give no label to two speakers of the study, and none that is `reserved`. Raises
        StorageError.
        """


@dataclass(frozen=True, slots=True)
class Record:
    """A finished stage: its result as JSON, how long it took, and the files that it names.

    Files lie in the workspace and are named relative to it.
    """

    result: bytes
    took_ms: int
    files: tuple[str, ...] = ()


class Journal(Protocol):
    """Records finished stages, so that a killed run goes on where it stopped."""

    @property
    def workspace(self) -> Path:
        """A private folder for files that stages hand to each other."""

    def load(self, stage: str, fingerprint: str) -> Record | None:
        """Return what was recorded for this stage under this fingerprint, else None.

        The record's files are in the workspace then; where one is lost, the record does not hold.
        """

    def record(self, stage: str, fingerprint: str, record: Record) -> None:
        """Record a finished stage; after this returns, a kill does not lose it."""
