"""What is brought to destinations: written in the commit of a release, done later, tried again.

Nothing here is sealed and no key is needed: a hand-off is ids, times and the digest of a file.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from transcriber.domain.hand_off import Handed
from transcriber.storage.database.attempts import MINUTE_MS, next_attempt, take_due
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.database import Database
from transcriber.storage.database.hand_off_tables import DESTINATION, HAND_OFF
from transcriber.storage.database.tables import RECORDING
from transcriber.storage.ids import new_id

IN_HAND_MS = 10 * MINUTE_MS
"""Whoever brings something is done by then, or was killed; then somebody else brings it again."""

WITHDRAWN = "withdrawn"
"""The code of a release that was withdrawn before it was brought anywhere."""


@dataclass(frozen=True, slots=True)
class HandOff:
    """Something that is brought to a destination; times in UTC milliseconds.

    `next_at_ms` is None once it arrived or was given up; `sha256` is of the file that arrived.
    """

    id: str
    destination_id: str
    release_id: str
    recording_id: str
    what: Handed
    attempts: int
    next_at_ms: int | None
    arrived_at_ms: int | None
    sha256: str | None
    failure_code: str | None
    created_at_ms: int


def queue_release(connection: Connection, recording_id: str, release_id: str) -> None:
    """Let a release be brought to every destination of its study, in the commit that makes it."""
    wanting = connection.execute(
        select(DESTINATION.c.id)
        .join(RECORDING, RECORDING.c.study_id == DESTINATION.c.study_id)
        .where(RECORDING.c.id == recording_id, DESTINATION.c.removed_at_ms.is_(None))
    ).scalars()
    for destination_id in list(wanting):
        queue(connection, destination_id, recording_id, release_id, Handed.RELEASE)


def queue_recall(connection: Connection, recording_id: str, release_id: str) -> None:
    """Let the notice of a recall go the way that a release went, in the commit that recalls it.

    What was never tried is not brought any more.
    """
    brought = HAND_OFF.c.release_id == release_id, HAND_OFF.c.what == Handed.RELEASE.value
    connection.execute(
        update(HAND_OFF)
        .where(*brought, HAND_OFF.c.attempts == 0)
        .values(next_at_ms=None, failure_code=WITHDRAWN)
    )
    rows = connection.execute(
        select(HAND_OFF.c.destination_id)
        .join(DESTINATION, DESTINATION.c.id == HAND_OFF.c.destination_id)
        .where(*brought, HAND_OFF.c.attempts > 0, DESTINATION.c.removed_at_ms.is_(None))
    ).scalars()
    for destination_id in list(rows):
        queue(connection, destination_id, recording_id, release_id, Handed.RECALL)


def queue(
    connection: Connection, destination_id: str, recording_id: str, release_id: str, what: Handed
) -> None:
    """Let something be brought to a destination, once."""
    connection.execute(
        insert(HAND_OFF).values(
            id=new_id(),
            destination_id=destination_id,
            release_id=release_id,
            recording_id=recording_id,
            what=what.value,
            next_at_ms=now_ms(),
            created_at_ms=now_ms(),
        )
    )


def take_hand_off(database: Database) -> HandOff | None:
    """Take what is due for longest; None when there is nothing. Raises StorageError."""
    with database.write() as connection:
        row = take_due(connection, HAND_OFF, IN_HAND_MS)
    return None if row is None else _hand_off(row)


def note_handed(connection: Connection, hand_off: HandOff, sha256: str) -> None:
    """Note that something arrived, and the digest of its file."""
    connection.execute(
        update(HAND_OFF)
        .where(HAND_OFF.c.id == hand_off.id)
        .values(next_at_ms=None, arrived_at_ms=now_ms(), sha256=sha256, failure_code=None)
    )


def note_hand_off_failed(
    database: Database, hand_off: HandOff, failure_code: str, *, final: bool
) -> None:
    """Note that something did not arrive; it is tried later, unless that is `final` or long so."""
    later = next_attempt(hand_off.attempts, final=final)
    with database.write() as connection:
        connection.execute(
            update(HAND_OFF)
            .where(HAND_OFF.c.id == hand_off.id)
            .values(next_at_ms=later, failure_code=failure_code)
        )


def retry_hand_offs(connection: Connection, destination_id: str) -> None:
    """Bring what failed to a destination again, now; what was withdrawn stays where it is."""
    connection.execute(
        update(HAND_OFF)
        .where(
            HAND_OFF.c.destination_id == destination_id,
            HAND_OFF.c.arrived_at_ms.is_(None),
            HAND_OFF.c.failure_code.is_not(None),
            HAND_OFF.c.failure_code != WITHDRAWN,
        )
        .values(attempts=1, next_at_ms=now_ms())
    )


def hand_offs_of(connection: Connection, destination_id: str) -> list[HandOff]:
    """Return all that was or is to be brought to a destination, the newest first."""
    return _found(connection, HAND_OFF.c.destination_id == destination_id)


def hand_offs_of_release(connection: Connection, release_id: str) -> list[HandOff]:
    """Return to which destinations a release or the notice of its recall was or is brought."""
    return _found(connection, HAND_OFF.c.release_id == release_id)


def untold_places(connection: Connection, release_id: str) -> int:
    """Return to how many places the notice of a release's recall is still to be brought."""
    return sum(
        each.what is Handed.RECALL and each.arrived_at_ms is None
        for each in hand_offs_of_release(connection, release_id)
    )


def brought_before(connection: Connection, hand_off: HandOff) -> HandOff | None:
    """Return how the release of a recall came to the same destination."""
    same = and_(
        HAND_OFF.c.destination_id == hand_off.destination_id,
        HAND_OFF.c.release_id == hand_off.release_id,
        HAND_OFF.c.what == Handed.RELEASE.value,
    )
    found = _found(connection, same)
    return found[0] if found else None


def _found(connection: Connection, which: ColumnElement[bool]) -> list[HandOff]:
    rows = connection.execute(
        select(HAND_OFF).where(which).order_by(HAND_OFF.c.created_at_ms.desc(), HAND_OFF.c.id)
    )
    return [_hand_off(row._mapping) for row in rows]


def _hand_off(row: Any) -> HandOff:
    return HandOff(**{**row, "what": Handed(row["what"])})
