"""What is sent or brought somewhere else: taken by one process at a time, and tried again.

For tables with `attempts`, `next_at_ms` and `created_at_ms`.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, update

from transcriber.storage.database.clock import now_ms

SECOND_MS, MINUTE_MS, HOUR_MS = 1000, 60_000, 3_600_000
PAUSES_MS = (
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    10 * HOUR_MS,
)
"""Between attempts, as the Standard Webhooks specification has them: a day and four hours."""


def take_due(
    connection: Connection, table: Table, in_hand_ms: int, *which: ColumnElement[bool]
) -> Mapping[str, Any] | None:
    """Take the row that is due for longest, with this attempt counted; None when none is due.

    Whoever takes it is done within `in_hand_ms` milliseconds, or was killed: then it is due again.
    """
    found = connection.execute(
        select(table)
        .where(table.c.next_at_ms <= now_ms(), *which)
        .order_by(table.c.next_at_ms, table.c.created_at_ms)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if found is None:
        return None
    attempts = found.attempts + 1
    connection.execute(
        update(table)
        .where(table.c.id == found.id)
        .values(attempts=attempts, next_at_ms=now_ms() + in_hand_ms)
    )
    return {**found._mapping, "attempts": attempts}


def next_attempt(attempts: int, *, final: bool = False) -> ColumnElement[int] | None:
    """Return when what failed `attempts` times is tried next; None where it is given up."""
    gives_up = final or attempts > len(PAUSES_MS)
    return None if gives_up else now_ms() + PAUSES_MS[attempts - 1]
