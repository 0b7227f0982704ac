"""What the plan of a study's retention is made from, what people were told, and the clock."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)

from transcriber.domain.retention import ClockSeen, Due, Held, KeptRecording, KeptStudy
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.holds import held_in
from transcriber.storage.database.locks import Lock, hold
from transcriber.storage.database.retention_tables import RETENTION_CLOCK, RETENTION_NOTICE
from transcriber.storage.database.studies import Study
from transcriber.storage.database.tables import RECORDING, RELEASE, TRANSCRIPT, WRAPPED_KEY
from transcriber.storage.database.tombstones import tombstones_in
from transcriber.storage.ids import new_id

_APART = frozenset(held.value for held in Held)

CLOCK_ID = "0" * 32
"""There is one; the primary key keeps it so."""


def kept_study(connection: Connection, study: Study) -> KeptStudy:
    """Return what is kept of a study, for how long by its rules, and what forbids destroying it."""
    held = held_in(connection, study.id)
    gone: dict[str, set[Held]] = defaultdict(set)
    for stone in tombstones_in(connection, study.id):
        if stone.kind in _APART:
            gone[stone.id].add(Held(stone.kind))
    rows = connection.execute(
        select(
            RECORDING.c.id,
            func.min(RELEASE.c.created_at_ms).label("released_at_ms"),
            func.count(case((RELEASE.c.withdrawn_at_ms.is_(None), RELEASE.c.id))).label("standing"),
        )
        .join(WRAPPED_KEY, WRAPPED_KEY.c.recording_id == RECORDING.c.id)
        .outerjoin(TRANSCRIPT, TRANSCRIPT.c.recording_id == RECORDING.c.id)
        .outerjoin(RELEASE, and_(RELEASE.c.transcript_id == TRANSCRIPT.c.id, _counts()))
        .where(RECORDING.c.study_id == study.id)
        .group_by(RECORDING.c.id)
        .order_by(RECORDING.c.id)
    )
    recordings = [
        KeptRecording(
            row.id,
            row.released_at_ms if row.standing else None,
            frozenset(gone[row.id]),
            row.id in held,
        )
        for row in rows
    ]
    return KeptStudy(
        study.id,
        study.agreed.terms.retention,
        recordings,
        held=None in held,
        key_gone=Held.KEY in gone[study.id],
    )


def _counts() -> ColumnElement[bool]:
    """Return whether a release starts the clock: it stands, or another one continues it.

    Sound is not kept for longer because somebody withdrew.
    """
    following = RELEASE.alias("following")
    return or_(
        RELEASE.c.withdrawn_at_ms.is_(None),
        exists().where(following.c.continues_id == RELEASE.c.id),
    )


def untold(connection: Connection, study_id: str, planned: Sequence[Due]) -> tuple[Due, ...]:
    """Return what people were not told of before. What is now due at another time is told anew."""
    known = {
        (row.kind, row.subject_id, row.due_at_ms)
        for row in connection.execute(
            select(RETENTION_NOTICE).where(RETENTION_NOTICE.c.study_id == study_id)
        )
    }
    return tuple(
        due for due in planned if (due.held_thing, due.subject_id, due.due_at_ms) not in known
    )


def note_told(connection: Connection, study_id: str, new: Sequence[Due]) -> None:
    """Note that people are told of what is planned."""
    if new:
        connection.execute(
            insert(RETENTION_NOTICE).values(created_at_ms=now_ms()),
            [
                {
                    "id": new_id(),
                    "study_id": study_id,
                    "kind": due.held_thing.value,
                    "subject_id": due.subject_id,
                    "due_at_ms": due.due_at_ms,
                }
                for due in new
            ],
        )


def clock_seen(connection: Connection) -> ClockSeen | None:
    """Return what is known of the clock, None before anybody looked."""
    row = connection.execute(select(RETENTION_CLOCK)).one_or_none()
    return None if row is None else ClockSeen(row.last_ms, row.steady_since_ms)


def note_clock(connection: Connection, seen: ClockSeen) -> None:
    """Keep what is known of the clock."""
    connection.execute(delete(RETENTION_CLOCK))
    connection.execute(
        insert(RETENTION_CLOCK).values(
            id=CLOCK_ID, last_ms=seen.last_ms, steady_since_ms=seen.steady_since_ms
        )
    )


def alone_with_clock(connection: Connection) -> None:
    """Keep other workers from looking at the clock until the transaction ends."""
    hold(connection, Lock.RETENTION)
