"""Recordings of a study: their codes, their files, and how they are to be heard."""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    delete,
    insert,
    select,
    true,
    update,
)

from transcriber.domain.errors import UsageError
from transcriber.domain.recording import Kind, Recording, Source, SpeakerCount, Trim
from transcriber.storage.blobs.framing import Blob
from transcriber.storage.database.blob_rows import add_blobs, get_blobs
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.studies import Study, lock_study
from transcriber.storage.database.tables import RECORDING, RECORDING_PART, STUDY
from transcriber.storage.database.upload_tables import FURTHER_BLOB
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, seal, tag, unseal

CODE_PREFIX = {Kind.INDIVIDUAL: "INT", Kind.GROUP: "FG"}
_COUNTER = {Kind.INDIVIDUAL: STUDY.c.individuals, Kind.GROUP: STUDY.c.groups}


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A file of a recording: its name when it was uploaded, its SHA-256, and its blob.

    What was uploaded in pieces goes on in `further` blobs, in order.
    """

    file_name: str
    sha256: str
    blob: Blob
    further: tuple[Blob, ...] = ()

    @property
    def blobs(self) -> tuple[Blob, ...]:
        """All of it, in order."""
        return self.blob, *self.further

    @property
    def size_bytes(self) -> int:
        """How long the file is."""
        return sum(blob.size_bytes for blob in self.blobs)


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording as it is stored; the time is UTC in milliseconds."""

    id: str
    study_id: str
    recording: Recording
    parts: tuple[StoredPart, ...]
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class NewRecording:
    """A recording that is to be kept: its parts are stored already, under its own new key."""

    id: str
    key: Key
    recording: Recording
    parts: tuple[StoredPart, ...]


class Recordings:
    """Keeps recordings; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def with_content(
        self, connection: Connection, study: Study, sha256s: Sequence[str]
    ) -> StoredRecording | None:
        """Return the recording of the study that is made of these files in this order."""
        key = self._keyring.study(connection, study.id)
        found = self._found(
            connection, study, RECORDING.c.content_tag == _content_tag(key, sha256s)
        )
        return found[0] if found else None

    def free_code(self, connection: Connection, study: Study, kind: Kind) -> str:
        """Allot the next code of a kind, `INT01` or `FG01`; none is ever given twice."""
        key = self._keyring.study(connection, study.id)
        lock_study(connection, study.id)
        counter = _COUNTER[kind]
        number = connection.execute(select(counter).where(STUDY.c.id == study.id)).scalar_one()
        while True:
            number += 1
            code = f"{CODE_PREFIX[kind]}{number:02d}"
            if not _is_taken(connection, study.id, tag(key, "code", code)):
                break
        connection.execute(
            update(STUDY).where(STUDY.c.id == study.id).values({counter.name: number})
        )
        return code

    def require_free(self, connection: Connection, study: Study, code: str) -> None:
        """Raise UsageError when a recording of the study has this code already."""
        key = self._keyring.study(connection, study.id)
        lock_study(connection, study.id)
        if _is_taken(connection, study.id, tag(key, "code", code)):
            raise UsageError(
                "name_taken",
                "Another recording of this study has the same name. Rename one of them, or leave "
                "out --names keep.",
            )

    def add(self, connection: Connection, study: Study, new: NewRecording) -> StoredRecording:
        """Keep a new recording, the key that its blobs are sealed with, and their rows.

        Raises Conflict when the study has its code or its files already.
        """
        of_study = self._keyring.study(connection, study.id)
        recording, place = new.recording, Place("recording", "code", new.id)
        connection.execute(
            insert(RECORDING).values(
                id=new.id,
                study_id=study.id,
                code=seal(new.key, place, os.fsencode(recording.code)),
                code_tag=tag(of_study, "code", recording.code),
                content_tag=_content_tag(of_study, recording.parts_sha256),
                kind=recording.kind.value,
                language=recording.language,
                speakers_minimum=recording.speakers.minimum,
                speakers_maximum=recording.speakers.maximum,
                trim_start_ms=recording.trim.start_ms,
                trim_stop_ms=recording.trim.stop_ms,
                tracks=recording.tracks,
                source=recording.source.value,
                created_at_ms=now_ms(),
            )
        )
        self._keyring.add_recording(connection, study.id, new.id, new.key)
        add_blobs(connection, [blob for part in new.parts for blob in part.blobs])
        for number, part in enumerate(new.parts):
            _add_part(connection, (new.id, new.key), number, part)
        (stored,) = self._found(connection, study, RECORDING.c.id == new.id)
        return stored

    def replace_parts(
        self, connection: Connection, recording_id: str, parts: Sequence[StoredPart]
    ) -> None:
        """Let a recording be made of other files, sealed by its key, than of those it had.

        Nobody who has the former ones can tell by them any more that they were here.
        """
        connection.execute(
            delete(RECORDING_PART).where(RECORDING_PART.c.recording_id == recording_id)
        )
        connection.execute(
            update(RECORDING)
            .where(RECORDING.c.id == recording_id)
            .values(content_tag=bytes.fromhex(new_id() + new_id()))
        )
        key = self._keyring.recording(connection, recording_id)
        add_blobs(connection, [blob for part in parts for blob in part.blobs])
        for number, part in enumerate(parts):
            _add_part(connection, (recording_id, key), number, part)

    def get(
        self, connection: Connection, study: Study, recording_id: str
    ) -> StoredRecording | None:
        """Return a recording of the study by its id; None also when it was erased."""
        found = self._found(connection, study, RECORDING.c.id == recording_id)
        return found[0] if found else None

    def coded(self, connection: Connection, study: Study, code: str) -> StoredRecording | None:
        """Return a recording of the study by its code."""
        code_tag = tag(self._keyring.study(connection, study.id), "code", code)
        found = self._found(connection, study, RECORDING.c.code_tag == code_tag)
        return found[0] if found else None

    def codes(
        self, connection: Connection, study_id: str, recording_ids: Sequence[str]
    ) -> Mapping[str, str]:
        """Return the codes of recordings, by recording, without those that were erased."""
        wanted = select(RECORDING.c.id).where(RECORDING.c.id.in_(recording_ids))
        keys = self._keyring.recordings(connection, study_id, wanted)
        rows = connection.execute(
            select(RECORDING.c.id, RECORDING.c.code).where(RECORDING.c.id.in_(list(keys)))
        )
        return {row.id: _code(keys[row.id], row.id, row.code) for row in rows}

    def all(self, connection: Connection, study: Study) -> tuple[StoredRecording, ...]:
        """Return the recordings of a study, the oldest first."""
        return tuple(self._found(connection, study, true()))

    def _found(
        self, connection: Connection, study: Study, which: ColumnElement[bool]
    ) -> list[StoredRecording]:
        """Return recordings that can be read; one that is being erased has no key any more."""
        wanted = and_(RECORDING.c.study_id == study.id, which)
        keys = self._keyring.recordings(connection, study.id, select(RECORDING.c.id).where(wanted))
        rows = connection.execute(
            select(RECORDING).where(wanted).order_by(RECORDING.c.created_at_ms, RECORDING.c.id)
        ).mappings()
        readable = [row for row in rows if row["id"] in keys]
        parts = _parts(connection, {row["id"]: keys[row["id"]] for row in readable})
        return [_stored(study, row, keys[row["id"]], tuple(parts[row["id"]])) for row in readable]


def _code(key: Key, recording_id: str, sealed: bytes) -> str:
    return os.fsdecode(unseal(key, Place("recording", "code", recording_id), sealed))


def _is_taken(connection: Connection, study_id: str, code_tag: bytes) -> bool:
    taken = select(RECORDING.c.id).where(
        RECORDING.c.study_id == study_id, RECORDING.c.code_tag == code_tag
    )
    return connection.execute(taken).first() is not None


def _content_tag(study: Key, sha256s: Sequence[str]) -> bytes:
    return tag(study, "content", " ".join(sha256s))


def _add_part(
    connection: Connection, recording: tuple[str, Key], number: int, part: StoredPart
) -> None:
    """Write a part of a recording, given by its id and its key."""
    part_id, (recording_id, key) = new_id(), recording
    name, sha256 = (Place("recording_part", column, part_id) for column in ("file_name", "sha256"))
    connection.execute(
        insert(RECORDING_PART).values(
            id=part_id,
            recording_id=recording_id,
            number=number,
            blob_id=part.blob.id,
            file_name=seal(key, name, os.fsencode(part.file_name)),
            sha256=seal(key, sha256, part.sha256.encode()),
        )
    )
    rows = [
        {"id": new_id(), "recording_part_id": part_id, "number": place, "blob_id": blob.id}
        for place, blob in enumerate(part.further, start=1)
    ]
    if rows:
        connection.execute(insert(FURTHER_BLOB), rows)


def _parts(connection: Connection, keys: Mapping[str, Key]) -> Mapping[str, list[StoredPart]]:
    """Return the parts of recordings, in order, by recording."""
    rows = connection.execute(
        select(RECORDING_PART)
        .where(RECORDING_PART.c.recording_id.in_(list(keys)))
        .order_by(RECORDING_PART.c.number)
    ).all()
    further = _further(connection, list(keys))
    blobs = get_blobs(
        connection,
        [*(row.blob_id for row in rows), *(id_ for ids in further.values() for id_ in ids)],
    )
    found: dict[str, list[StoredPart]] = defaultdict(list)
    for row in rows:
        key = keys[row.recording_id]
        name = unseal(key, Place("recording_part", "file_name", row.id), row.file_name)
        sha256 = unseal(key, Place("recording_part", "sha256", row.id), row.sha256)
        rest = tuple(blobs[blob_id] for blob_id in further[row.id])
        part = StoredPart(os.fsdecode(name), sha256.decode(), blobs[row.blob_id], rest)
        found[row.recording_id].append(part)
    return found


def _further(connection: Connection, recording_ids: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the ids of the blobs in which parts go on, in order, by part."""
    further: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(
        select(FURTHER_BLOB.c.recording_part_id, FURTHER_BLOB.c.blob_id)
        .join(RECORDING_PART)
        .where(RECORDING_PART.c.recording_id.in_(recording_ids))
        .order_by(FURTHER_BLOB.c.number)
    ):
        further[row.recording_part_id].append(row.blob_id)
    return further


def _stored(
    study: Study, row: RowMapping, key: Key, parts: tuple[StoredPart, ...]
) -> StoredRecording:
    recording = Recording(
        code=_code(key, row["id"], row["code"]),
        study=study.name,
        kind=Kind(row["kind"]),
        parts_sha256=tuple(part.sha256 for part in parts),
        speakers=SpeakerCount(row["speakers_minimum"], row["speakers_maximum"]),
        language=row["language"],
        trim=Trim(row["trim_start_ms"], row["trim_stop_ms"]),
        tracks=row["tracks"],
        source=Source(row["source"]),
    )
    return StoredRecording(row["id"], study.id, recording, parts, row["created_at_ms"])
