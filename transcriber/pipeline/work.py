"""A job on its way through the stages, and what a stage is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, cast

from transcriber.domain.edit import Edit
from transcriber.domain.errors import TranscriberError
from transcriber.domain.finding import Finding
from transcriber.domain.known_name import KnownName
from transcriber.domain.labels import Labels
from transcriber.domain.policy import Policy
from transcriber.domain.recording import Recording, Source
from transcriber.domain.redacted import RedactedTranscript
from transcriber.domain.roster import Roster
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.stages.protocols import (
    Anonymiser,
    Decoder,
    Detector,
    Diariser,
    Journal,
    NameSpotter,
    Progress,
    PseudonymRegister,
    Recogniser,
    ReviewEncoder,
    SpeechDetector,
    TranscriptReader,
    VoiceComparer,
)

P = TypeVar("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """One recording and all that was decided about it beforehand.

    Each of `policies`, one or more, makes a transcript of its own from the same findings. `known`
    are names that other recordings of the study gave away. `told` is who speaks when, where a file
    beside the recording says so. `labels` says whether somebody's label is the same in everything
    that he or she takes part in. `written` is the transcript that people brought, if they did.
    """

    recording: Recording
    sources: tuple[Path, ...]
    roster: Roster
    policies: tuple[Policy, ...]
    edits: tuple[Edit, ...] = ()
    known: tuple[KnownName, ...] = ()
    told: ToldSpeakers | None = None
    labels: Labels = Labels.UNLINKED
    written: Path | None = None


@dataclass(frozen=True)
class Engines:
    """What the stages use, wired in `transcriber.bootstrap`."""

    reader: TranscriptReader
    decoder: Decoder
    speech_detector: SpeechDetector
    recogniser: Recogniser
    diariser: Diariser
    voice_comparer: VoiceComparer
    review_encoder: ReviewEncoder
    spotter: NameSpotter
    detectors: tuple[Detector, ...]
    anonymiser: Anonymiser


@dataclass(frozen=True)
class Pseudonymised:
    """What the policy made of a transcript: findings with their replacements, and the result."""

    findings: tuple[Finding, ...]
    redacted: RedactedTranscript


class StageProgress(Protocol):
    """Told how far each stage is; also once with done == total when it ends or was recorded."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show `done` of `total` in the stage's own unit."""


@dataclass(frozen=True)
class FanOut(Generic[P, T]):
    """How a stage is done in parts that any worker may take.

    Parts are numbered from zero. `merge` is given what they gave, in order, and MUST give what the
    stage's own `run` gives.
    """

    result: Any
    """The type of what one part gives."""
    count: Callable[["Work"], int]
    run_part: Callable[["Work", int, Progress], P]
    merge: Callable[["Work", Sequence[P]], T]


@dataclass(frozen=True)
class Stage(Generic[T]):
    """A step: its result type, the stages it needs, what else its result depends on, its work.

    Where a stage has an `instead`, its failure does not stop the job: later stages go on with
    that, and neither it nor what follows from it is recorded, so that the next run tries again.
    All files that a result names lie in the journal's workspace.

    A job consists of the stages that are `of` the source of its words. What a stage needs besides
    is not waited for, and is not there.
    """

    name: str
    result: Any
    needs: "tuple[Stage[Any], ...]"
    depends_on: Callable[["Work"], object]
    run: Callable[["Work", Progress], T]
    instead: T | None = None
    of: frozenset[Source] = frozenset(Source)
    fan_out: FanOut[Any, T] | None = None

    def __hash__(self) -> int:
        return hash(self.name)

    def needs_for(self, source: Source) -> "tuple[Stage[Any], ...]":
        """Return the stages that it needs in a job of this source."""
        return tuple(needed for needed in self.needs if source in needed.of)


@dataclass
class Work:
    """A job in progress: what stages read from."""

    job: Job
    engines: Engines
    register: PseudonymRegister
    journal: Journal
    results: dict[str, Any] = field(default_factory=dict)
    took_ms: dict[str, int] = field(default_factory=dict)
    failures: dict[str, TranscriberError] = field(default_factory=dict)

    def of(self, stage: Stage[T]) -> T:
        """Return the result of a finished stage."""
        return cast(T, self.results[stage.name])
