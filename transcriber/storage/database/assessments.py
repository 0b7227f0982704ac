"""That somebody has assessed a study: nobody can be named any more from what stays of it."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.retention_tables import ASSESSMENT
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, unseal


@dataclass(frozen=True, slots=True)
class Assessment:
    """Who assessed it when, in UTC milliseconds, and on what grounds."""

    grounds: str
    assessed_by: str
    assessed_at_ms: int


class Assessments:
    """Keeps the latest one of each study, in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def put(self, connection: Connection, study_id: str, grounds: str, actor_id: str) -> None:
        """Keep an assessment in the place of an earlier one."""
        key, row = self._keyring.study(connection, study_id), new_id()
        connection.execute(delete(ASSESSMENT).where(ASSESSMENT.c.study_id == study_id))
        connection.execute(
            insert(ASSESSMENT).values(
                id=row,
                study_id=study_id,
                grounds=seal(key, _place(row), grounds.encode()),
                assessed_by=actor_id,
                assessed_at_ms=now_ms(),
            )
        )

    def of(self, connection: Connection, study_id: str) -> Assessment | None:
        """Return the assessment of a study, None where there is none."""
        row = connection.execute(
            select(ASSESSMENT).where(ASSESSMENT.c.study_id == study_id)
        ).one_or_none()
        if row is None:
            return None
        key = self._keyring.study(connection, study_id)
        grounds = unseal(key, _place(row.id), row.grounds).decode()
        return Assessment(grounds, row.assessed_by, row.assessed_at_ms)


def _place(row: str) -> Place:
    return Place("assessment", "grounds", row)
