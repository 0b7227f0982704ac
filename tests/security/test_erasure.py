"""What was erased is found in no byte of what the service keeps, and nothing is left to open it."""

import logging
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.planted import Planted, occurrences, plant, plant_study
from tests.postgres import PostgresServer, programs
from transcriber.domain.errors import StorageError
from transcriber.services.backup import back_up
from transcriber.services.erase import erase_recording, erase_study
from transcriber.services.integrity import check_store
from transcriber.services.store import Store
from transcriber.storage.database.studies import Study

LONGEST_S = 60
"""What issue 10 allows from the order to the last byte."""


def nothing(done: int, total: int) -> None:
    """Progress that nobody follows."""


class World:
    """A study of three recordings of which one is to be erased, and all places to look in."""

    def __init__(self, opened: Store, folder: Path, request: pytest.FixtureRequest) -> None:
        self.store = opened
        self.folder = folder
        self.study: Study = plant_study(opened)
        self.others = [plant(opened, self.study), plant(opened, self.study)]
        self.victim = plant(opened, self.study)
        self._request = request

    @property
    def server(self) -> PostgresServer | None:
        if self.store.database.path is not None:
            return None
        server: PostgresServer = self._request.getfixturevalue("postgres")
        return server

    def places(self) -> list[Path]:
        """Data folder, files of the database server but for its log of writes, dump, backup."""
        backup = self.folder / "backup"
        back_up(self.store, backup, nothing)
        server = self.server
        if server is None:
            return [self.folder]
        server.checkpoint()
        database = str(self.store.database.url.database)
        (self.folder / "dump.sql").write_bytes(pg_dump(database, server))
        return [self.folder, self._database_files(server)]

    def _database_files(self, server: PostgresServer) -> Path:
        named = text("SELECT oid FROM pg_database WHERE datname = current_database()")
        with self.store.database.read() as connection:
            oid: int = connection.execute(named).scalar_one()
        return server.folder / "data" / "base" / str(oid)


def pg_dump(database: str, server: PostgresServer) -> bytes:
    folder = programs()
    assert folder is not None
    program = str(folder / "pg_dump")
    command = [program, "--username=postgres", f"--host={server.folder}", database]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.fixture
def world(opened: Store, tmp_path: Path, request: pytest.FixtureRequest) -> World:
    return World(opened, tmp_path, request)


def code_of(world: World, planted: Planted) -> str:
    with world.store.database.read() as connection:
        codes = world.store.recordings.codes(connection, world.study.id, [planted.recording_id])
    return codes[planted.recording_id]


def test_before_an_erasure_the_search_finds_what_is_stored(world: World) -> None:
    stored = {piece for _, piece in occurrences(world.places(), world.victim.everything)}
    wrapped = world.victim.keys[1]
    assert stored & {wrapped, wrapped.hex().encode()}
    assert set(world.victim.sealed) <= stored
    clear = {*world.victim.texts, *world.victim.sound, world.victim.keys[0]}
    assert not stored & clear


def test_an_erased_recording_is_found_nowhere_within_a_minute(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    code, begun_s = code_of(world, world.victim), time.monotonic()
    with caplog.at_level(logging.DEBUG):
        erase_recording(world.store, world.study, code)
        places = world.places()
    assert time.monotonic() - begun_s < LONGEST_S
    assert occurrences(places, world.victim.everything) == []
    assert not any(text.decode() in caplog.text for text in world.victim.texts)
    for other in world.others:
        assert set(other.sealed) <= {piece for _, piece in occurrences(places, other.sealed)}
    assert check_store(world.store, thorough=True, progress=nothing).is_whole


@pytest.mark.slow
def test_an_erased_study_leaves_nothing_of_any_recording(world: World) -> None:
    (participant,) = world.study.agreed.roster.participants
    names = [participant.name.encode(), world.study.name.encode()]
    erase_study(world.store, world.study)
    every = [piece for each in (*world.others, world.victim) for piece in each.everything]
    assert occurrences(world.places(), [*every, *names]) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_copies_that_upgrades_made_go_with_what_is_erased(world: World) -> None:
    path = world.store.database.path
    assert path is not None
    path.with_name(f"{path.name}.0001.before-upgrade").write_bytes(path.read_bytes())
    erase_recording(world.store, world.study, code_of(world, world.victim))
    assert not list(path.parent.glob("*.before-upgrade"))


@pytest.mark.slow
def test_not_even_a_servers_log_of_writes_holds_anything_in_the_clear(world: World) -> None:
    erase_recording(world.store, world.study, code_of(world, world.victim))
    clear = (*world.victim.texts, *world.victim.sound, world.victim.keys[0])
    server = world.server
    assert occurrences([world.folder, *([server.folder] if server else ())], clear) == []


def test_nothing_reads_it_any_more(world: World) -> None:
    erase_recording(world.store, world.study, code_of(world, world.victim))
    with world.store.database.read() as connection, pytest.raises(StorageError) as refused:
        world.store.keyring.recording(connection, world.victim.recording_id)
    assert refused.value.code == "key_destroyed"
