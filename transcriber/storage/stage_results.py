"""What stages gave, encrypted: bytes first, then the row, in a commit with what follows from it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from transcriber.domain.errors import StorageError
from transcriber.stages.protocols import Record
from transcriber.storage.blobs.framing import Blob, Purpose
from transcriber.storage.blobs.store import BlobStore
from transcriber.storage.database.blob_rows import add_blobs, get_blobs
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.database import Database
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.tables import BLOB, STAGE_FILE, STAGE_RESULT
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, seal, tag, unseal


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a result belongs: a stage of a recording, or a part of one, under its fingerprint."""

    recording_id: str
    stage: str
    part: int
    fingerprint: str


class ResultForgotten(StorageError):
    """What the step left is not kept any more. Its stage can be done again."""

    def __init__(self) -> None:
        super().__init__(
            "result_forgotten", "What an earlier step left is not kept any more. Retry the job."
        )


class StageResults:
    """Keeps records of stages. One slot holds one record, whoever else makes the same.

    A record that was forgotten keeps its slot: whatever rests on it holds, and it is made again
    only when somebody has to read it.
    """

    def __init__(self, database: Database, blobs: BlobStore, keyring: Keyring) -> None:
        self._database = database
        self._blobs = blobs
        self._keyring = keyring

    def find(self, slot: Slot) -> str | None:
        """Return the id of the record in a slot, forgotten or not; None when it is empty.

        Raises StorageError.
        """
        with self._database.read() as connection:
            key = self._keyring.recording(connection, slot.recording_id)
            return connection.execute(
                select(STAGE_RESULT.c.id).where(_in(slot, key))
            ).scalar_one_or_none()

    def keep(
        self,
        slot: Slot,
        record: Record,
        workspace: Path,
        in_same_commit: Callable[[Connection, str], None],
    ) -> None:
        """Store a record with its files.

        `in_same_commit` is given the connection and the record's id, and does what becomes true
        with it; what it raises undoes all. Raises StorageError.
        """
        with self._database.read() as connection:
            key = self._keyring.recording(connection, slot.recording_id)
        with self._blobs.staged() as staged:
            files: dict[str, Blob] = {}
            for name in record.files:
                with (workspace / name).open("rb") as file:
                    files[name] = staged.put(key, slot.recording_id, Purpose.STAGE_FILE, file)
            result = staged.put_bytes(key, slot.recording_id, Purpose.RESULT, record.result)
            with self._database.write() as connection:
                known = connection.execute(
                    select(STAGE_RESULT.c.id).where(_in(slot, key))
                ).scalar_one_or_none()
                if known is None:
                    add_blobs(connection, [result, *files.values()])
                result_id = known or _add(connection, slot, key, record.took_ms, result)
                if known is None and files:
                    connection.execute(insert(STAGE_FILE), _file_rows(result_id, files))
                in_same_commit(connection, result_id)
            if known is not None:
                staged.give_up()

    def fingerprint(self, result_id: str) -> str:
        """Return what a record, forgotten or not, was kept under. Raises StorageError."""
        with self._database.read() as connection:
            row = _row(connection, result_id)
            key = self._keyring.recording(connection, row.recording_id)
        return unseal(key, _place(result_id), row.fingerprint).decode()

    def is_forgotten(self, result_id: str) -> bool:
        """Return whether a record has its slot and nothing else. Raises StorageError."""
        with self._database.read() as connection:
            kept = select(STAGE_RESULT.c.blob_id).where(STAGE_RESULT.c.id == result_id)
            return connection.execute(kept).scalar_one_or_none() is None

    def load(self, result_id: str, workspace: Path) -> Record:
        """Return a record and put its files into the workspace, those that are not there yet.

        Raises ResultForgotten, and StorageError when it is missing or was changed.
        """
        with self._database.read() as connection:
            row = _row(connection, result_id)
            if row.blob_id is None:
                raise ResultForgotten
            key = self._keyring.recording(connection, row.recording_id)
            named = _files(connection, result_id)
            blobs = get_blobs(connection, [row.blob_id, *named.values()])
        for name, blob_id in named.items():
            if not (workspace / name).exists():
                self._blobs.copy_to(key, blobs[blob_id], workspace / name)
        result = self._blobs.read(key, blobs[row.blob_id])
        return Record(result, row.took_ms, tuple(named))

    def result(self, result_id: str) -> bytes:
        """Return what a record says, without its files.

        Raises ResultForgotten, and StorageError when it is missing or was changed.
        """
        with self._database.read() as connection:
            row = _row(connection, result_id)
            if row.blob_id is None:
                raise ResultForgotten
            key = self._keyring.recording(connection, row.recording_id)
            blobs = get_blobs(connection, [row.blob_id])
        return self._blobs.read(key, blobs[row.blob_id])

    def files(self, result_id: str) -> dict[str, Blob]:
        """Return the files of a record by their names. Raises ResultForgotten, StorageError."""
        with self._database.read() as connection:
            if _row(connection, result_id).blob_id is None:
                raise ResultForgotten
            named = _files(connection, result_id)
            blobs = get_blobs(connection, named.values())
        return {name: blobs[blob_id] for name, blob_id in named.items()}

    def open(self, blob: Blob) -> BinaryIO:
        """Open a file of a record, to be read and sought; no plain text touches a disk.

        Raises StorageError when it is missing or was changed.
        """
        with self._database.read() as connection:
            key = self._keyring.recording(connection, blob.recording_id)
        return self._blobs.open(key, blob)

    def forget(self, result_id: str) -> None:
        """Erase a record with its files. Interrupted anywhere, it can be done again.

        Files before rows: what people believe is gone must be gone. Raises StorageError.
        """
        with self._database.read() as connection:
            row = _row(connection, result_id)
            kept = [row.blob_id, *_files(connection, result_id).values()]
        if row.blob_id is None:
            return
        for blob_id in kept:
            self._blobs.delete(blob_id)
        with self._database.write() as connection:
            connection.execute(
                update(STAGE_RESULT).where(STAGE_RESULT.c.id == result_id).values(blob_id=None)
            )
            connection.execute(delete(BLOB).where(BLOB.c.id.in_(kept)))


def add_result(
    connection: Connection, slot: Slot, key: Key, result: Blob, files: dict[str, Blob]
) -> str:
    """Keep a record whose blobs are stored, without their rows yet; return its id."""
    add_blobs(connection, [result, *files.values()])
    result_id = _add(connection, slot, key, 0, result)
    if files:
        connection.execute(insert(STAGE_FILE), _file_rows(result_id, files))
    return result_id


def _row(connection: Connection, result_id: str) -> Row[Any]:
    """Return the row of a record. Raises ResultForgotten where even that is gone."""
    row = connection.execute(
        select(STAGE_RESULT).where(STAGE_RESULT.c.id == result_id)
    ).one_or_none()
    if row is None:
        raise ResultForgotten
    return row


def _files(connection: Connection, result_id: str) -> dict[str, str]:
    """Return the blobs of a record's files by the files' names."""
    rows = connection.execute(
        select(STAGE_FILE)
        .where(STAGE_FILE.c.stage_result_id == result_id)
        .order_by(STAGE_FILE.c.name)
    )
    return {file.name: file.blob_id for file in rows}


def _add(connection: Connection, slot: Slot, key: Key, took_ms: int, result: Blob) -> str:
    result_id = new_id()
    connection.execute(
        insert(STAGE_RESULT).values(
            id=result_id,
            recording_id=slot.recording_id,
            stage=slot.stage,
            part=slot.part,
            fingerprint=seal(key, _place(result_id), slot.fingerprint.encode()),
            fingerprint_tag=tag(key, "fingerprint", slot.fingerprint),
            blob_id=result.id,
            took_ms=took_ms,
            created_at_ms=now_ms(),
        )
    )
    return result_id


def _file_rows(result_id: str, files: dict[str, Blob]) -> list[dict[str, str]]:
    return [
        {"id": new_id(), "stage_result_id": result_id, "name": name, "blob_id": blob.id}
        for name, blob in files.items()
    ]


def _in(slot: Slot, key: Key) -> ColumnElement[bool]:
    return and_(
        STAGE_RESULT.c.recording_id == slot.recording_id,
        STAGE_RESULT.c.stage == slot.stage,
        STAGE_RESULT.c.part == slot.part,
        STAGE_RESULT.c.fingerprint_tag == tag(key, "fingerprint", slot.fingerprint),
    )


def _place(result_id: str) -> Place:
    return Place("stage_result", "fingerprint", result_id)
