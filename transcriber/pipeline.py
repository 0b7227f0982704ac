"""The way from a recording to a redacted transcript, on one page.

Each stage states which stages it needs. A finished stage is written to the journal under a
fingerprint of everything its result depends on; what is recorded is never computed again, so a
killed run goes on where it stopped, and a changed roster repeats detection but not recognition.
Stages that do not need one another run side by side.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, cast

from pydantic import TypeAdapter

from transcriber import __version__
from transcriber.domain.edit import Edit, decided, version
from transcriber.domain.finding import Finding
from transcriber.domain.policy import Policy
from transcriber.domain.recording import IngestedRecording, Recording
from transcriber.domain.redacted import RedactedTranscript
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Recognition, Transcript, Turn
from transcriber.stages.align import align
from transcriber.stages.detect import detect, locate
from transcriber.stages.diarise import diarise
from transcriber.stages.ingest import ingest
from transcriber.stages.overlaps import resolve
from transcriber.stages.protocols import (
    Anonymiser,
    Decoder,
    Detector,
    Diariser,
    Journal,
    Progress,
    PseudonymRegister,
    Recogniser,
    Record,
    SpeechDetector,
)
from transcriber.stages.pseudonymise import apply_policy
from transcriber.stages.redact import redact_transcript
from transcriber.stages.transcribe import transcribe

T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """One recording and all that was decided about it beforehand."""

    recording: Recording
    source: Path
    roster: Roster
    policy: Policy
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Engines:
    """What the stages use, wired in `transcriber.bootstrap`."""

    decoder: Decoder
    speech_detector: SpeechDetector
    recogniser: Recogniser
    diariser: Diariser
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
class Stage(Generic[T]):
    """A step: its result type, the stages it needs, what else its result depends on, its work."""

    name: str
    result: Any
    needs: "tuple[Stage[Any], ...]"
    depends_on: Callable[["Work"], object]
    run: Callable[["Work", Progress], T]
    still_there: Callable[[T], bool] = lambda _: True

    def __hash__(self) -> int:
        return hash(self.name)

    def encode(self, result: T) -> bytes:
        """Write a result as JSON."""
        return bytes(_adapter(self.result).dump_json(result))

    def decode(self, data: bytes) -> T:
        """Read a result back."""
        return cast(T, _adapter(self.result).validate_json(data))


@cache
def _adapter(result: Any) -> TypeAdapter[Any]:
    return TypeAdapter(result)


@dataclass
class Work:
    """A job in progress: what stages read from."""

    job: Job
    engines: Engines
    register: PseudonymRegister
    journal: Journal
    results: dict[str, Any] = field(default_factory=dict)
    took_ms: dict[str, int] = field(default_factory=dict)

    def of(self, stage: Stage[T]) -> T:
        """Return the result of a finished stage."""
        return cast(T, self.results[stage.name])

    def provenance(self) -> dict[str, object]:
        """Engines, models, versions, settings and times that made the words and turns."""
        recogniser, diariser = self.engines.recogniser, self.engines.diariser
        recording = self.job.recording
        return {
            "transcriber": __version__,
            "source_sha256": recording.source_sha256,
            "speech_detection": {"engine": self.engines.speech_detector.name},
            "recognition": {"engine": recogniser.name, **recogniser.provenance()},
            "diarisation": {"engine": diariser.name, **diariser.provenance()},
            "settings": {"language": recording.language, "speakers": asdict(recording.speakers)},
            "took_ms": dict(sorted(self.took_ms.items())),
        }


INGEST = Stage[IngestedRecording](
    "ingest",
    IngestedRecording,
    needs=(),
    depends_on=lambda work: (
        work.job.recording.source_sha256,
        work.engines.speech_detector.name,
    ),
    run=lambda work, progress: ingest(
        work.job.source,
        work.journal.workspace,
        work.engines.decoder,
        work.engines.speech_detector,
        progress,
    ),
    # The samples are deleted once a recording is done; its words and turns stay recorded.
    still_there=lambda ingested: ingested.audio.path.is_file(),
)

TRANSCRIBE = Stage[Recognition](
    "transcribe",
    Recognition,
    needs=(INGEST,),
    depends_on=lambda work: (
        work.engines.recogniser.name,
        work.engines.recogniser.provenance(),
        work.job.recording.language,
    ),
    run=lambda work, progress: transcribe(
        work.of(INGEST), work.job.recording.language, work.engines.recogniser, progress
    ),
)

DIARISE = Stage[tuple[Turn, ...]](
    "diarise",
    tuple[Turn, ...],
    needs=(INGEST,),
    depends_on=lambda work: (
        work.engines.diariser.name,
        work.engines.diariser.provenance(),
        asdict(work.job.recording.speakers),
    ),
    run=lambda work, progress: diarise(
        work.of(INGEST), work.job.recording.speakers, work.engines.diariser, progress
    ),
)

ALIGN = Stage[Transcript](
    "align",
    Transcript,
    needs=(INGEST, TRANSCRIBE, DIARISE),
    depends_on=lambda work: None,
    run=lambda work, progress: _align(work),
)

DETECT = Stage[tuple[Finding, ...]](
    "detect",
    tuple[Finding, ...],
    needs=(ALIGN,),
    depends_on=lambda work: (
        asdict(work.job.roster),
        sorted(work.job.policy.sought),
        [asdict(edit) for edit in work.job.edits],
    ),
    run=lambda work, progress: _detect(work),
)

PSEUDONYMISE = Stage[Pseudonymised](
    "pseudonymise",
    Pseudonymised,
    needs=(ALIGN, DETECT),
    depends_on=lambda work: (
        asdict(work.job.policy),
        work.job.recording.code,
        work.job.recording.study,
    ),
    run=lambda work, progress: _pseudonymise(work),
)

STAGES: tuple[Stage[Any], ...] = (INGEST, TRANSCRIBE, DIARISE, ALIGN, DETECT, PSEUDONYMISE)


def _align(work: Work) -> Transcript:
    turns: tuple[Turn, ...] = work.of(DIARISE)
    duration_ms = work.of(INGEST).audio.duration_ms
    return align(work.of(TRANSCRIBE), turns, duration_ms, work.provenance())


def _detect(work: Work) -> tuple[Finding, ...]:
    current = version(work.of(ALIGN), work.job.edits)
    found = detect(current.text, work.job.policy, work.job.roster, work.engines.detectors)
    judged = decided(locate(found, current), current, work.job.edits)
    return locate(resolve(current.text, judged), current)


def _pseudonymise(work: Work) -> Pseudonymised:
    job = work.job
    found: tuple[Finding, ...] = work.of(DETECT)
    findings = apply_policy(found, job.policy, job.roster, work.register)
    current = version(work.of(ALIGN), job.edits)
    redacted = redact_transcript(job.recording, current, findings, work.engines.anonymiser)
    return Pseudonymised(findings, redacted)


def run(work: Work, targets: Sequence[Stage[Any]], progress: StageProgress) -> None:
    """Bring `targets` into `work.results`, doing only what is not recorded yet.

    A stage that fails does not stop the one beside it: what that one finishes is recorded before
    the error is raised.
    """
    fingerprints = _fingerprints(work)
    missing: set[Stage[Any]] = set()
    for target in targets:
        _recall(target, work, fingerprints, missing)
    for stage in STAGES:
        if stage.name in work.results:
            progress(stage.name, 1, 1)

    def finish(stage: Stage[Any]) -> Any:
        started_s = time.monotonic()
        result = stage.run(work, lambda done, total: progress(stage.name, done, total))
        took_ms = work.took_ms[stage.name] = round((time.monotonic() - started_s) * 1000)
        record = Record(stage.encode(result), took_ms)
        work.journal.record(stage.name, fingerprints[stage.name], record)
        progress(stage.name, 1, 1)
        return result

    with ThreadPoolExecutor(max_workers=2) as side_by_side:
        running: dict[Future[Any], Stage[Any]] = {}
        while missing or running:
            for stage in [s for s in STAGES if s in missing and _is_ready(s, work)]:
                missing.remove(stage)
                running[side_by_side.submit(finish, stage)] = stage
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                work.results[running.pop(done).name] = done.result()


def _recall(
    stage: Stage[Any], work: Work, fingerprints: dict[str, str], missing: set[Stage[Any]]
) -> None:
    """Load a stage's recorded result, or add it and what it needs to `missing`."""
    if stage.name in work.results or stage in missing:
        return
    recorded = work.journal.load(stage.name, fingerprints[stage.name])
    if recorded is not None:
        result = stage.decode(recorded.result)
        if stage.still_there(result):
            work.results[stage.name] = result
            work.took_ms[stage.name] = recorded.took_ms
            return
    missing.add(stage)
    for needed in stage.needs:
        _recall(needed, work, fingerprints, missing)


def _is_ready(stage: Stage[Any], work: Work) -> bool:
    return all(needed.name in work.results for needed in stage.needs)


def _fingerprints(work: Work) -> dict[str, str]:
    """Hash, stage by stage, everything that a result depends on."""
    fingerprints: dict[str, str] = {}
    for stage in STAGES:
        ingredients = [
            __version__,
            stage.name,
            stage.depends_on(work),
            [fingerprints[needed.name] for needed in stage.needs],
        ]
        canonical = json.dumps(ingredients, sort_keys=True, default=dict)
        fingerprints[stage.name] = hashlib.sha256(canonical.encode()).hexdigest()
    return fingerprints
