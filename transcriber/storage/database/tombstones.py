"""What was destroyed, when and by which rule: ids only, kept when all else is gone.

An interrupted erasure is finished by it, a restored backup honours it (`erased_list.py`), and a
certificate of destruction is written from it.
"""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, true, update

from transcriber.domain.retention import Why
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.sealing_anew import unnamed_blobs
from transcriber.storage.database.tables import BLOB, RECORDING, TOMBSTONE

Kind = Literal["study", "recording", "sound", "transcript", "pseudonyms", "contribution"]


@dataclass(frozen=True, slots=True)
class Grave:
    """Whose what is destroyed, by which rule, and when it was due by that, in UTC milliseconds.

    `id` is a recording's, a study's for the kinds `study` and `pseudonyms`, and for a contribution
    that of the key which opened it: one recording may lose several. `key_sha256` is the
    SHA-256 of the destroyed key as it was stored, wrapped; None where the key goes on living.
    """

    id: str
    kind: Kind
    study_id: str | None = None
    why: Why = Why.ASKED
    due_at_ms: int | None = None
    key_sha256: bytes | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What was destroyed; times are UTC in milliseconds.

    `finished_at_ms` is None until its files and rows are gone too; `files` and `size_bytes` say how
    many files nobody could open any more, and how long their text was together.
    """

    grave: Grave
    key_destroyed_at_ms: int
    finished_at_ms: int | None
    files: int
    size_bytes: int

    @property
    def id(self) -> str:
        """The recording's or study's id."""
        return self.grave.id

    @property
    def kind(self) -> Kind:
        """What of it was destroyed."""
        return self.grave.kind


def bury(connection: Connection, grave: Grave) -> None:
    """Note, in the transaction that destroys its key, that something is being erased.

    How many files go with it is counted now. Raises Conflict where that was noted before.
    """
    sizes = _sizes(connection, grave)
    connection.execute(
        insert(TOMBSTONE).values(
            id=grave.id,
            kind=grave.kind,
            study_id=grave.study_id,
            why=grave.why.value,
            due_at_ms=grave.due_at_ms,
            key_sha256=grave.key_sha256,
            key_destroyed_at_ms=now_ms(),
            files=len(sizes),
            size_bytes=sum(sizes),
        )
    )


def finish(connection: Connection, grave: Grave) -> None:
    """Note that nothing of it is left."""
    connection.execute(
        update(TOMBSTONE)
        .where(TOMBSTONE.c.id == grave.id, TOMBSTONE.c.kind == grave.kind)
        .values(finished_at_ms=now_ms())
    )


def count_tombstones(connection: Connection) -> int:
    """Return how much was ever erased."""
    number: int = connection.execute(select(func.count()).select_from(TOMBSTONE)).scalar_one()
    return number


def tombstones(connection: Connection) -> tuple[Tombstone, ...]:
    """Return all tombstones, the oldest first."""
    return _found(connection, true())


def unfinished(connection: Connection) -> tuple[Tombstone, ...]:
    """Return those whose files and rows are not all gone, the oldest first."""
    return _found(connection, TOMBSTONE.c.finished_at_ms.is_(None))


def is_buried(connection: Connection, erased_id: str, kind: Kind) -> bool:
    """Return whether something of a recording or a study was destroyed."""
    return bool(_found(connection, and_(TOMBSTONE.c.id == erased_id, TOMBSTONE.c.kind == kind)))


def tombstones_in(connection: Connection, study_id: str) -> tuple[Tombstone, ...]:
    """Return those of a study, the oldest first."""
    return _found(connection, TOMBSTONE.c.study_id == study_id)


def _found(connection: Connection, which: ColumnElement[bool]) -> tuple[Tombstone, ...]:
    rows = connection.execute(
        select(TOMBSTONE).where(which).order_by(TOMBSTONE.c.key_destroyed_at_ms, TOMBSTONE.c.id)
    )
    return tuple(
        Tombstone(
            Grave(row.id, row.kind, row.study_id, Why(row.why), row.due_at_ms, row.key_sha256),
            row.key_destroyed_at_ms,
            row.finished_at_ms,
            row.files or 0,
            row.size_bytes or 0,
        )
        for row in rows
    )


def _sizes(connection: Connection, grave: Grave) -> list[int]:
    """Return the lengths of the files that nobody opens any more, in bytes of text."""
    if grave.kind == "pseudonyms":
        return []
    if grave.kind == "contribution":
        mine = select(RECORDING.c.id).where(RECORDING.c.study_id == grave.study_id)
        recordings = connection.execute(mine).scalars().all()
        return [size for each in recordings for _, size in unnamed_blobs(connection, each)]
    if grave.kind in ("sound", "transcript"):
        return [size_bytes for _, size_bytes in unnamed_blobs(connection, grave.id)]
    whose = BLOB.c.recording_id == grave.id
    if grave.kind == "study":
        mine = select(RECORDING.c.id).where(RECORDING.c.study_id == grave.id)
        whose = BLOB.c.recording_id.in_(mine)
    return list(connection.execute(select(BLOB.c.size_bytes).where(whose)).scalars())
