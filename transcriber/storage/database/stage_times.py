"""How long stages took of recordings whose length is known, and which jobs are under way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select, union

from transcriber.domain.audit import Action
from transcriber.pipeline.order import State
from transcriber.pipeline.step import WHOLE
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.recording_states import RecordingRow, rows_of
from transcriber.storage.database.tables import (
    AUDIT_EVENT,
    JOB,
    RECORDING,
    RELEASE,
    STAGE_RESULT,
    STEP,
    TRANSCRIPT,
)


@dataclass(frozen=True, slots=True)
class Took:
    """How long a stage took of a recording of some length, both in milliseconds."""

    took_ms: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Queued:
    """A job under way, in the order in which jobs are taken up; `begun` once a step of it was."""

    job_id: str
    duration_ms: int | None
    begun: bool


def stage_times(
    connection: Connection, stages: Sequence[str], most: int
) -> Mapping[str, list[Took]]:
    """Return how long each stage took the last times, `most` at most."""
    found: dict[str, list[Took]] = {}
    for stage in stages:
        rows = connection.execute(
            select(STAGE_RESULT.c.took_ms, RECORDING.c.duration_ms)
            .join(RECORDING, RECORDING.c.id == STAGE_RESULT.c.recording_id)
            .where(
                STAGE_RESULT.c.stage == stage,
                STAGE_RESULT.c.part == WHOLE,
                RECORDING.c.duration_ms > 0,
            )
            .order_by(STAGE_RESULT.c.created_at_ms.desc())
            .limit(most)
        )
        found[stage] = [Took(row.took_ms, row.duration_ms) for row in rows]
    return found


def queue(connection: Connection) -> list[Queued]:
    """Return all jobs that are under way: those of high priority first, then the oldest."""
    begun = select(STEP.c.job_id).where(STEP.c.state.in_([State.RUNNING, State.DONE])).distinct()
    rows = connection.execute(
        select(JOB.c.id, RECORDING.c.duration_ms, JOB.c.id.in_(begun).label("begun"))
        .join(RECORDING, RECORDING.c.id == JOB.c.recording_id)
        .where(JOB.c.state == State.RUNNING)
        .order_by(JOB.c.priority.desc(), JOB.c.created_at_ms, JOB.c.id)
    )
    return [Queued(row.id, row.duration_ms, bool(row.begun)) for row in rows]


def database_now_ms(connection: Connection) -> int:
    """Return the database's time, UTC in milliseconds."""
    return connection.execute(select(now_ms())).scalar_one()


def changed_rows(
    connection: Connection, study_ids: Collection[str], since_ms: int
) -> list[RecordingRow]:
    """Return the recordings of studies that are at work, or of which something ended since."""
    of_job = (
        select(RECORDING.c.id)
        .join(JOB, JOB.c.recording_id == RECORDING.c.id)
        .where(
            RECORDING.c.study_id.in_(study_ids),
            or_(JOB.c.state == State.RUNNING, JOB.c.finished_at_ms >= since_ms),
        )
    )
    added = select(RECORDING.c.id).where(
        RECORDING.c.study_id.in_(study_ids), RECORDING.c.created_at_ms >= since_ms
    )
    released = (
        select(RECORDING.c.id)
        .join(TRANSCRIPT, TRANSCRIPT.c.recording_id == RECORDING.c.id)
        .join(RELEASE, RELEASE.c.transcript_id == TRANSCRIPT.c.id)
        .where(RECORDING.c.study_id.in_(study_ids), RELEASE.c.created_at_ms >= since_ms)
    )
    ids = connection.execute(union(of_job, added, released)).scalars()
    return rows_of(connection, list(ids))


def erased_since(
    connection: Connection, study_ids: Collection[str], since_ms: int
) -> list[tuple[str, str]]:
    """Return study and recording of what was erased since."""
    rows = connection.execute(
        select(AUDIT_EVENT.c.study_id, AUDIT_EVENT.c.recording_id).where(
            AUDIT_EVENT.c.study_id.in_(study_ids),
            AUDIT_EVENT.c.action == Action.RECORDING_ERASED,
            AUDIT_EVENT.c.created_at_ms >= since_ms,
        )
    )
    return [(row.study_id, row.recording_id) for row in rows]
