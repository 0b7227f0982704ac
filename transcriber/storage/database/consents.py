"""What participants agreed to, by label, and who takes part in which recording."""

import json
from collections.abc import Collection

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select

from transcriber.domain.consent import Consent
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.consent_tables import CONSENT, TAKING_PART
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.tables import RECORDING
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, unseal

_CONSENT: TypeAdapter[Consent] = TypeAdapter(Consent)


class Consents:
    """Keeps them, in the transaction that it is given; writers hold the study's lock."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def all(self, connection: Connection, study_id: str) -> tuple[Consent, ...]:
        """Return the consents of a study by label, those for all recordings first."""
        found = (consent for _, consent in self._rows(connection, study_id))
        return tuple(sorted(found, key=lambda each: (each.label, each.recording_id or "")))

    def put(self, connection: Connection, study_id: str, consent: Consent) -> None:
        """Keep a consent in the place of the earlier one; one that says nothing is not kept."""
        which = consent.label, consent.recording_id
        self._delete(
            connection,
            [
                row
                for row, earlier in self._rows(connection, study_id)
                if (earlier.label, earlier.recording_id) == which
            ],
        )
        if consent.says_nothing:
            return
        key, row = self._keyring.study(connection, study_id), new_id()
        connection.execute(
            insert(CONSENT).values(
                id=row,
                study_id=study_id,
                recording_id=consent.recording_id,
                consent=seal(key, _place(row), _CONSENT.dump_json(consent)),
                changed_at_ms=now_ms(),
            )
        )

    def forget(self, connection: Connection, study_id: str, labels: Collection[str]) -> int:
        """Delete the consents of some labels; return how many there were."""
        gone = [row for row, each in self._rows(connection, study_id) if each.label in labels]
        self._delete(connection, gone)
        return len(gone)

    def taking_part(self, connection: Connection, recording_id: str) -> tuple[str, ...]:
        """Return the labels of those of whom somebody said that they take part, sorted."""
        row = connection.execute(
            select(TAKING_PART).where(TAKING_PART.c.recording_id == recording_id)
        ).one_or_none()
        if row is None:
            return ()
        key = self._keyring.recording(connection, recording_id)
        labels: list[str] = json.loads(unseal(key, _labels(row.id), row.labels))
        return tuple(labels)

    def recordings_with(
        self, connection: Connection, study_id: str, labels: Collection[str]
    ) -> dict[str, tuple[str, ...]]:
        """Return who takes part in the recordings of a study in which any of some people do."""
        wanted = select(RECORDING.c.id).where(RECORDING.c.study_id == study_id)
        keys = self._keyring.recordings(connection, study_id, wanted)
        rows = connection.execute(
            select(TAKING_PART).where(TAKING_PART.c.recording_id.in_(list(keys)))
        )
        told: dict[str, tuple[str, ...]] = {}
        for row in rows:
            there = json.loads(unseal(keys[row.recording_id], _labels(row.id), row.labels))
            if set(there) & set(labels):
                told[row.recording_id] = tuple(there)
        return told

    def say_taking_part(
        self, connection: Connection, recording_id: str, labels: Collection[str]
    ) -> None:
        """Keep who takes part in a recording in the place of what was said before."""
        connection.execute(delete(TAKING_PART).where(TAKING_PART.c.recording_id == recording_id))
        if not labels:
            return
        key, row = self._keyring.recording(connection, recording_id), new_id()
        told = json.dumps(sorted(set(labels))).encode()
        connection.execute(
            insert(TAKING_PART).values(
                id=row, recording_id=recording_id, labels=seal(key, _labels(row), told)
            )
        )

    def _rows(self, connection: Connection, study_id: str) -> list[tuple[str, Consent]]:
        rows = connection.execute(select(CONSENT).where(CONSENT.c.study_id == study_id)).all()
        if not rows:
            return []
        key = self._keyring.study(connection, study_id)
        return [
            (row.id, _CONSENT.validate_json(unseal(key, _place(row.id), row.consent)))
            for row in rows
        ]

    def _delete(self, connection: Connection, rows: Collection[str]) -> None:
        connection.execute(delete(CONSENT).where(CONSENT.c.id.in_(list(rows))))


def _place(row: str) -> Place:
    return Place("consent", "consent", row)


def _labels(row: str) -> Place:
    return Place("taking_part", "labels", row)
