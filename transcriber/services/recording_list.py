"""The recordings of a study as people see them: a page at a time, each with how far it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from transcriber.domain.errors import UsageError
from transcriber.domain.recording import Kind
from transcriber.domain.recording_state import RecordingState
from transcriber.pipeline.order import State
from transcriber.services.page import Page, cursor_of, place_of
from transcriber.services.store import Store
from transcriber.services.studies import no_such_study
from transcriber.storage.database.jobs import JobState, jobs_named
from transcriber.storage.database.recording_states import (
    RecordingRow,
    Wanted,
    count_states,
    recording_rows,
    rows_of,
)


class Order(StrEnum):
    """How a list is sorted; codes are allotted in this order too."""

    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class StageSummary:
    """How far one stage of a job is: `done` of `parts`, of one where it was not divided."""

    stage: str
    state: State
    done: int
    parts: int
    started_at_ms: int | None


@dataclass(frozen=True, slots=True)
class RecordingSummary:
    """A recording in a list. Times in milliseconds; `duration_ms` is None until it was read.

    `failure_sentence` says in plain words what went wrong and what to do.
    """

    id: str
    code: str
    kind: Kind
    created_at_ms: int
    duration_ms: int | None
    state: RecordingState
    job_id: str | None
    stages: tuple[StageSummary, ...]
    failure_code: str | None
    failure_sentence: str | None

    @property
    def at_work(self) -> tuple[str, ...]:
        """The stages that are being done now; several may be, side by side."""
        return tuple(stage.stage for stage in self.stages if stage.state is State.RUNNING)


@dataclass(frozen=True, slots=True)
class RecordingQuery:
    """Which page of which recordings; no states are all states."""

    states: frozenset[RecordingState] = frozenset()
    order: Order = Order.OLDEST
    cursor: str | None = None
    limit: int = 50


ALL = RecordingQuery()


def list_recordings(
    store: Store, study_id: str, query: RecordingQuery = ALL
) -> Page[RecordingSummary]:
    """Return a page of a study's recordings.

    Raises UsageError where there is no such study, or the cursor is none.
    """
    wanted = Wanted(study_id, query.states, query.order is Order.NEWEST, place_of(query.cursor))
    with store.database.read() as connection:
        rows = recording_rows(connection, wanted, query.limit + 1)
        shown = _summaries(store, connection, study_id, rows[: query.limit])
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return Page(tuple(shown), cursor_of(last.created_at_ms, last.id) if last else None)


def count_recordings(store: Store, study_id: str) -> Mapping[RecordingState, int]:
    """Count the recordings of a study by state."""
    with store.database.read() as connection:
        return count_states(connection, [study_id]).get(study_id, Counter())


def show_recording(store: Store, study_id: str, recording_id: str) -> RecordingSummary:
    """Return one recording of a study. Raises UsageError where the study has none of this id."""
    with store.database.read() as connection:
        rows = [row for row in rows_of(connection, [recording_id]) if row.study_id == study_id]
        found = _summaries(store, connection, study_id, rows)
    if not found:
        raise not_in_study()
    return found[0]


def not_in_study() -> UsageError:
    """Say that a study has no recording of an id."""
    return UsageError("not_found", "There is no such recording in this study.")


def _summaries(
    store: Store, connection: Connection, study_id: str, rows: Sequence[RecordingRow]
) -> list[RecordingSummary]:
    study = store.studies.get(connection, study_id)
    if study is None:
        raise no_such_study()
    codes = store.recordings.codes(connection, study_id, [row.id for row in rows])
    jobs = {
        state.id: state
        for state in jobs_named(connection, [row.job_id for row in rows if row.job_id])
    }
    return [
        _summary(row, codes[row.id], jobs.get(row.job_id or "")) for row in rows if row.id in codes
    ]


def _summary(row: RecordingRow, code: str, job: JobState | None) -> RecordingSummary:
    failure = job.failure if job and row.state is RecordingState.FAILED else None
    return RecordingSummary(
        id=row.id,
        code=code,
        kind=Kind(row.kind),
        created_at_ms=row.created_at_ms,
        duration_ms=row.duration_ms,
        state=row.state,
        job_id=row.job_id,
        stages=stages_of(job) if job else (),
        failure_code=failure.failure_code if failure else None,
        failure_sentence=failure.failure_sentence if failure else None,
    )


def stages_of(job: JobState) -> tuple[StageSummary, ...]:
    """Return how far each stage of a job is, in order."""
    parts: dict[str, list[State]] = defaultdict(list)
    for step in job.steps:
        if step.part:
            parts[step.stage].append(step.state)
    return tuple(
        StageSummary(
            step.stage,
            _joined(step.state, parts[step.stage]),
            _done(step.state, parts[step.stage]),
            len(parts[step.stage]) or 1,
            step.started_at_ms,
        )
        for step in job.steps
        if not step.part
    )


def _joined(whole: State, parts: Iterable[State]) -> State:
    """A stage whose parts are at work is at work, though the step that joins them waits."""
    begun = any(state in (State.RUNNING, State.DONE) for state in parts)
    return State.RUNNING if whole is State.WAITING and begun else whole


def _done(whole: State, parts: Sequence[State]) -> int:
    if whole is State.DONE:
        return len(parts) or 1
    return sum(state is State.DONE for state in parts)
