"""The steps of a job: made with it, unlocked one by one, tried again, cancelled.

Whatever makes a step ready puts it into the outbox in the same commit, so that a step is never
ready without somebody being told sooner or later. Whoever settles a job locks its study first: of
two steps that finish at once, also of two jobs of which one waits for the other, the second one
then sees the first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from transcriber.domain.webhook_event import WebhookEvent
from transcriber.pipeline.order import ACROSS_STUDY, State, job_state, resting_on, unlocked
from transcriber.pipeline.step import STAGE_NAMED, WHOLE
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.outbox import put_into_outbox
from transcriber.storage.database.studies import lock_study
from transcriber.storage.database.study_steps import let_on, study_of
from transcriber.storage.database.tables import JOB, STEP
from transcriber.storage.database.webhook_queue import announce
from transcriber.storage.ids import new_id

_TOLD = {
    State.DONE: WebhookEvent.JOB_FINISHED,
    State.FAILED: WebhookEvent.JOB_FAILED,
}
"""What webhooks are told at the end of a job."""


def add_steps(
    connection: Connection, job_id: str, queues: Mapping[str, str], priority: int
) -> None:
    """Give a new job a step for each stage that has a queue; what waits for nothing is ready."""
    connection.execute(
        insert(STEP),
        [
            {
                "id": new_id(),
                "job_id": job_id,
                "stage": stage,
                "part": WHOLE,
                "state": State.WAITING,
                "queue": queue,
                "priority": priority,
            }
            for stage, queue in queues.items()
        ],
    )
    lock_job(connection, job_id)
    settle(connection, job_id)


def lock_job(connection: Connection, job_id: str) -> None:
    """Keep others from changing the jobs of this one's study until the end of this transaction.

    Like every lock that is held while rows are written which refer to others, it leaves the key
    alone (FOR NO KEY UPDATE): two steps whose results refer to one recording would deadlock.
    """
    lock_study(connection, study_of(connection, job_id))


def settle(connection: Connection, job_id: str) -> None:
    """Unlock what waits for nothing any more and note what has become of the job.

    That may let on other jobs of the study too.
    """
    steps = _steps_of(connection, job_id)
    for stage, whole in _wholes(steps).items():
        failed = next((s for s in _parts(steps, stage) if s.state == State.FAILED), None)
        if failed is not None and whole.state == State.WAITING:
            _change(
                connection,
                [whole.id],
                state=State.FAILED,
                failure_code=failed.failure_code,
                failure_sentence=failed.failure_sentence,
            )
    steps = _steps_of(connection, job_id)
    wholes = _wholes(steps)
    states = {stage: State(step.state) for stage, step in wholes.items()}
    ready = [
        wholes[stage].id
        for stage in unlocked(states)
        if stage not in ACROSS_STUDY
        and all(part.state == State.DONE for part in _parts(steps, stage))
    ]
    _change(connection, ready, state=State.READY, tries=0, lease_until_ms=0)
    put_into_outbox(connection, ready)
    ended = job_state(states)
    before = connection.execute(
        select(JOB.c.state, JOB.c.recording_id).where(JOB.c.id == job_id)
    ).one()
    if before.state == State.RUNNING and ended in _TOLD:
        announce(connection, _TOLD[ended], before.recording_id, job_id)
    failure = next(
        (s.failure_code for s in steps if s.state == State.FAILED and s.part == WHOLE), None
    )
    connection.execute(
        update(JOB)
        .where(JOB.c.id == job_id)
        .values(
            state=ended,
            failure_code=failure,
            finished_at_ms=None if ended is State.RUNNING else now_ms(),
        )
    )
    let_on(connection, study_of(connection, job_id))


def retry_steps(connection: Connection, job_id: str) -> bool:
    """Take up a job where it stopped: what failed or was cancelled is to be done again.

    So is what rests on a failure. What is done stays. Return whether there was anything to do.
    """
    lock_job(connection, job_id)
    steps = _steps_of(connection, job_id)
    stopped = {s.stage for s in steps if s.state in (State.FAILED, State.CANCELLED)}
    rests = {later for stage in stopped for later in resting_on(stage)}
    again = [
        step.id
        for step in steps
        if step.part == WHOLE and step.stage in stopped | rests and step.state != State.RUNNING
    ]
    parts = [
        step.id
        for step in steps
        if step.part != WHOLE and step.state in (State.FAILED, State.CANCELLED)
    ]
    fresh = {
        "tries": 0,
        "lease_until_ms": 0,
        "failure_code": None,
        "failure_sentence": None,
        "stage_result_id": None,
    }
    _change(connection, again, state=State.WAITING, **fresh)
    _change(connection, parts, state=State.READY, **fresh)
    put_into_outbox(connection, parts)
    settle(connection, job_id)
    return bool(stopped)


def cancel_steps(connection: Connection, job_id: str) -> bool:
    """Stop a job: nothing of it is begun any more, and what runs may not write.

    Return whether there was anything to stop.
    """
    lock_job(connection, job_id)
    open_states = (State.WAITING, State.READY, State.RUNNING)
    open_steps = [s.id for s in _steps_of(connection, job_id) if s.state in open_states]
    _change(connection, open_steps, state=State.CANCELLED, lease_until_ms=0)
    settle(connection, job_id)
    return bool(open_steps)


def refuse_steps(connection: Connection, job_id: str, code: str, sentence: str) -> None:
    """Let what is ready of a job fail before it is begun, for a reason that people can end."""
    lock_job(connection, job_id)
    ready = [step.id for step in _steps_of(connection, job_id) if step.state == State.READY]
    _change(connection, ready, state=State.FAILED, failure_code=code, failure_sentence=sentence)
    settle(connection, job_id)


def set_priority(connection: Connection, job_id: str, priority: int) -> None:
    """Let the steps of a job go before those of others, or after them."""
    lock_job(connection, job_id)
    connection.execute(update(JOB).where(JOB.c.id == job_id).values(priority=priority))
    connection.execute(update(STEP).where(STEP.c.job_id == job_id).values(priority=priority))


def _steps_of(connection: Connection, job_id: str) -> list[Row[Any]]:
    order = {name: number for number, name in enumerate(STAGE_NAMED)}
    steps = connection.execute(select(STEP).where(STEP.c.job_id == job_id)).all()
    return sorted(steps, key=lambda step: (order[step.stage], step.part))


def _wholes(steps: Sequence[Row[Any]]) -> dict[str, Row[Any]]:
    return {step.stage: step for step in steps if step.part == WHOLE}


def _parts(steps: Sequence[Row[Any]], stage: str) -> list[Row[Any]]:
    return [step for step in steps if step.stage == stage and step.part != WHOLE]


def _change(connection: Connection, step_ids: Sequence[str], **values: object) -> None:
    if step_ids:
        connection.execute(update(STEP).where(STEP.c.id.in_(step_ids)).values(**values))
