"""Uploads: files that arrive in requests, of which each may break off at any byte.

What has arrived lies in pieces, each a blob of its own that is there whole before it counts, sealed
with the upload's own key. The offset is the sum of the pieces. A piece is announced before it is
written, so that whatever a killed process left is found again.
"""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, true, update

from transcriber.domain.errors import UsageError
from transcriber.storage.blobs.framing import UPLOAD_KEY, Blob, Purpose
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.tables import BLOB, RECORDING
from transcriber.storage.database.upload_tables import UPLOAD, UPLOAD_PIECE
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, seal, unseal


class Overtaken(UsageError):
    """Another request has begun to send the same upload, or it was taken back meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            "upload_overtaken",
            "Another connection goes on with this upload, so this one ended. What had arrived is "
            "kept.",
        )

    def __reduce__(self) -> tuple[type["Overtaken"], tuple[()]]:  # type: ignore[override]
        """Let the error cross a process border."""
        return type(self), ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrives, or has; the time is UTC in milliseconds.

    `length_bytes` is None where only its end will tell. `sha256` is there once it was counted.
    """

    id: str
    study_id: str
    file_name: str
    length_bytes: int | None
    offset_bytes: int
    sha256: str | None
    expires_at_ms: int
    pieces: tuple[Blob, ...]
    key: Key = field(repr=False)

    @property
    def is_complete(self) -> bool:
        """Whether all of it is there."""
        return self.offset_bytes == self.length_bytes


class Uploads:
    """Keeps uploads; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring, keep_ms: int) -> None:
        """Take how long an upload is kept after the last sign of life."""
        self._keyring = keyring
        self._keep_ms = keep_ms

    def add(
        self,
        connection: Connection,
        study_id: str,
        account_id: str,
        file_name: str,
        length_bytes: int | None,
    ) -> Upload:
        """Begin an upload under a key of its own."""
        upload_id = new_id()
        key = Key.random(upload_id)
        connection.execute(
            insert(UPLOAD).values(
                id=upload_id,
                study_id=study_id,
                account_id=account_id,
                length_bytes=length_bytes,
                offset_bytes=0,
                file_name=seal(key, _place("file_name", upload_id), os.fsencode(file_name)),
                wrapped=self._keyring.study(connection, study_id).wrap(key, UPLOAD_KEY),
                created_at_ms=now_ms(),
                expires_at_ms=now_ms() + self._keep_ms,
            )
        )
        (upload,) = self._found(connection, study_id, UPLOAD.c.id == upload_id)
        return upload

    def get(
        self, connection: Connection, study_id: str, account_id: str, upload_id: str
    ) -> Upload | None:
        """Return an upload to whoever began it; None when it has expired."""
        found = self._found(
            connection,
            study_id,
            (UPLOAD.c.id == upload_id)
            & (UPLOAD.c.account_id == account_id)
            & (UPLOAD.c.expires_at_ms > now_ms()),
        )
        return found[0] if found else None

    def all(self, connection: Connection, study_id: str) -> tuple[Upload, ...]:
        """Return the uploads of a study, whoever began them."""
        return tuple(self._found(connection, study_id, true()))

    def take(self, connection: Connection, upload_id: str) -> int:
        """Begin to send: return the token to go on with. Whoever sent before cannot go on."""
        attempt: int = connection.execute(
            update(UPLOAD)
            .where(UPLOAD.c.id == upload_id)
            .values(attempt=UPLOAD.c.attempt + 1, expires_at_ms=now_ms() + self._keep_ms)
            .returning(UPLOAD.c.attempt)
        ).scalar_one()
        return attempt

    def announce(self, connection: Connection, upload_id: str, token: int, number: int) -> str:
        """Return the id under which a piece may now be written. Raises Overtaken."""
        self._require(connection, upload_id, token)
        blob_id = new_id()
        connection.execute(
            insert(UPLOAD_PIECE).values(id=blob_id, upload_id=upload_id, number=number)
        )
        return blob_id

    def keep(
        self, connection: Connection, upload_id: str, token: int, piece: Blob, instead: Blob | None
    ) -> None:
        """Let a piece count that is written, `instead` of a shorter one. Raises Overtaken."""
        grown = piece.size_bytes - (instead.size_bytes if instead else 0)
        self._require(
            connection,
            upload_id,
            token,
            offset_bytes=UPLOAD.c.offset_bytes + grown,
            expires_at_ms=now_ms() + self._keep_ms,
        )
        connection.execute(
            update(UPLOAD_PIECE)
            .where(UPLOAD_PIECE.c.id == piece.id)
            .values(size_bytes=piece.size_bytes)
        )
        if instead is not None:
            connection.execute(
                update(UPLOAD_PIECE).where(UPLOAD_PIECE.c.id == instead.id).values(size_bytes=None)
            )

    def end(self, connection: Connection, upload_id: str, token: int) -> None:
        """Say that what has arrived is all of it. Raises Overtaken."""
        self._require(connection, upload_id, token, length_bytes=UPLOAD.c.offset_bytes)

    def counted(self, connection: Connection, upload: Upload, sha256: str) -> None:
        """Keep the hash of an upload that is complete."""
        sealed = seal(upload.key, _place("sha256", upload.id), sha256.encode())
        connection.execute(update(UPLOAD).where(UPLOAD.c.id == upload.id).values(sha256=sealed))

    def strays(self, connection: Connection, upload_id: str) -> list[str]:
        """Return the blobs that were announced and do not count: of no use to anybody."""
        stray = (UPLOAD_PIECE.c.upload_id == upload_id) & UPLOAD_PIECE.c.size_bytes.is_(None)
        return list(connection.execute(select(UPLOAD_PIECE.c.id).where(stray)).scalars())

    def strays_deleted(self, connection: Connection, blob_ids: Collection[str]) -> None:
        """Forget strays whose files are deleted."""
        connection.execute(delete(UPLOAD_PIECE).where(UPLOAD_PIECE.c.id.in_(blob_ids)))

    def give_up(self, connection: Connection, upload_ids: Collection[str]) -> None:
        """Let nobody go on with uploads: the next sweep, or whoever calls this, deletes them."""
        connection.execute(
            update(UPLOAD)
            .where(UPLOAD.c.id.in_(upload_ids))
            .values(attempt=UPLOAD.c.attempt + 1, expires_at_ms=0)
        )

    def take_over(self, connection: Connection, upload_id: str) -> None:
        """Delete the rows of an upload whose files belong to a recording from here on.

        Raises UsageError `not_found` when it is gone, or was given up.
        """
        gone = connection.execute(
            delete(UPLOAD).where(UPLOAD.c.id == upload_id, UPLOAD.c.expires_at_ms > 0)
        )
        if not gone.rowcount:
            raise UsageError("not_found", "This upload is not there any more. Begin again.")

    def expired(self, connection: Connection) -> list[str]:
        """Return the uploads that nobody went on with in time, or that were given up."""
        late = UPLOAD.c.expires_at_ms <= now_ms()
        return list(connection.execute(select(UPLOAD.c.id).where(late)).scalars())

    def of_study(self, connection: Connection, study_id: str) -> list[str]:
        """Return the ids of a study's uploads; no key is needed."""
        mine = UPLOAD.c.study_id == study_id
        return list(connection.execute(select(UPLOAD.c.id).where(mine)).scalars())

    def blob_ids(self, connection: Connection, upload_id: str) -> list[str]:
        """Return all blobs of an upload, whether they count or not."""
        mine = UPLOAD_PIECE.c.upload_id == upload_id
        return list(connection.execute(select(UPLOAD_PIECE.c.id).where(mine)).scalars())

    def remove(self, connection: Connection, upload_ids: Collection[str]) -> None:
        """Delete the rows of uploads: their files are deleted, or belong to a recording now."""
        connection.execute(delete(UPLOAD).where(UPLOAD.c.id.in_(upload_ids)))

    def stored_bytes(self, connection: Connection, study_id: str) -> int:
        """Return how much a study has uploaded, with what is promised and still to come."""
        kept = (
            select(func.coalesce(func.sum(BLOB.c.size_bytes), 0))
            .join(RECORDING)
            .where(RECORDING.c.study_id == study_id, BLOB.c.purpose == Purpose.SOURCE.value)
        )
        promised = func.coalesce(UPLOAD.c.length_bytes, UPLOAD.c.offset_bytes)
        coming = select(func.coalesce(func.sum(promised), 0)).where(UPLOAD.c.study_id == study_id)
        return int(connection.execute(kept).scalar_one() + connection.execute(coming).scalar_one())

    def _require(
        self, connection: Connection, upload_id: str, token: int, **values: object
    ) -> None:
        """Change an upload that nobody else has taken over. Raises Overtaken."""
        changed = connection.execute(
            update(UPLOAD)
            .where(UPLOAD.c.id == upload_id, UPLOAD.c.attempt == token)
            .values(values or {"attempt": token})
        )
        if not changed.rowcount:
            raise Overtaken

    def _found(
        self, connection: Connection, study_id: str, which: ColumnElement[bool]
    ) -> list[Upload]:
        rows = connection.execute(
            select(UPLOAD)
            .where(UPLOAD.c.study_id == study_id, which)
            .order_by(UPLOAD.c.created_at_ms, UPLOAD.c.id)
        ).all()
        if not rows:
            return []
        study = self._keyring.study(connection, study_id)
        pieces = _pieces(connection, [row.id for row in rows])
        return [_upload(row, study, tuple(pieces.get(row.id, ()))) for row in rows]


def upload_keys(connection: Connection, keyring: Keyring, study_id: str) -> Mapping[str, Key]:
    """Return the keys of a study's uploads, by upload."""
    study = keyring.study(connection, study_id)
    rows = connection.execute(
        select(UPLOAD.c.id, UPLOAD.c.wrapped).where(UPLOAD.c.study_id == study_id)
    )
    return {row.id: study.unwrap(row.wrapped, row.id, UPLOAD_KEY) for row in rows}


def upload_blobs(connection: Connection) -> tuple[list[Blob], set[str]]:
    """Return the pieces of all uploads, and the ids of those that do not count."""
    rows = connection.execute(select(UPLOAD_PIECE)).all()
    pieces = [
        Blob(row.id, row.upload_id, Purpose.SOURCE, row.size_bytes)
        for row in rows
        if row.size_bytes is not None
    ]
    return pieces, {row.id for row in rows if row.size_bytes is None}


def _pieces(connection: Connection, upload_ids: Iterable[str]) -> Mapping[str, list[Blob]]:
    pieces: dict[str, list[Blob]] = {}
    for row in connection.execute(
        select(UPLOAD_PIECE)
        .where(UPLOAD_PIECE.c.upload_id.in_(list(upload_ids)))
        .where(UPLOAD_PIECE.c.size_bytes.is_not(None))
        .order_by(UPLOAD_PIECE.c.number)
    ):
        blob = Blob(row.id, row.upload_id, Purpose.SOURCE, row.size_bytes)
        pieces.setdefault(row.upload_id, []).append(blob)
    return pieces


def _upload(row: Row[tuple[object, ...]], study: Key, pieces: tuple[Blob, ...]) -> Upload:
    key = study.unwrap(row.wrapped, row.id, UPLOAD_KEY)
    name = unseal(key, _place("file_name", row.id), row.file_name)
    sha256 = None if row.sha256 is None else unseal(key, _place("sha256", row.id), row.sha256)
    return Upload(
        id=row.id,
        study_id=row.study_id,
        file_name=os.fsdecode(name),
        length_bytes=row.length_bytes,
        offset_bytes=row.offset_bytes,
        sha256=sha256.decode() if sha256 is not None else None,
        expires_at_ms=row.expires_at_ms,
        pieces=pieces,
        key=key,
    )


def _place(column: str, upload_id: str) -> Place:
    return Place("upload", column, upload_id)
