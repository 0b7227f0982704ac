"""What was erased and when: kept so that an interrupted erasure is finished, and after that."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, insert, select, update

from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.tables import TOMBSTONE

Kind = Literal["study", "recording"]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A study or recording whose key was destroyed; times are UTC in milliseconds.

    `finished_at_ms` is None until its files and rows are gone too.
    """

    id: str
    kind: Kind
    key_destroyed_at_ms: int
    finished_at_ms: int | None


def bury(connection: Connection, kind: Kind, erased_id: str) -> None:
    """Note, in the transaction that destroys its key, that something is being erased."""
    connection.execute(
        insert(TOMBSTONE).values(id=erased_id, kind=kind, key_destroyed_at_ms=now_ms())
    )


def finish(connection: Connection, erased_id: str) -> None:
    """Note that nothing of it is left."""
    connection.execute(
        update(TOMBSTONE).where(TOMBSTONE.c.id == erased_id).values(finished_at_ms=now_ms())
    )


def count_tombstones(connection: Connection) -> int:
    """Return how much was ever erased."""
    number: int = connection.execute(select(func.count()).select_from(TOMBSTONE)).scalar_one()
    return number


def tombstones(connection: Connection) -> tuple[Tombstone, ...]:
    """Return all tombstones, the oldest first."""
    rows = connection.execute(select(TOMBSTONE).order_by(TOMBSTONE.c.key_destroyed_at_ms))
    return tuple(
        Tombstone(row.id, row.kind, row.key_destroyed_at_ms, row.finished_at_ms) for row in rows
    )
