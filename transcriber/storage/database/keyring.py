"""The keys in the database, each wrapped by the one above it.

master key            a file or a command, never in the database
├── lookup key        tags of study names
├── service key       accounts, and what holds the events of the audit together
└── study key         name and roster of a study, tags within it
    ├── pseudonyms    who is who: destroyed alone, nothing says whom a replacement stands for
    └── recording     sound, words, findings, decisions of one recording
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from transcriber.domain.errors import KeyUnusable, StorageError
from transcriber.storage.database.audit_head import begin_chain
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.locks import Lock, hold
from transcriber.storage.database.tables import WRAPPED_KEY
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.master_key import MasterKeys, MasterKeySource

LOOKUP, SERVICE, STUDY, PSEUDONYMS, RECORDING = (
    "lookup",
    "service",
    "study",
    "pseudonyms",
    "recording",
)
LOOKUP_ID = "00000000000000000000000000000000"
SERVICE_ID = "00000000000000000000000000000001"
"""There is one of each; the primary key keeps it so."""

UNDER_MASTER = (LOOKUP, SERVICE, STUDY)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How many keys are wrapped by the master key in use, and how many by former ones."""

    current: int
    former: int


class Keyring:
    """Unwraps keys when they are needed and keeps none, so that a destroyed key is gone at once.

    Every method works in the transaction that it is given. All raise KeyUnusable when the master
    key is missing or another one, and StorageError when a key was destroyed or changed.
    """

    def __init__(self, master: MasterKeySource) -> None:
        self._master = master
        self._known: MasterKeys | None = None

    def lookup(self, connection: Connection) -> Key | None:
        """Return the key of study names' tags, None where no study was ever made."""
        row = _row(connection, WRAPPED_KEY.c.id == LOOKUP_ID)
        return self._under_master(row) if row is not None else None

    def service(self, connection: Connection) -> Key | None:
        """Return the key of what belongs to no study, None where nothing was ever sealed by it."""
        row = _row(connection, WRAPPED_KEY.c.id == SERVICE_ID)
        return self._under_master(row) if row is not None else None

    def study(self, connection: Connection, study_id: str) -> Key:
        """Return a study's own key."""
        return self._under_master(_kept(_row(connection, _of_study(STUDY, study_id))))

    def studies(self, connection: Connection, study_ids: Collection[str]) -> Mapping[str, Key]:
        """Return the keys of some studies, by study; those that were destroyed are left out."""
        rows = connection.execute(
            select(WRAPPED_KEY).where(
                WRAPPED_KEY.c.kind == STUDY, WRAPPED_KEY.c.study_id.in_(study_ids)
            )
        )
        return {row.study_id: self._under_master(row) for row in rows}

    def study_ids(self, connection: Connection) -> list[str]:
        """Return the studies that have a key, whether it opens or not."""
        ids = select(WRAPPED_KEY.c.study_id).where(WRAPPED_KEY.c.kind == STUDY)
        return list(connection.execute(ids).scalars())

    def pseudonyms(self, connection: Connection, study_id: str) -> Key:
        """Return the key of who is who in a study."""
        row = _kept(_row(connection, _of_study(PSEUDONYMS, study_id)))
        return self.study(connection, study_id).unwrap(row.wrapped, row.id, PSEUDONYMS)

    def recording(self, connection: Connection, recording_id: str) -> Key:
        """Return a recording's key."""
        row = _kept(_row(connection, WRAPPED_KEY.c.recording_id == recording_id))
        study = _kept(_row(connection, WRAPPED_KEY.c.id == row.wrapped_by))
        return self._under_master(study).unwrap(row.wrapped, row.id, RECORDING)

    def each_recording(
        self, connection: Connection, recording_ids: Collection[str]
    ) -> Mapping[str, Key]:
        """Return the keys of some recordings, by recording, read at once."""
        which = WRAPPED_KEY.c.recording_id.in_(recording_ids)
        rows = {
            row.recording_id: row for row in connection.execute(select(WRAPPED_KEY).where(which))
        }
        which = WRAPPED_KEY.c.id.in_({row.wrapped_by for row in rows.values()})
        studies = {row.id: row for row in connection.execute(select(WRAPPED_KEY).where(which))}
        keys = {}
        for recording_id in recording_ids:
            row = _kept(rows.get(recording_id))
            study = self._under_master(_kept(studies.get(row.wrapped_by)))
            keys[recording_id] = study.unwrap(row.wrapped, row.id, RECORDING)
        return keys

    def recordings(
        self, connection: Connection, study_id: str, wanted: Select[Any]
    ) -> Mapping[str, Key]:
        """Return the keys of the recordings of a study whose ids `wanted` selects."""
        study = self.study(connection, study_id)
        rows = connection.execute(
            select(WRAPPED_KEY).where(
                WRAPPED_KEY.c.wrapped_by == study.id, WRAPPED_KEY.c.recording_id.in_(wanted)
            )
        )
        return {row.recording_id: study.unwrap(row.wrapped, row.id, RECORDING) for row in rows}

    def lookup_or_new(self, connection: Connection) -> Key:
        """Return the key of study names' tags, making it with the first study."""
        known = self.lookup(connection)
        return known or self._only_one(connection, LOOKUP_ID, LOOKUP)

    def service_or_new(self, connection: Connection) -> Key:
        """Return the key of what belongs to no study, making it on first use with the audit."""
        known = self.service(connection)
        return known or self._only_one(connection, SERVICE_ID, SERVICE)

    def add_study(self, connection: Connection, study_id: str, key: Key) -> None:
        """Keep the key of a new study, whose row is there, and make its key of pseudonyms."""
        hold(connection, Lock.MASTER_KEY)
        _insert(connection, key, STUDY, self._current(), study_id=study_id)
        _insert(connection, Key.random(new_id()), PSEUDONYMS, key, study_id=study_id)

    def add_recording(
        self, connection: Connection, study_id: str, recording_id: str, key: Key
    ) -> None:
        """Keep the key of a new recording, whose row is there."""
        study = self.study(connection, study_id)
        _insert(connection, key, RECORDING, study, recording_id=recording_id)

    def replace_recording(
        self, connection: Connection, study_id: str, recording_id: str, key: Key
    ) -> bytes | None:
        """Destroy a recording's key and keep another in its place; return as `destroy_recording`.

        What is to stay MUST have been sealed anew by the new key.
        """
        destroyed = self.destroy_recording(connection, recording_id)
        self.add_recording(connection, study_id, recording_id, key)
        return destroyed

    def destroy_recording(self, connection: Connection, recording_id: str) -> bytes | None:
        """Delete a recording's key: whatever it sealed is lost, wherever a copy lies.

        Return the SHA-256 of the key as it was stored, wrapped; None where there was none.
        """
        return _destroy(connection, WRAPPED_KEY.c.recording_id == recording_id)

    def destroy_returned(
        self, connection: Connection, key_id: str
    ) -> tuple[str, bytes | None] | None:
        """Delete a recording's key by its own id, where a backup brought it back.

        Return the recording's id and what `destroy_recording` returns; None where it is not there.
        """
        row = _row(connection, WRAPPED_KEY.c.id == key_id)
        if row is None or row.recording_id is None:
            return None
        return row.recording_id, _destroy(connection, WRAPPED_KEY.c.id == key_id)

    def destroy_pseudonyms(self, connection: Connection, study_id: str) -> bytes | None:
        """Delete the key of who is who in a study; return as `destroy_recording`."""
        return _destroy(connection, _of_study(PSEUDONYMS, study_id))

    def destroy_study(self, connection: Connection, study_id: str) -> bytes | None:
        """Delete a study's key and with it, because they are wrapped by it, all of its others.

        Return as `destroy_recording`.
        """
        _destroy(connection, _of_study(PSEUDONYMS, study_id))
        return _destroy(connection, _of_study(STUDY, study_id))

    def rewrap(self, connection: Connection) -> int:
        """Wrap what former master keys wrapped by the current one; return how many keys.

        Recordings are not touched: their keys are wrapped by their study's.
        """
        hold(connection, Lock.MASTER_KEY)
        current = self._current()
        rows = connection.execute(
            select(WRAPPED_KEY).where(
                WRAPPED_KEY.c.kind.in_(UNDER_MASTER), WRAPPED_KEY.c.wrapped_by != current.id
            )
        ).all()
        for row in rows:
            wrapped = current.wrap(self._under_master(row), row.kind)
            connection.execute(
                update(WRAPPED_KEY)
                .where(WRAPPED_KEY.c.id == row.id)
                .values(wrapped=wrapped, wrapped_by=current.id)
            )
        return len(rows)

    def wrapping(self, connection: Connection) -> Wrapping:
        """Count what is wrapped by the master key in use and what by former ones."""
        current = self._current()
        counts = wrapped_under_master(connection)
        for key_id in counts:
            self._master_named(key_id)
        return Wrapping(counts[current.id], counts.total() - counts[current.id])

    def _only_one(self, connection: Connection, key_id: str, kind: str) -> Key:
        hold(connection, Lock.MASTER_KEY)
        row = _row(connection, WRAPPED_KEY.c.id == key_id)
        if row is not None:  # another process was faster
            return self._under_master(row)
        key = Key.random(key_id)
        _insert(connection, key, kind, self._current())
        if kind == SERVICE:
            begin_chain(connection, key)
        return key

    def _current(self) -> Key:
        """Return the master key to wrap with, asked for anew: it may have been rotated."""
        self._known = self._master.read()
        return self._known.current

    def _under_master(self, row: Row[Any]) -> Key:
        return self._master_named(row.wrapped_by).unwrap(row.wrapped, row.id, row.kind)

    def _master_named(self, key_id: str) -> Key:
        master = self._known.named(key_id) if self._known else None
        if master is None:
            self._known = self._master.read()
            master = self._known.named(key_id)
        if master is None:
            raise KeyUnusable(
                "other_master_key",
                "What is stored was encrypted under another master key than this one. Put the "
                "right key back.",
            )
        return master


def wrapped_under_master(connection: Connection) -> Counter[str]:
    """Count the keys that master keys wrap, by the id of the master key. No key is needed."""
    counted = (
        select(WRAPPED_KEY.c.wrapped_by, func.count())
        .where(WRAPPED_KEY.c.kind.in_(UNDER_MASTER))
        .group_by(WRAPPED_KEY.c.wrapped_by)
    )
    counts: Counter[str] = Counter()
    for key_id, count in connection.execute(counted):
        counts[key_id] = count
    return counts


def _of_study(kind: str, study_id: str) -> ColumnElement[bool]:
    return and_(WRAPPED_KEY.c.kind == kind, WRAPPED_KEY.c.study_id == study_id)


def _destroy(connection: Connection, which: ColumnElement[bool]) -> bytes | None:
    row = _row(connection, which)
    if row is None:
        return None
    connection.execute(delete(WRAPPED_KEY).where(WRAPPED_KEY.c.id == row.id))
    return hashlib.sha256(row.wrapped).digest()


def _row(connection: Connection, which: ColumnElement[bool]) -> Row[Any] | None:
    return connection.execute(select(WRAPPED_KEY).where(which)).one_or_none()


def _kept(row: Row[Any] | None) -> Row[Any]:
    if row is None:
        raise StorageError(
            "key_destroyed",
            "This was erased: its key was destroyed, so nobody can read it again.",
        )
    return row


def _insert(connection: Connection, key: Key, kind: str, by: Key, **owner: str) -> None:
    connection.execute(
        insert(WRAPPED_KEY).values(
            id=key.id,
            kind=kind,
            wrapped_by=by.id,
            wrapped=by.wrap(key, kind),
            created_at_ms=now_ms(),
            **owner,
        )
    )
