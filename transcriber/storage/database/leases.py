"""Who works on which step: claims by lease, with a fencing token that every write must carry.

A lease alone does not do: a worker that was frozen past its lease wakes up and writes. So a claim
raises the step's `attempt`, and whoever writes names the attempt that it holds (M. Kleppmann, "How
to do distributed locking", 2016).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, true, update

from transcriber.domain.errors import StorageError, TranscriberError
from transcriber.pipeline.order import State
from transcriber.pipeline.step import WHOLE
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.database import Database
from transcriber.storage.database.job_steps import lock_job, settle
from transcriber.storage.database.outbox import put_into_outbox
from transcriber.storage.database.tables import JOB, RECORDING, STAGE_RESULT, STEP
from transcriber.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class Claim:
    """A step that is ours for as long as nobody holds a later attempt of it."""

    step_id: str
    job_id: str
    stage: str
    part: int
    attempt: int
    tries: int
    queue: str


class LeaseLost(StorageError):
    """The step is no longer ours: another worker has it, or it was cancelled. Nothing was kept."""

    def __init__(self) -> None:
        super().__init__(
            "lease_lost",
            "This step was taken over by another worker or cancelled. Nothing was written.",
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a lease is, and how often a step is tried before it has failed."""

    lease_ms: int
    tries: int


class Leases:
    """Gives steps to workers and takes their results; the database's clock counts."""

    def __init__(self, database: Database, terms: Terms) -> None:
        self._database = database
        self.terms = terms

    def queue_of(self, step_id: str) -> str | None:
        """Return the queue of a step, None when there is no such step any more."""
        with self._database.read() as connection:
            return connection.execute(
                select(STEP.c.queue).where(STEP.c.id == step_id)
            ).scalar_one_or_none()

    def claim(self, queue: str, of_study: str | None = None) -> Claim | None:
        """Take the most urgent step of a queue, of all studies or one; None when there is none.

        That is a step of the highest priority, then of the oldest job. Also taken is one whose
        lease ran out. It is ours until the lease ends; whoever is slower renews it.
        """
        free = or_(
            STEP.c.state == State.READY,
            and_(STEP.c.state == State.RUNNING, STEP.c.tries < self.terms.tries),
        )
        with self._database.write() as connection:
            found = connection.execute(
                select(STEP)
                .join(JOB, JOB.c.id == STEP.c.job_id)
                .join(RECORDING, RECORDING.c.id == JOB.c.recording_id)
                .where(
                    STEP.c.queue == queue,
                    free,
                    STEP.c.lease_until_ms <= now_ms(),
                    JOB.c.state == State.RUNNING,
                    true() if of_study is None else RECORDING.c.study_id == of_study,
                )
                .order_by(STEP.c.priority.desc(), JOB.c.created_at_ms, STEP.c.part, STEP.c.id)
                .limit(1)
                .with_for_update(skip_locked=True, of=STEP)
            ).one_or_none()
            if found is None:
                return None
            connection.execute(
                update(STEP)
                .where(STEP.c.id == found.id)
                .values(
                    state=State.RUNNING,
                    attempt=found.attempt + 1,
                    tries=found.tries + 1,
                    lease_until_ms=now_ms() + self.terms.lease_ms,
                )
            )
        return Claim(
            step_id=found.id,
            job_id=found.job_id,
            stage=found.stage,
            part=found.part,
            attempt=found.attempt + 1,
            tries=found.tries + 1,
            queue=found.queue,
        )

    def renew(self, claim: Claim) -> None:
        """Lengthen the lease. Raises LeaseLost, StorageError when the database is away."""
        with self._database.write() as connection:
            _guarded(connection, claim, lease_until_ms=now_ms() + self.terms.lease_ms)

    def require(self, connection: Connection, claim: Claim | None) -> None:
        """Raise LeaseLost unless the step is ours until the end of this transaction."""
        if claim is None:
            raise LeaseLost
        lock_job(connection, claim.job_id)
        _guarded(connection, claim, attempt=claim.attempt)

    def release(self, claim: Claim) -> None:
        """Give a step back unfinished; the try does not count. Raises LeaseLost."""
        with self._database.write() as connection:
            lock_job(connection, claim.job_id)
            _guarded(connection, claim, state=State.READY, tries=claim.tries - 1, lease_until_ms=0)
            put_into_outbox(connection, [claim.step_id])

    def fan_out(self, claim: Claim, count: int) -> None:
        """Divide a stage into parts that may be taken at once; it waits for them.

        Raises LeaseLost.
        """
        with self._database.write() as connection:
            lock_job(connection, claim.job_id)
            _guarded(connection, claim, state=State.WAITING, tries=0, lease_until_ms=0)
            priority = connection.execute(
                select(STEP.c.priority).where(STEP.c.id == claim.step_id)
            ).scalar_one()
            parts = [
                {
                    "id": new_id(),
                    "job_id": claim.job_id,
                    "stage": claim.stage,
                    "part": part,
                    "state": State.READY,
                    "queue": claim.queue,
                    "priority": priority,
                }
                for part in range(WHOLE + 1, WHOLE + 1 + count)
            ]
            connection.execute(insert(STEP), parts)
            put_into_outbox(connection, [part["id"] for part in parts])

    def go_back(self, claim: Claim, stages: Sequence[str]) -> None:
        """Have stages done again first, because this step has to read what they left.

        What they left was forgotten. A part, which waits for nothing, is ready again after a
        quarter of a lease. Raises LeaseLost.
        """
        again = and_(
            STEP.c.job_id == claim.job_id,
            STEP.c.stage.in_(stages),
            STEP.c.part == WHOLE,
            STEP.c.state == State.DONE,
        )
        with self._database.write() as connection:
            lock_job(connection, claim.job_id)
            if claim.part == WHOLE:
                _guarded(connection, claim, state=State.WAITING, tries=0, lease_until_ms=0)
            else:
                later_ms = now_ms() + self.terms.lease_ms // 4
                _guarded(connection, claim, state=State.READY, tries=0, lease_until_ms=later_ms)
            left = select(STEP.c.stage_result_id).where(again)
            connection.execute(
                delete(STAGE_RESULT).where(
                    STAGE_RESULT.c.id.in_(left), STAGE_RESULT.c.blob_id.is_(None)
                )
            )
            connection.execute(
                update(STEP)
                .where(again, STEP.c.stage_result_id.is_(None))
                .values(state=State.WAITING, tries=0)
            )
            settle(connection, claim.job_id)

    def finish(self, connection: Connection, claim: Claim, stage_result_id: str) -> None:
        """Mark a step as done, in the transaction that writes what it left.

        What waited for it becomes ready in the same commit. Raises LeaseLost.
        """
        lock_job(connection, claim.job_id)
        _guarded(
            connection,
            claim,
            state=State.DONE,
            tries=0,
            lease_until_ms=0,
            failure_code=None,
            failure_sentence=None,
            stage_result_id=stage_result_id,
        )
        settle(connection, claim.job_id)

    def fail(self, claim: Claim, error: TranscriberError, *, final: bool) -> None:
        """Note why an attempt failed; the last one, or a `final` one, fails the step.

        The next attempt waits a quarter of a lease, a half after that. Raises LeaseLost.
        """
        last = final or claim.tries >= self.terms.tries
        pause_ms = 0 if last else self.terms.lease_ms * claim.tries // 4
        with self._database.write() as connection:
            lock_job(connection, claim.job_id)
            _guarded(
                connection,
                claim,
                state=State.FAILED if last else State.READY,
                lease_until_ms=now_ms() + pause_ms,
                failure_code=error.code,
                failure_sentence=error.sentence,
            )
            settle(connection, claim.job_id)

    def postpone(self, claim: Claim, error: TranscriberError) -> None:
        """Give a step back that could not be done for no fault of its own; the try does not count.

        It is ready again after a lease. Raises LeaseLost.
        """
        with self._database.write() as connection:
            lock_job(connection, claim.job_id)
            _guarded(
                connection,
                claim,
                state=State.READY,
                tries=claim.tries - 1,
                lease_until_ms=now_ms() + self.terms.lease_ms,
                failure_code=error.code,
                failure_sentence=error.sentence,
            )

    def abandon(self, step_id: str, attempt: int) -> int:
        """End the lease of a step whose worker is known to be gone. Return whether it had one."""
        with self._database.write() as connection:
            return connection.execute(
                update(STEP)
                .where(
                    STEP.c.id == step_id, STEP.c.attempt == attempt, STEP.c.state == State.RUNNING
                )
                .values(lease_until_ms=0)
            ).rowcount

    def expire(self) -> int:
        """Free the steps whose worker is silent, fail those that were tried too often.

        Return how many there were.
        """
        with self._database.write() as connection:
            silent = connection.execute(
                select(STEP.c.id, STEP.c.job_id, STEP.c.tries)
                .join(JOB, JOB.c.id == STEP.c.job_id)
                .join(RECORDING, RECORDING.c.id == JOB.c.recording_id)
                .where(STEP.c.state == State.RUNNING, STEP.c.lease_until_ms <= now_ms())
                # Studies are locked in one order, so that two sweeps at once do not deadlock.
                .order_by(RECORDING.c.study_id, STEP.c.job_id)
            ).all()
            for step in silent:
                lock_job(connection, step.job_id)
                self._expire(connection, step.id, step.tries)
            for job_id in dict.fromkeys(step.job_id for step in silent):
                settle(connection, job_id)
        return len(silent)

    def _expire(self, connection: Connection, step_id: str, tries: int) -> None:
        still_silent = and_(
            STEP.c.id == step_id,
            STEP.c.state == State.RUNNING,
            STEP.c.lease_until_ms <= now_ms(),
            STEP.c.tries == tries,
        )
        if tries < self.terms.tries:
            changed = connection.execute(
                update(STEP).where(still_silent).values(state=State.READY, lease_until_ms=0)
            )
            if changed.rowcount:
                put_into_outbox(connection, [step_id])
            return
        connection.execute(
            update(STEP)
            .where(still_silent)
            .values(
                state=State.FAILED,
                failure_code="worker_lost",
                failure_sentence=f"The program stopped {tries} times at this step, perhaps for "
                "want of memory or because of something in this recording. Retry it on a machine "
                "with more memory; if that fails too, report it.",
            )
        )


def _guarded(connection: Connection, claim: Claim, **values: object) -> None:
    """Change a step if it is still ours. Raises LeaseLost."""
    ours: Sequence[ColumnElement[bool]] = (
        STEP.c.id == claim.step_id,
        STEP.c.attempt == claim.attempt,
        STEP.c.state == State.RUNNING,
    )
    if connection.execute(update(STEP).where(*ours).values(**values)).rowcount != 1:
        raise LeaseLost
