"""What waits in each queue, and what is in hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, and_, case, cast, func, select

from transcriber.pipeline.order import State
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.tables import BLOB, JOB, OUTBOX, STEP


@dataclass(frozen=True, slots=True)
class QueueRow:
    """Counts of one queue; `silent` are steps in hand whose lease ran out."""

    ready: int
    running: int
    silent: int
    unsent: int
    oldest_ms: int | None


def queue_rows(connection: Connection) -> Mapping[str, QueueRow]:
    """Return the queues in which anything is, by name."""
    is_ready = STEP.c.state == State.READY
    is_running = STEP.c.state == State.RUNNING
    is_silent = and_(is_running, STEP.c.lease_until_ms <= now_ms())
    rows = connection.execute(
        select(
            STEP.c.queue,
            func.sum(cast(is_ready, Integer)).label("ready"),
            func.sum(cast(is_running, Integer)).label("running"),
            func.sum(cast(is_silent, Integer)).label("silent"),
            func.sum(cast(OUTBOX.c.id.is_not(None), Integer)).label("unsent"),
            (now_ms() - func.min(case((is_ready, JOB.c.created_at_ms)))).label("oldest_ms"),
        )
        .join(JOB, JOB.c.id == STEP.c.job_id)
        .outerjoin(OUTBOX, OUTBOX.c.step_id == STEP.c.id)
        .where(STEP.c.state.in_([State.READY, State.RUNNING]), JOB.c.state == State.RUNNING)
        .group_by(STEP.c.queue)
    )
    return {
        row.queue: QueueRow(row.ready, row.running, row.silent, row.unsent, row.oldest_ms)
        for row in rows
    }


def stored_bytes(connection: Connection) -> int:
    """Return how large all stored files are together, before encryption."""
    return int(
        connection.execute(select(func.coalesce(func.sum(BLOB.c.size_bytes), 0))).scalar_one()
    )
