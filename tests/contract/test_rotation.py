"""Changing the master key, on both databases: nothing is lost wherever it is interrupted."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.stores import SOUND, Stored, add_bare_recordings
from transcriber.domain.errors import KeyUnusable
from transcriber.services.keys import key_status, rotate_key
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.studies import Studies
from transcriber.storage.database.tables import RECORDING, WRAPPED_KEY
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.master_key import MasterKeys

RECORDINGS = 200


def sound(store: Stored, recording: StoredRecording) -> bytes:
    with store.database.read() as connection:
        key = store.keyring.recording(connection, recording.id)
    return store.blobs.read(key, recording.parts[0].blob)


def test_everything_opens_with_the_new_key_and_nothing_with_the_old(
    store: Stored, opened: Store
) -> None:
    recording = store.recording(store.study())
    files = {file.name for file in store.blobs.place.listed()}
    before = store.key_file.read()
    assert key_status(opened).is_settled
    assert rotate_key(opened) == 2  # the study's key and that of study names
    after = store.key_file.read()
    assert after.current.id != before.current.id
    assert after.former == ()
    assert key_status(opened).is_settled
    assert sound(store, recording) == SOUND
    assert {file.name for file in store.blobs.place.listed()} == files
    store.key_file.write(before)
    with pytest.raises(KeyUnusable):
        sound(store, recording)


def test_a_rotation_that_was_interrupted_is_finished_by_the_next(
    store: Stored, opened: Store
) -> None:
    recording = store.recording(store.study())
    former = store.key_file.read().current
    new = Key.random(new_id())
    store.key_file.write(MasterKeys(new, (former,)))  # and the process is killed
    assert not key_status(opened).is_settled
    assert sound(store, recording) == SOUND
    store.study("Made meanwhile")
    assert rotate_key(opened) == 2
    assert store.key_file.read() == MasterKeys(new)
    assert sound(store, recording) == SOUND
    assert len(study_names(store)) == 2


def study_names(store: Stored) -> list[str]:
    with store.database.read() as connection:
        return [study.name for study in Studies(store.keyring).all(connection)]


def test_who_reads_and_adds_meanwhile_goes_on(store: Stored, opened: Store) -> None:
    recording = store.recording(store.study())
    keyring, stop = store.keyring, threading.Event()

    def read() -> None:
        with store.database.read() as connection:
            keyring.recording(connection, recording.id)

    def until_stopped(act: Callable[[], object]) -> None:
        while not stop.is_set():
            act()

    read()
    with ThreadPoolExecutor(2) as pool:
        others = [pool.submit(until_stopped, act) for act in (read, lambda: store.study(new_id()))]
        try:
            for _ in range(5):
                rotate_key(opened)
                time.sleep(0.05)
        finally:
            stop.set()
    for other in others:
        other.result()
    # Beside the studies: the key under which their names are told apart, and that of the service,
    # because rotations are on record.
    assert rotate_key(opened) == len(study_names(store)) + 2
    assert key_status(opened).is_settled


def test_recordings_are_not_touched_however_many(store: Stored, opened: Store) -> None:
    study = store.study()
    first = store.recording(study)
    with store.database.write() as connection:
        add_bare_recordings(store.keyring, connection, first, RECORDINGS)
    of_recordings = select(WRAPPED_KEY).where(WRAPPED_KEY.c.kind == "recording")
    with store.database.read() as connection:
        before = connection.execute(of_recordings).all()
    assert rotate_key(opened) == 2
    with store.database.read() as connection:
        assert connection.execute(of_recordings).all() == before
        keys = store.keyring.recordings(connection, study.id, select(RECORDING.c.id))
    assert len(keys) == RECORDINGS + 1


def test_a_command_that_prints_one_key_only_is_told(
    store: Stored, database_url: str, tmp_path: Path
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"master_key_command: cat {store.key_file.path}\n")
    store.study()
    opened = open_store(
        load_settings(
            {
                "TRANSCRIBER_CONFIG": str(config),
                "TRANSCRIBER_HOME": str(tmp_path),
                "TRANSCRIBER_DATABASE_URL": database_url,
            }
        )
    )
    with pytest.raises(KeyUnusable) as refused:
        rotate_key(opened)
    assert refused.value.code == "no_new_key"
    former = store.key_file.read().current
    store.key_file.write(MasterKeys(Key.random(new_id()), (former,)))
    assert rotate_key(opened) == 2
    assert not key_status(opened).wrapping.former
