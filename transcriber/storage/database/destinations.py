"""Destinations of a study's releases: a folder or a bucket, sealed under the study's key."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, select, update

from transcriber.domain.hand_off import DestinationKind
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.hand_off_tables import DESTINATION, HAND_OFF
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, unseal


@dataclass(frozen=True, slots=True)
class Destination:
    """Where releases go; `preset` is the tool that they are written for, None for the package.

    `address` is None once it was removed. Times are UTC in milliseconds.
    """

    id: str
    study_id: str
    kind: DestinationKind
    address: str | None
    preset: str | None
    created_by: str
    created_at_ms: int


class Destinations:
    """Keeps them; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(
        self,
        connection: Connection,
        study_id: str,
        kind: DestinationKind,
        address: str,
        preset: str | None,
        created_by: str,
    ) -> str:
        """Keep a new destination and return its id."""
        destination_id = new_id()
        key = self._keyring.study(connection, study_id)
        connection.execute(
            insert(DESTINATION).values(
                id=destination_id,
                study_id=study_id,
                kind=kind.value,
                address=seal(key, _place(destination_id), address.encode()),
                preset=preset,
                created_by=created_by,
                created_at_ms=now_ms(),
            )
        )
        return destination_id

    def all(self, connection: Connection, study_id: str) -> list[Destination]:
        """Return the destinations of a study that were not removed, the oldest first."""
        which = DESTINATION.c.study_id == study_id, DESTINATION.c.removed_at_ms.is_(None)
        return self._found(connection, *which)

    def get(self, connection: Connection, destination_id: str) -> Destination:
        """Return a destination, a removed one without its address. Raises StorageError."""
        (found,) = self._found(connection, DESTINATION.c.id == destination_id)
        return found

    def remove(self, connection: Connection, destination_id: str) -> None:
        """Forget where a destination is; nothing is brought there any more."""
        connection.execute(
            update(DESTINATION)
            .where(DESTINATION.c.id == destination_id)
            .values(removed_at_ms=now_ms(), address=None)
        )
        connection.execute(
            update(HAND_OFF)
            .where(HAND_OFF.c.destination_id == destination_id)
            .values(next_at_ms=None)
        )

    def _found(self, connection: Connection, *which: ColumnElement[bool]) -> list[Destination]:
        rows = connection.execute(
            select(DESTINATION)
            .where(*which)
            .order_by(DESTINATION.c.created_at_ms, DESTINATION.c.id)
        ).all()
        keys = {
            study_id: self._keyring.study(connection, study_id)
            for study_id in {row.study_id for row in rows}
        }
        return [
            Destination(
                row.id,
                row.study_id,
                DestinationKind(row.kind),
                None
                if row.address is None
                else unseal(keys[row.study_id], _place(row.id), row.address).decode(),
                row.preset,
                row.created_by,
                row.created_at_ms,
            )
            for row in rows
        ]


def _place(destination_id: str) -> Place:
    return Place("destination", "address", destination_id)
