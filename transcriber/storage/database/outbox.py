"""Messages to workers that were decided on in a commit and are yet to be sent.

A message says that a step is ready, and nothing else. It may be sent twice, lost or late: the
database decides who works on what.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from transcriber.pipeline.order import State
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.database import Database
from transcriber.storage.database.tables import JOB, OUTBOX, STEP
from transcriber.storage.ids import new_id

AT_ONCE = 200
"""Messages sent between two looks at the database."""

Send = Callable[[str, str], None]
"""Called with the queue and the id of a step. Raises when the broker is away."""


def put_into_outbox(connection: Connection, step_ids: Sequence[str]) -> None:
    """Note that workers are to be told of steps that are ready."""
    if step_ids:
        connection.execute(
            insert(OUTBOX).values(created_at_ms=now_ms()),
            [{"id": new_id(), "step_id": step_id} for step_id in step_ids],
        )


class Outbox:
    """Sends what was decided, and notices when the broker has lost it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def relay(self, send: Send) -> int:
        """Send all messages and forget those that were sent; return how many.

        What `send` raises ends it: the rest waits for the next time.
        """
        sent = 0
        while rows := self._next():
            for message_id, step_id, queue in rows:
                send(queue, step_id)
                with self._database.write() as connection:
                    connection.execute(delete(OUTBOX).where(OUTBOX.c.id == message_id))
                sent += 1
        return sent

    def recover(self, waiting: Mapping[str, int]) -> int:
        """Write messages again for steps that are ready when their queue holds too few.

        `waiting` is how many messages each queue holds. A broker that was emptied is full again
        after this, and one that works is not flooded. Return how many were written.
        """
        written = 0
        with self._database.write() as connection:
            for queue, held in waiting.items():
                ready = (
                    select(STEP.c.id)
                    .join(JOB, JOB.c.id == STEP.c.job_id)
                    .where(
                        STEP.c.queue == queue,
                        STEP.c.state == State.READY,
                        STEP.c.lease_until_ms <= now_ms(),
                        JOB.c.state == State.RUNNING,
                    )
                )
                told = select(OUTBOX.c.step_id)
                count = connection.execute(
                    select(func.count()).select_from(ready.subquery())
                ).scalar_one()
                unsent = connection.execute(
                    select(func.count()).where(OUTBOX.c.step_id.in_(ready))
                ).scalar_one()
                missing = count - held - unsent
                if missing > 0:
                    ids = connection.execute(
                        ready.where(STEP.c.id.not_in(told)).order_by(STEP.c.id).limit(missing)
                    ).scalars()
                    chosen = list(ids)
                    put_into_outbox(connection, chosen)
                    written += len(chosen)
        return written

    def _next(self) -> list[tuple[str, str, str]]:
        with self._database.read() as connection:
            rows = connection.execute(
                select(OUTBOX.c.id, OUTBOX.c.step_id, STEP.c.queue)
                .join(STEP, STEP.c.id == OUTBOX.c.step_id)
                .order_by(OUTBOX.c.created_at_ms)
                .limit(AT_ONCE)
            ).all()
        return [(row.id, row.step_id, row.queue) for row in rows]
