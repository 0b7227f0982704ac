"""Jobs: what is to be made of a recording, and how far that is."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from transcriber.domain.edit import Edit
from transcriber.domain.labels import Labels
from transcriber.domain.policy import Policy
from transcriber.domain.recording import ANY_COUNT, WHOLE, SpeakerCount, Trim
from transcriber.domain.roster import Roster
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.pipeline.order import State
from transcriber.pipeline.step import STAGE_NAMED
from transcriber.pipeline.step import WHOLE as WHOLE_STAGE
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.job_steps import add_steps
from transcriber.storage.database.tables import JOB, STEP
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, seal, unseal


@dataclass(frozen=True)
class JobRequest:
    """What was decided about a recording beforehand, how it is heard and by what means.

    A later job may hear the same files otherwise, so this and not the recording counts.
    """

    roster: Roster
    policies: tuple[Policy, ...]
    speakers: SpeakerCount = ANY_COUNT
    language: str = "en"
    trim: Trim = WHOLE
    tracks: bool = False
    side_by_side: bool = False
    told: ToldSpeakers | None = None
    labels: Labels = Labels.UNLINKED
    engine: str = "auto"
    model: str | None = None
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class StepState:
    """How far one step is; `part` 0 is the whole stage."""

    id: str
    stage: str
    part: int
    state: State
    tries: int
    started_at_ms: int | None
    stage_result_id: str | None
    failure_code: str | None
    failure_sentence: str | None


@dataclass(frozen=True, slots=True)
class JobState:
    """How far a job is."""

    id: str
    recording_id: str
    state: State
    created_at_ms: int
    finished_at_ms: int | None
    steps: tuple[StepState, ...]

    @property
    def failure(self) -> StepState | None:
        """The stage that failed, if one did."""
        return next(
            (step for step in self.steps if step.state is State.FAILED and not step.part), None
        )

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.state is State.DONE for step in self.steps)

    def whole(self, stage: str) -> StepState:
        """Return the step that is a stage itself."""
        return next(step for step in self.steps if step.stage == stage and not step.part)

    def parts(self, stage: str) -> list[StepState]:
        """Return the parts that a stage fanned out into, in order."""
        return [step for step in self.steps if step.stage == stage and step.part]


@cache
def _request() -> TypeAdapter[JobRequest]:
    return TypeAdapter(JobRequest)


def add_job(
    connection: Connection,
    recording: tuple[str, Key],
    request: JobRequest,
    queues: Mapping[str, str],
    priority: int = 0,
) -> str:
    """Add a job on a recording, given by its id and its key, and return the job's id.

    `queues` has the stages that it consists of, and where each waits.
    """
    job_id, (recording_id, key) = new_id(), recording
    connection.execute(
        insert(JOB).values(
            id=job_id,
            recording_id=recording_id,
            state=State.RUNNING,
            priority=priority,
            request=seal(key, _place(job_id), _request().dump_json(request)),
            created_at_ms=now_ms(),
        )
    )
    add_steps(connection, job_id, queues, priority)
    return job_id


def request_of(connection: Connection, job_id: str, key: Key) -> JobRequest:
    """Return what a job was asked for. Raises StorageError when it was changed."""
    sealed = connection.execute(select(JOB.c.request).where(JOB.c.id == job_id)).scalar_one()
    return _request().validate_json(unseal(key, _place(job_id), sealed))


def rewrite_requests(
    connection: Connection,
    keys: Mapping[str, Key],
    change: Callable[[JobRequest], JobRequest],
) -> None:
    """Change what was asked for in all jobs on some recordings, given with their keys.

    Raises StorageError when one was changed by somebody else.
    """
    of_them = select(JOB.c.id, JOB.c.recording_id).where(JOB.c.recording_id.in_(list(keys)))
    for row in connection.execute(of_them).all():
        key = keys[row.recording_id]
        request = request_of(connection, row.id, key)
        changed = change(request)
        if changed != request:
            again = seal(key, _place(row.id), _request().dump_json(changed))
            connection.execute(update(JOB).where(JOB.c.id == row.id).values(request=again))


def settle_for_good(
    connection: Connection, job_id: str, key: Key, request: JobRequest, left: Mapping[str, str]
) -> None:
    """Let a job be done that nobody takes up again: only results in `left`, by stage, stay of it.

    What it was asked for is written anew.
    """
    connection.execute(delete(STEP).where(STEP.c.job_id == job_id))
    connection.execute(
        update(JOB)
        .where(JOB.c.id == job_id)
        .values(
            state=State.DONE,
            request=seal(key, _place(job_id), _request().dump_json(request)),
            failure_code=None,
            finished_at_ms=func.coalesce(JOB.c.finished_at_ms, now_ms()),
        )
    )
    for stage, result_id in left.items():
        connection.execute(
            insert(STEP).values(
                id=new_id(),
                job_id=job_id,
                stage=stage,
                part=WHOLE_STAGE,
                state=State.DONE,
                queue="cpu",
                stage_result_id=result_id,
            )
        )


def job(connection: Connection, job_id: str) -> JobState | None:
    """Return how far a job is, None when there is none of that id."""
    found = jobs_named(connection, [job_id])
    return found[0] if found else None


def jobs_named(connection: Connection, job_ids: Sequence[str]) -> list[JobState]:
    """Return how far some jobs are, older ones first."""
    return _states(connection, JOB.c.id.in_(job_ids))


def jobs_of(connection: Connection, recording_ids: Sequence[str]) -> list[JobState]:
    """Return the jobs of recordings, older ones first."""
    return _states(connection, JOB.c.recording_id.in_(recording_ids))


def _states(connection: Connection, which: ColumnElement[bool]) -> list[JobState]:
    """Return jobs with all of their steps, in two statements however many there are."""
    found = connection.execute(select(JOB).where(which).order_by(JOB.c.created_at_ms)).all()
    steps = defaultdict(list)
    for step in connection.execute(
        select(STEP).where(STEP.c.job_id.in_([row.id for row in found]))
    ):
        steps[step.job_id].append(step)
    return [_state(row, steps[row.id]) for row in found]


def _state(found: Row[Any], steps: Sequence[Row[Any]]) -> JobState:
    order = {name: number for number, name in enumerate(STAGE_NAMED)}
    steps = sorted(steps, key=lambda step: (order[step.stage], step.part))
    return JobState(
        id=found.id,
        recording_id=found.recording_id,
        state=State(found.state),
        created_at_ms=found.created_at_ms,
        finished_at_ms=found.finished_at_ms,
        steps=tuple(
            StepState(
                id=step.id,
                stage=step.stage,
                part=step.part,
                state=State(step.state),
                tries=step.tries,
                started_at_ms=step.started_at_ms,
                stage_result_id=step.stage_result_id,
                failure_code=step.failure_code,
                failure_sentence=step.failure_sentence,
            )
            for step in steps
        ),
    )


def _place(job_id: str) -> Place:
    return Place("job", "request", job_id)
