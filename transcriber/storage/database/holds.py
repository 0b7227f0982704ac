"""Legal holds: while one stands, nothing of its study or recording is destroyed, by nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, or_, select, update

from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.retention_tables import LEGAL_HOLD
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, unseal


@dataclass(frozen=True, slots=True)
class LegalHold:
    """Who forbade what and why; `recording_id` is None where it is the whole study.

    Times are UTC in milliseconds; `lifted_at_ms` is None while it stands.
    """

    id: str
    study_id: str
    recording_id: str | None
    reason: str
    placed_by: str | None
    placed_at_ms: int
    lifted_by: str | None
    lifted_at_ms: int | None


class Holds:
    """Keeps holds, also those that were lifted; every method works in the given transaction."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def place(
        self,
        connection: Connection,
        study_id: str,
        recording_id: str | None,
        reason: str,
        actor_id: str,
    ) -> str:
        """Forbid destroying; return the hold's id."""
        hold_id = new_id()
        key = self._keyring.study(connection, study_id)
        connection.execute(
            insert(LEGAL_HOLD).values(
                id=hold_id,
                study_id=study_id,
                recording_id=recording_id,
                reason=seal(key, _place(hold_id), reason.encode()),
                placed_by=actor_id,
                placed_at_ms=now_ms(),
            )
        )
        return hold_id

    def lift(self, connection: Connection, study_id: str, hold_id: str, actor_id: str) -> bool:
        """End a hold; return whether one of this id stood in the study."""
        lifted = connection.execute(
            update(LEGAL_HOLD)
            .where(
                LEGAL_HOLD.c.id == hold_id,
                LEGAL_HOLD.c.study_id == study_id,
                LEGAL_HOLD.c.lifted_at_ms.is_(None),
            )
            .values(lifted_by=actor_id, lifted_at_ms=now_ms())
        )
        return bool(lifted.rowcount)

    def all(self, connection: Connection, study_id: str) -> Sequence[LegalHold]:
        """Return the holds of a study, also lifted ones, the oldest first."""
        key = self._keyring.study(connection, study_id)
        rows = connection.execute(
            select(LEGAL_HOLD)
            .where(LEGAL_HOLD.c.study_id == study_id)
            .order_by(LEGAL_HOLD.c.placed_at_ms, LEGAL_HOLD.c.id)
        )
        return [
            LegalHold(
                row.id,
                row.study_id,
                row.recording_id,
                unseal(key, _place(row.id), row.reason).decode(),
                row.placed_by,
                row.placed_at_ms,
                row.lifted_by,
                row.lifted_at_ms,
            )
            for row in rows
        ]


def is_held(connection: Connection, study_id: str, recording_id: str | None = None) -> bool:
    """Return whether a hold forbids destroying a recording; without one, anything of the study."""
    of_it = (
        or_(LEGAL_HOLD.c.recording_id.is_(None), LEGAL_HOLD.c.recording_id == recording_id)
        if recording_id is not None
        else LEGAL_HOLD.c.study_id == study_id
    )
    found = connection.execute(
        select(LEGAL_HOLD.c.id)
        .where(LEGAL_HOLD.c.study_id == study_id, LEGAL_HOLD.c.lifted_at_ms.is_(None), of_it)
        .limit(1)
    )
    return found.first() is not None


def held_in(connection: Connection, study_id: str) -> frozenset[str | None]:
    """Return what holds stand on: ids of recordings, and None for the study as a whole."""
    rows = connection.execute(
        select(LEGAL_HOLD.c.recording_id).where(
            LEGAL_HOLD.c.study_id == study_id, LEGAL_HOLD.c.lifted_at_ms.is_(None)
        )
    )
    return frozenset(rows.scalars())


def _place(hold_id: str) -> Place:
    return Place("legal_hold", "reason", hold_id)
