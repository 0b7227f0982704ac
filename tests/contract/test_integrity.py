"""Losses are found and what was erased is gone, on both databases."""

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import Table, delete, func, select, update

from tests.stores import Stored
from transcriber.domain.entity import Entity
from transcriber.domain.errors import StorageError, UsageError
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.transcript import Quality
from transcriber.services.erase import erase_recording, erase_study, finish_erasures
from transcriber.services.integrity import Integrity, check_store, remove_unknown
from transcriber.services.store import Store
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.blobs.store import open_blobs
from transcriber.storage.database.account_tables import AUDIT_HEAD
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.columns import SealedType
from transcriber.storage.database.entities import StoreRegister
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.schema import METADATA
from transcriber.storage.database.sealed_rows import (
    OF_PSEUDONYMS,
    OF_RECORDING,
    OF_SERVICE,
    OF_STUDY,
    OF_UPLOAD,
)
from transcriber.storage.database.studies import Study
from transcriber.storage.database.tables import (
    AUDIT_EVENT,
    BLOB,
    ENTITY,
    FINDING,
    RECORDING_PART,
    STUDY,
    TOMBSTONE,
    WRAPPED_KEY,
)
from transcriber.storage.database.tombstones import Grave, bury, tombstones
from transcriber.storage.database.transcripts import Transcripts
from transcriber.storage.database.upgrade import open_database
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.master_key import KeyFile
from transcriber.storage.keys.sealing import Sealed

DAY_S = 24 * 60 * 60
SARAH = Entity(1, EntityType.PERSON, "sarah whitfield", frozenset({"sarah"}), 1)


def filled(store: Stored, name: str = "Breast-feeding", content: str = "a") -> StoredRecording:
    """A study with one recording, a transcript, a finding and somebody in the register."""
    study = store.study(name)
    recording = store.recording(study, content)
    StoreRegister(store.database, store.keyring, study.id).update(lambda known: ((SARAH,), None))
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording.id)
    with store.blobs.staged() as staged:
        blob = staged.put_bytes(key, recording.id, Purpose.TRANSCRIPT, b"Sarah lives in Leeds")
        transcripts = Transcripts(store.keyring)
        with store.database.write() as connection:
            add_blobs(connection, [blob])
            added = transcripts.add(connection, recording.id, Quality.FULL, blob)
            found = Finding(0, 5, EntityType.PERSON, "Sarah", 1.0, "roster")
            transcripts.found(connection, added, 0, [found])
    return recording


def check(opened: Store) -> Integrity:
    return check_store(opened, thorough=True, progress=lambda done, total: None)


def path_of(tmp_path: Path, name: str) -> Path:
    return tmp_path / "blobs" / name[:2] / name


def age(path: Path) -> None:
    then = time.time() - 2 * DAY_S
    os.utime(path, (then, then))


def test_a_store_that_is_whole_is_said_to_be(store: Stored, opened: Store) -> None:
    filled(store)
    found = check(opened)
    assert found.is_whole
    assert (found.files, found.unknown) == (2, ())


def test_progress_goes_through_all_files(store: Stored, opened: Store) -> None:
    filled(store)
    told: list[tuple[int, int]] = []
    check_store(opened, thorough=False, progress=lambda *done: told.append(done))
    assert told == [(1, 2), (2, 2)]


def test_files_that_are_lost_cut_or_changed_are_named(
    store: Stored, opened: Store, tmp_path: Path
) -> None:
    lost, cut, changed = (
        filled(store, name, name).parts[0].blob for name in ("lost", "cut", "changed")
    )
    path_of(tmp_path, lost.id).unlink()
    with path_of(tmp_path, cut.id).open("r+b") as file:
        file.truncate(cut.stored_bytes - 1)
    with path_of(tmp_path, changed.id).open("r+b") as file:
        file.seek(-20, os.SEEK_END)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    found = check(opened)
    assert found.missing == (lost,)
    assert {blob.id for blob in found.damaged} == {cut.id, changed.id}
    assert not found.is_whole
    quick = check_store(opened, thorough=False, progress=lambda done, total: None)
    assert quick.damaged == (cut,)


def test_files_without_rows_are_found_once_nobody_can_be_about_to_write_them(
    store: Stored, opened: Store, tmp_path: Path
) -> None:
    recording = filled(store)
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording.id)
    with store.blobs.staged() as staged:
        blob = staged.put_bytes(key, recording.id, Purpose.RESULT, b"{}")
    part = path_of(tmp_path, blob.id).with_name(f"{new_id()}.part")
    part.write_bytes(b"cut off")
    assert check(opened).unknown == ()
    assert remove_unknown(opened) == 0
    for path in (path_of(tmp_path, blob.id), part):
        age(path)
    found = check(opened)
    assert [file.name for file in found.unknown] == [blob.id]
    assert found.is_whole
    assert remove_unknown(opened) == 2
    assert not part.exists()
    assert check(opened).unknown == ()
    assert check(opened).files == 2


@pytest.mark.parametrize(
    ("table", "column"),
    [(STUDY, "name"), (RECORDING_PART, "sha256"), (FINDING, "content"), (ENTITY, "content")],
)
def test_rows_that_were_changed_are_counted(
    store: Stored, opened: Store, table: Table, column: str
) -> None:
    filled(store)
    filled(store, "Other", "b")
    with store.database.write() as connection:
        row = connection.execute(select(table).order_by(table.c.id)).mappings().first()
        assert row is not None
        changed = Sealed(row[column][:-1] + bytes([row[column][-1] ^ 1]))
        connection.execute(update(table).where(table.c.id == row["id"]).values({column: changed}))
    found = check(opened)
    assert found.damaged_rows == 1
    assert not found.is_whole


def test_a_key_that_was_changed_is_counted(store: Stored, opened: Store) -> None:
    filled(store)
    filled(store, "Other", "b")
    with store.database.write() as connection:
        key = connection.execute(
            select(WRAPPED_KEY).where(WRAPPED_KEY.c.kind == "recording")
        ).first()
        assert key is not None
        connection.execute(
            update(WRAPPED_KEY).where(WRAPPED_KEY.c.id == key.id).values(wrapped=key.wrapped[:-1])
        )
    found = check(opened)
    assert (found.damaged_rows, found.files) == (1, 2)


def test_every_table_with_something_sealed_is_checked() -> None:
    sealed = {
        table
        for table in METADATA.sorted_tables
        if any(isinstance(column.type, SealedType) for column in table.columns)
    }
    assert sealed == {*OF_STUDY, *OF_PSEUDONYMS, *OF_RECORDING, *OF_SERVICE, *OF_UPLOAD}


def rows_left(store: Stored) -> dict[str, int]:
    with store.database.read() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def study_of(opened: Store, recording: StoredRecording) -> Study:
    with opened.database.read() as connection:
        study = opened.studies.get(connection, recording.study_id)
    assert study is not None
    return study


def test_what_is_not_there_cannot_be_erased(store: Stored, opened: Store) -> None:
    recording = filled(store)
    with pytest.raises(UsageError) as refused:
        erase_recording(opened, study_of(opened, recording), "FG02")
    assert refused.value.code == "no_such_recording"
    assert check(opened).erasures_open == 0


def test_an_erased_recording_is_gone_and_its_neighbour_is_not(store: Stored, opened: Store) -> None:
    erased = filled(store)
    filled(store, "Other", "b")
    before = rows_left(store)
    erase_recording(opened, study_of(opened, erased), "FG01")
    assert before["recording"] == 2
    assert rows_left(store)["recording"] == rows_left(store)["transcript"] == 1
    assert len(list(store.blobs.place.listed())) == 2
    assert check(opened).is_whole
    with store.database.read() as connection:
        (stone,) = tombstones(connection)
        assert stone.id == erased.id
        assert stone.finished_at_ms is not None
        assert [event.action for _, event in events(connection)] == ["recording_erased"]


def test_of_an_erased_study_ids_and_times_are_left(store: Stored, opened: Store) -> None:
    filled(store)
    with store.database.read() as connection:
        (study,) = opened.studies.all(connection)
    erase_study(opened, study)
    # The keys of study names' tags and of the audit stay.
    left = {AUDIT_EVENT: 1, AUDIT_HEAD: 1, TOMBSTONE: 1, WRAPPED_KEY: 2}
    assert rows_left(store) == {table.name: count for table, count in left.items()}
    assert list(store.blobs.place.listed()) == []
    assert check(opened).is_whole


def test_an_erasure_that_was_interrupted_is_finished(
    store: Stored, opened: Store, tmp_path: Path
) -> None:
    """Killed after the key was destroyed, with one of the files deleted already."""
    erased = filled(store)
    with store.database.write() as connection:
        store.keyring.destroy_recording(connection, erased.id)
        bury(connection, Grave(erased.id, "recording"))
    path_of(tmp_path, erased.parts[0].blob.id).unlink()
    found = check(opened)
    assert (found.erasures_open, found.missing) == (1, ())
    assert not found.is_whole
    assert finish_erasures(opened) == 1
    assert finish_erasures(opened) == 0
    assert check(opened).is_whole
    assert list(store.blobs.place.listed()) == []


def add_result(store: Stored, key: Key, recording: StoredRecording) -> None:
    with store.blobs.staged() as staged:
        blob = staged.put_bytes(key, recording.id, Purpose.RESULT, b"{}")
        with store.database.write() as connection:
            add_blobs(connection, [blob])


def test_what_a_worker_adds_while_a_recording_is_erased_leaves_nothing(
    store: Stored, opened: Store
) -> None:
    recording = filled(store)
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording.id)
    erase_recording(opened, study_of(opened, recording), "FG01")
    with pytest.raises(StorageError):
        add_result(store, key, recording)
    assert list(store.blobs.place.listed()) == []
    with store.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(BLOB)).scalar_one() == 0


def test_a_destroyed_key_is_nowhere_in_sqlites_files(tmp_path: Path) -> None:
    key_file = KeyFile(tmp_path / "master.key")
    key_file.create()
    database = open_database(f"sqlite:///{tmp_path / 'transcriber.sqlite'}")
    store = Stored(database, open_blobs(f"file://{tmp_path / 'blobs'}"), key_file)
    recording = store.recording(store.study())
    with database.read() as connection:
        wrapped = connection.execute(
            select(WRAPPED_KEY.c.wrapped).where(WRAPPED_KEY.c.recording_id == recording.id)
        ).scalar_one()
    assert anywhere(tmp_path, wrapped)
    with database.write() as connection:
        connection.execute(delete(WRAPPED_KEY).where(WRAPPED_KEY.c.recording_id == recording.id))
    database.overwrite_deleted()
    assert not anywhere(tmp_path, wrapped)


def anywhere(folder: Path, wanted: bytes) -> bool:
    return any(wanted in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_key_of_another_recording_does_not_pass(store: Stored, opened: Store) -> None:
    """Blobs are read with the key of the recording that their row names."""
    first, second = filled(store), filled(store, "Other", "b")
    assert first.parts[0].blob.recording_id != second.parts[0].blob.recording_id
    with store.database.write() as connection:
        connection.execute(
            update(BLOB).where(BLOB.c.id == first.parts[0].blob.id).values(recording_id=second.id)
        )
    assert [blob.id for blob in check(opened).damaged] == [first.parts[0].blob.id]
