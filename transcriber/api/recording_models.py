"""Recordings, how far they are, and what was made of them, as the interface writes them."""

from typing import Literal

from transcriber.api.answers import Model
from transcriber.domain.recording import Kind
from transcriber.domain.recording_state import RecordingState
from transcriber.pipeline.order import State
from transcriber.services.eta import Eta
from transcriber.services.progress import RecordingProgress, eta_words
from transcriber.services.recording_list import RecordingSummary
from transcriber.services.releases import ReleaseSummary


class StageModel(Model):
    """How far a stage is."""

    stage: str
    state: State
    done: int
    parts: int
    """Of how many parts; 1 where it was not divided."""


class Failure(Model):
    """Why nothing came of it."""

    code: str
    sentence: str
    """What happened, what it means and what to do."""


class RecordingModel(Model):
    """A recording. Its files' names are not shown; its code is what people call it."""

    id: str
    code: str
    kind: Kind
    created_at_ms: int
    duration_ms: int | None
    """Null until the sound was read."""
    state: RecordingState
    job_id: str | None
    stages: list[StageModel]
    failure: Failure | None

    @classmethod
    def of(cls, found: RecordingSummary) -> "RecordingModel":
        """Write a recording."""
        failure = None
        if found.failure_code is not None:
            failure = Failure(code=found.failure_code, sentence=found.failure_sentence or "")
        return cls(
            id=found.id,
            code=found.code,
            kind=found.kind,
            created_at_ms=found.created_at_ms,
            duration_ms=found.duration_ms,
            state=found.state,
            job_id=found.job_id,
            stages=[
                StageModel(stage=each.stage, state=each.state, done=each.done, parts=each.parts)
                for each in found.stages
            ],
            failure=failure,
        )


class RecordingPage(Model):
    """Some recordings of a study."""

    items: list[RecordingModel]
    cursor: str | None
    """Gives the next page; null at the end."""


class EtaModel(Model):
    """In how many milliseconds it ends: half of them end between `low_ms` and `high_ms`."""

    low_ms: float
    likely_ms: float
    high_ms: float
    words: str

    @classmethod
    def of(cls, eta: Eta) -> "EtaModel":
        """Write a time."""
        return cls(
            low_ms=eta.low_ms,
            likely_ms=eta.likely_ms,
            high_ms=eta.high_ms,
            words=eta_words(eta),
        )


class ProgressModel(Model):
    """How far a recording is. This is also the data of each event."""

    recording_id: str
    state: RecordingState
    stages: list[str]
    """What is being done now; several stages may be, side by side."""
    fraction: float
    """From 0 to 1."""
    eta: EtaModel | None
    """Null while nobody knows: before three recordings were done on this installation."""
    failure_code: str | None

    @classmethod
    def of(cls, progress: RecordingProgress) -> "ProgressModel":
        """Write how far a recording is."""
        return cls(
            recording_id=progress.recording_id,
            state=progress.state,
            stages=list(progress.stages),
            fraction=progress.fraction,
            eta=EtaModel.of(progress.eta) if progress.eta else None,
            failure_code=progress.failure_code,
        )


class PriorityModel(Model):
    """Whether a recording goes before others or after them."""

    priority: Literal["low", "normal", "high"]


class ReleaseModel(Model):
    """A release: signed off, and never changed."""

    id: str
    recording_id: str
    code: str
    number: int
    """Counted from 1 for each version of the transcript."""
    size_bytes: int
    released_by: str | None
    created_at_ms: int
    withdrawn_at_ms: int | None
    """Since when nobody gets its file any more; null while it stands."""

    @classmethod
    def of(cls, release: ReleaseSummary) -> "ReleaseModel":
        """Write a release."""
        return cls(
            id=release.id,
            recording_id=release.recording_id,
            code=release.code,
            number=release.number,
            size_bytes=release.size_bytes,
            released_by=release.released_by,
            created_at_ms=release.created_at_ms,
            withdrawn_at_ms=release.withdrawn_at_ms,
        )


class ReleasePage(Model):
    """Some releases of a study, the newest first."""

    items: list[ReleaseModel]
    cursor: str | None
    """Gives the next page; null at the end."""
