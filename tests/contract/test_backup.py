"""A backup is put back whole, on either database, and brings nothing back that was erased since."""

import hashlib
import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.databases import new_database_url
from tests.planted import Planted, occurrences, plant, plant_study
from tests.stores import AGREED
from transcriber.domain.errors import KeyUnusable, StorageError, UsageError
from transcriber.domain.retention import Retention, Rule
from transcriber.domain.study_terms import StudyTerms
from transcriber.services.backup import back_up
from transcriber.services.erase import erase_recording
from transcriber.services.integrity import check_store
from transcriber.services.restore import restore
from transcriber.services.retention.came_back import erase_what_came_back
from transcriber.services.retention.purge import Look, purge
from transcriber.services.settings import Settings, load_settings
from transcriber.services.store import Store, open_as_it_is, open_store
from transcriber.storage.database import sqlite
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.blob_rows import blobs_of
from transcriber.storage.database.studies import Agreed, Study

pytestmark = pytest.mark.slow

YEARS_MS = 10 * 365 * 24 * 3_600_000


def nothing(done: int, total: int) -> None:
    """Progress that nobody follows."""


class Desk:
    """A store with two recordings, a backup of it, and another place to put that back."""

    def __init__(self, opened: Store, folder: Path, new_url: Callable[[], str]) -> None:
        self.store = opened
        self.folder = folder
        self.study: Study = plant_study(opened)
        self.kept = plant(opened, self.study)
        self.victim = plant(opened, self.study)
        self.backup = folder / "backup"
        self.there = folder / "there"
        self._new_url = new_url

    def settings_there(self) -> Settings:
        """Another machine, to which the master key and the list of what was erased were brought."""
        shutil.copytree(self.folder / "keys", self.there / "keys", dirs_exist_ok=True)
        return load_settings(
            {"TRANSCRIBER_HOME": str(self.there), "TRANSCRIBER_DATABASE_URL": self._new_url()}
        )

    def back_up(self) -> None:
        back_up(self.store, self.backup, nothing)

    def erase_victim(self) -> None:
        erase_recording(self.store, self.study, code_of(self.store, self.study, self.victim))


def code_of(store: Store, study: Study, planted: Planted) -> str:
    with store.database.read() as connection:
        codes = store.recordings.codes(connection, study.id, [planted.recording_id])
    return codes[planted.recording_id]


def readable(store: Store, recording_id: str) -> list[bytes]:
    """Everything of a recording's files that a living key opens."""
    with store.database.read() as connection:
        try:
            key = store.keyring.recording(connection, recording_id)
        except StorageError:
            return []
        blobs = blobs_of(connection, recording_id)
    return [store.blobs.read(key, blob) for blob in blobs]


@pytest.fixture
def desk(opened: Store, tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    """A store on either database, whose backup goes into one of the other kind."""
    kind = "postgresql" if opened.database.path else "sqlite"
    return Desk(opened, tmp_path, lambda: new_database_url(request, kind, tmp_path / "there"))


def test_everything_is_there_again(desk: Desk) -> None:
    desk.back_up()
    settings = desk.settings_there()
    restore(settings, desk.backup, nothing)
    there = open_store(settings)
    for planted in (desk.kept, desk.victim):
        before, after = (readable(store, planted.recording_id) for store in (desk.store, there))
        assert sorted(before) == sorted(after)
        assert len(before) == 5
    with desk.store.database.read() as one, there.database.read() as other:
        assert there.studies.all(other) == desk.store.studies.all(one)
        assert events(other)[: len(events(one))] == events(one)
        assert [event.action for _, event in events(other)[len(events(one)) :]] == ["restored"]
    assert check_store(there, thorough=True, progress=nothing).is_whole


def test_a_backup_holds_no_key_and_nothing_in_the_clear(desk: Desk) -> None:
    desk.back_up()
    master = desk.store.keyring._master.read().current.secret
    clear = [*desk.kept.texts, *desk.kept.sound, desk.kept.keys[0], master]
    assert occurrences([desk.backup], clear) == []


def test_what_was_erased_since_does_not_come_back(desk: Desk) -> None:
    desk.back_up()
    desk.erase_victim()
    settings = desk.settings_there()
    restore(settings, desk.backup, nothing)
    there = open_store(settings)
    assert readable(there, desk.victim.recording_id) == []
    assert len(readable(there, desk.kept.recording_id)) == 5
    assert occurrences([desk.there], desk.victim.everything) == []
    assert check_store(there, thorough=True, progress=nothing).is_whole


def test_sound_words_and_key_that_were_destroyed_since_are_destroyed_again(desk: Desk) -> None:
    desk.back_up()
    rules = Retention(sound=Rule(0), transcript=Rule(0), key=Rule(0))
    agreed = Agreed(AGREED.roster, AGREED.policies, StudyTerms(retention=rules))
    with desk.store.database.write() as connection:
        desk.store.studies.agree(connection, desk.study, agreed)
    later_ms = round(time.time() * 1000) + YEARS_MS
    assert len(purge(desk.store, Look(later_ms, trusted=True)).destroyed) == 5
    settings = desk.settings_there()
    restore(settings, desk.backup, nothing)
    there = open_store(settings)
    for planted in (desk.kept, desk.victim):
        left = readable(there, planted.recording_id)
        assert sum(b"hello" in text for text in left) == 1
        assert not any(text in data for text in planted.texts[:2] for data in left)
        assert not any(piece in data for piece in planted.sound for data in left)
    with there.database.read() as connection, pytest.raises(StorageError):
        there.keyring.pseudonyms(connection, desk.study.id)
    with there.database.read() as connection:
        study = there.studies.get(connection, desk.study.id)
    assert study is not None
    assert not study.agreed.roster.participants
    assert check_store(there, thorough=True, progress=nothing).is_whole


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_was_put_back_by_hand_opens_nothing_until_it_is_purged(
    opened: Store, tmp_path: Path
) -> None:
    desk = Desk(opened, tmp_path, lambda: "")
    path = opened.database.path
    assert path is not None
    copy = tmp_path / "copy.sqlite"
    sqlite.copy_to(path, copy)
    desk.erase_victim()
    opened.database._engine.dispose()
    copy.replace(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with pytest.raises(StorageError) as refused:
        open_store(opened.settings)
    assert refused.value.code == "erased_came_back"
    assert erase_what_came_back(open_as_it_is(opened.settings)) == 1
    there = open_store(opened.settings)
    assert readable(there, desk.victim.recording_id) == []
    assert readable(there, desk.kept.recording_id)


def test_without_the_list_of_what_was_erased_nothing_is_put_back(desk: Desk) -> None:
    desk.erase_victim()
    desk.back_up()
    settings = desk.settings_there()
    settings.erased_list.unlink()
    with pytest.raises(UsageError) as refused:
        restore(settings, desk.backup, nothing)
    assert refused.value.code == "erased_list_missing"
    restore(settings, desk.backup, nothing, list_lost=True)
    assert readable(open_store(settings), desk.kept.recording_id)


def test_another_master_key_and_a_store_in_use_are_refused(desk: Desk) -> None:
    desk.back_up()
    with pytest.raises(UsageError) as refused:
        restore(desk.store.settings, desk.backup, nothing)
    assert refused.value.code == "restore_not_empty"
    settings = desk.settings_there()
    settings.key_file.unlink()
    with pytest.raises(KeyUnusable):
        restore(settings, desk.backup, nothing)
    with pytest.raises(UsageError) as refused:
        back_up(desk.store, desk.backup, nothing)
    assert refused.value.code == "backup_there"


def readable_studies(settings: Settings) -> int:
    store = open_as_it_is(settings)
    with store.database.read() as connection:
        return len(store.studies.all(connection))


@pytest.mark.parametrize("damaged", ["tables/study.jsonl", "blobs.jsonl", "backup.json"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_damaged_backup_puts_nothing_back(opened: Store, tmp_path: Path, damaged: str) -> None:
    url = f"sqlite:///{tmp_path / 'there' / 'store' / 'transcriber.sqlite'}"
    desk = Desk(opened, tmp_path, lambda: url)
    desk.back_up()
    path = desk.backup / damaged
    path.write_bytes(path.read_bytes()[:-9])
    settings = desk.settings_there()
    with pytest.raises((StorageError, UsageError)):
        restore(settings, desk.backup, nothing)
    with pytest.raises(UsageError):
        restore(settings, tmp_path, nothing)
    assert readable_studies(settings) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("delay_ms", [5, 40, 80, 120, 160])
def test_killed_midway_a_backup_is_none_and_a_restore_is_done_again(
    opened: Store, tmp_path: Path, delay_ms: int
) -> None:
    url = f"sqlite:///{tmp_path / 'there' / 'store' / 'transcriber.sqlite'}"
    desk = Desk(opened, tmp_path, lambda: url)
    killed(desk.back_up, delay_ms)
    if not desk.backup.exists():
        with pytest.raises(UsageError):
            restore(desk.settings_there(), desk.backup, nothing)
        desk.back_up()
    desk.erase_victim()
    settings = desk.settings_there()
    killed(lambda: restore(settings, desk.backup, nothing), delay_ms)
    with suppress(UsageError):  # the rows were put back already
        restore(settings, desk.backup, nothing)
    erase_what_came_back(open_as_it_is(settings))
    there = open_store(settings)
    assert readable(there, desk.victim.recording_id) == []
    assert len(readable(there, desk.kept.recording_id)) == 5
    assert check_store(there, thorough=True, progress=nothing).is_whole


def killed(action: Callable[[], object], delay_ms: int) -> None:
    """Run something in a process that is killed after some time, if it has not ended by then."""
    child = os.fork()
    if child == 0:
        try:
            action()
        finally:
            os._exit(0)
    time.sleep(delay_ms / 1000)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_what_is_erased_while_a_backup_is_made_is_not_in_it(desk: Desk) -> None:
    def erase_midway(done: int, total: int) -> None:
        if done == total - 1 and not erased:
            erased.append(True)
            desk.erase_victim()

    erased: list[bool] = []
    made = back_up(desk.store, desk.backup, erase_midway)
    assert erased
    assert occurrences([desk.backup], desk.victim.everything) == []
    read = json.loads((desk.backup / "backup.json").read_bytes())
    assert read["files"] == made.files == 5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_of_an_older_version_is_put_back_and_brought_up_to_date(
    opened: Store, tmp_path: Path
) -> None:
    """Before 0008 there were no holds, and a transcript's words could not be destroyed alone."""
    url = f"sqlite:///{tmp_path / 'there' / 'store' / 'transcriber.sqlite'}"
    desk = Desk(opened, tmp_path, lambda: url)
    desk.back_up()
    manifest = json.loads((desk.backup / "backup.json").read_bytes())
    for name in ("legal_hold", "assessment", "retention_notice", "retention_clock"):
        del manifest["tables"][name]
    path = desk.backup / "tables" / "transcript.jsonl"
    rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    for row in rows:
        del row["words_destroyed_at_ms"]
    path.write_bytes(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    manifest["tables"]["transcript"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest["revision"] = "0007"
    (desk.backup / "backup.json").write_text(json.dumps(manifest))
    desk.erase_victim()
    settings = desk.settings_there()
    restore(settings, desk.backup, nothing)
    there = open_store(settings)
    assert len(readable(there, desk.kept.recording_id)) == 5
    assert readable(there, desk.victim.recording_id) == []
    assert occurrences([desk.there], desk.victim.everything) == []
    assert check_store(there, thorough=True, progress=nothing).is_whole
