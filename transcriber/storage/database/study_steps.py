"""Steps that wait for other recordings of their study: all are searched before any is written.

The rules are those of a batch in a folder (docs/decisions/0005), so that the same recordings give
the same texts, whoever works on them and in whatever order they are heard. Whoever calls these
functions has locked the study.
"""

from typing import Any

from sqlalchemy import Connection, Row, Select, exists, select, update

from transcriber.pipeline.order import (
    GIVES_NAMES,
    SEARCHES_NAMES,
    WRITES,
    State,
    resting_on,
    unlocked,
)
from transcriber.pipeline.step import WHOLE
from transcriber.storage.database.outbox import put_into_outbox
from transcriber.storage.database.studies import lock_study
from transcriber.storage.database.tables import JOB, RECORDING, STEP


def study_of(connection: Connection, job_id: str) -> str:
    """Return the study that a job belongs to."""
    found: str = connection.execute(
        select(RECORDING.c.study_id)
        .join(JOB, JOB.c.recording_id == RECORDING.c.id)
        .where(JOB.c.id == job_id)
    ).scalar_one()
    return found


def let_on(connection: Connection, study_id: str) -> None:
    """Make ready what waited for other jobs of the study and does so no more.

    Names are sought once no job at work can give away more of them. Jobs are written one after the
    other, the oldest first.
    """
    running = _at_work(study_id)
    giving = running.where(STEP.c.stage == GIVES_NAMES, STEP.c.state != State.DONE)
    waiting: list[str] = []
    if connection.execute(giving.limit(1)).first() is None:
        waiting += [step.id for step in _waiting(connection, running, SEARCHES_NAMES)]
    unwritten = running.where(STEP.c.stage == WRITES, STEP.c.state != State.DONE)
    first = connection.execute(
        unwritten.order_by(JOB.c.created_at_ms, JOB.c.id).limit(1)
    ).one_or_none()
    if first is not None:
        of_first = running.where(JOB.c.id == first.job_id)
        waiting += [step.id for step in _waiting(connection, of_first, WRITES)]
    if waiting:
        connection.execute(
            update(STEP)
            .where(STEP.c.id.in_(waiting))
            .values(state=State.READY, tries=0, lease_until_ms=0)
        )
        put_into_outbox(connection, waiting)


def let_all_on(connection: Connection) -> None:
    """Do so in every study that has something at work, locking it first."""
    studies = connection.execute(
        select(RECORDING.c.study_id)
        .join(JOB, JOB.c.recording_id == RECORDING.c.id)
        .where(JOB.c.state == State.RUNNING)
        .distinct()
        .order_by(RECORDING.c.study_id)
    ).scalars()
    for study_id in list(studies):
        lock_study(connection, study_id)
        let_on(connection, study_id)


def search_again(connection: Connection, job_id: str) -> None:
    """Have the study's other recordings searched and written again: `job_id` gave away new names.

    What they gave stays readable until it is replaced. Whoever is at it writes nothing any more.
    """
    recording = select(JOB.c.recording_id).where(JOB.c.id == job_id).scalar_subquery()
    study_id = study_of(connection, job_id)
    later = JOB.alias("later")
    latest = ~exists().where(
        later.c.recording_id == JOB.c.recording_id, later.c.created_at_ms > JOB.c.created_at_ms
    )
    searched = connection.execute(
        select(STEP.c.job_id)
        .join(JOB, JOB.c.id == STEP.c.job_id)
        .join(RECORDING, RECORDING.c.id == JOB.c.recording_id)
        .where(
            RECORDING.c.study_id == study_id,
            RECORDING.c.id != recording,
            latest,
            STEP.c.stage == SEARCHES_NAMES,
            STEP.c.state.in_((State.RUNNING, State.DONE)),
        )
    ).scalars()
    jobs = list(searched)
    if not jobs:
        return
    connection.execute(
        update(STEP)
        .where(
            STEP.c.job_id.in_(jobs),
            STEP.c.stage.in_({SEARCHES_NAMES, *resting_on(SEARCHES_NAMES)}),
            STEP.c.part == WHOLE,
            STEP.c.state.in_((State.READY, State.RUNNING, State.DONE)),
        )
        .values(state=State.WAITING, tries=0, lease_until_ms=0)
    )
    connection.execute(
        update(JOB)
        .where(JOB.c.id.in_(jobs), JOB.c.state == State.DONE)
        .values(state=State.RUNNING, finished_at_ms=None)
    )
    let_on(connection, study_id)


def _at_work(study_id: str) -> Select[Any]:
    """Return what gives the stages of a study's running jobs."""
    return (
        select(STEP.c.id, STEP.c.job_id, STEP.c.stage, STEP.c.state)
        .join(JOB, JOB.c.id == STEP.c.job_id)
        .join(RECORDING, RECORDING.c.id == JOB.c.recording_id)
        .where(
            RECORDING.c.study_id == study_id,
            JOB.c.state == State.RUNNING,
            STEP.c.part == WHOLE,
        )
    )


def _waiting(connection: Connection, running: Select[Any], stage: str) -> list[Row[Any]]:
    """Return the steps of a stage that wait for nothing in their own jobs."""
    waiting = connection.execute(
        running.where(STEP.c.stage == stage, STEP.c.state == State.WAITING)
    ).all()
    if not waiting:
        return []
    states: dict[str, dict[str, State]] = {}
    for step in connection.execute(
        select(STEP.c.job_id, STEP.c.stage, STEP.c.state).where(
            STEP.c.job_id.in_([step.job_id for step in waiting]), STEP.c.part == WHOLE
        )
    ):
        states.setdefault(step.job_id, {})[step.stage] = State(step.state)
    return [step for step in waiting if stage in unlocked(states[step.job_id])]
