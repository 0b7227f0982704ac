"""Once a participant has withdrawn, nothing of them is in any byte that the service keeps.

More recordings, workers, Redis and kills: `python -m tests.reliability.withdrawal --full`.
"""

import copy
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.databases import KINDS, new_database_url
from tests.opened import opened_values
from tests.planted import occurrences
from tests.postgres import PostgresServer
from tests.security.test_erasure import pg_dump
from tests.stores import settings_in
from tests.taken_back import (
    Traces,
    kept_of_others,
    killed,
    lying_about,
    readable,
    require_nothing,
    server_files,
    taken_back,
    traces_of,
)
from tests.taking_part import TakingPart, taking_part
from transcriber.domain.retention import Held
from transcriber.domain.withdrawal import TakenBack
from transcriber.services.backup import back_up
from transcriber.services.integrity import check_store
from transcriber.services.restore import restore
from transcriber.services.retention.destroy import destroy_again
from transcriber.services.store import Store, open_store
from transcriber.services.withdrawal import withdraw
from transcriber.services.withdrawal.receipt import receipts_of
from transcriber.services.withdrawal.withdraw import finish_withdrawals
from transcriber.storage.database import sqlite
from transcriber.storage.database.studies import Study
from transcriber.storage.keys.master_key import KeyFile

pytestmark = pytest.mark.slow

WHOLE_MS = 8_000
"""Longer than a withdrawal takes."""


def nothing(done: int, total: int) -> None:
    """Progress that nobody follows."""


@dataclass(frozen=True)
class Made:
    """A study in which P03 takes part, of whose store each test takes a copy."""

    folder: Path
    url: str
    world: TakingPart
    traces: Traces


@pytest.fixture(scope="module", params=KINDS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make it once in a database of either kind: it takes ten seconds."""
    folder = tmp_path_factory.mktemp("made")
    url = new_database_url(request, request.param, folder)
    KeyFile(folder / "keys" / "master.key").create()
    store = open_store(settings_in(folder, url))
    world = taking_part(store, folder / "work")
    traces = traces_of(world)
    if store.database.path is None:  # as a server does by itself sooner or later
        with store.database.write() as connection:
            connection.execute(text("ANALYZE"))
    return Made(folder, url, world, traces)


class Desk:
    """A copy of the study, all places to look in, and what to look for."""

    def __init__(self, made: Made, folder: Path, request: pytest.FixtureRequest) -> None:
        self.folder = folder
        self.request = request
        if made.world.store.database.path is None:
            url = self.server.copy(made.url)
        else:
            sqlite.empty_log(made.world.store.database.path)
            url = made.url.replace(str(made.folder), str(folder))
        shutil.copytree(made.folder, folder, dirs_exist_ok=True)
        self.store = open_store(settings_in(folder, url))
        self.world = copy.deepcopy(made.world, {id(made.world.store): self.store})
        self.traces = made.traces

    def where(self) -> tuple[list[Path], Traces, Path | None]:
        """Data folder with a backup made now, and a dump; files of the server of the database."""
        back_up(self.store, self.folder / "backup", nothing)
        if self.store.database.path is not None:
            return [self.folder], self.traces, None
        database = str(self.store.database.url.database)
        (self.folder / "dump.sql").write_bytes(pg_dump(database, self.server))
        return [self.folder], self.traces, server_files(self.store, self.server)

    @property
    def server(self) -> PostgresServer:
        server: PostgresServer = self.request.getfixturevalue("postgres")
        return server

    def put_back(self, backup: Path) -> Store:
        """Put a backup back on another machine, into a database of the other kind."""
        there = self.folder.with_name(f"{self.folder.name}-there")
        shutil.copytree(self.folder / "keys", there / "keys")
        kind = "postgresql" if self.store.database.path else "sqlite"
        url = new_database_url(self.request, kind, there)
        settings = settings_in(there, url)
        restore(settings, backup, nothing)
        return open_store(settings)


@pytest.fixture
def desk(made: Made, tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    return Desk(made, tmp_path, request)


def test_before_a_withdrawal_the_search_finds_what_is_stored(desk: Desk) -> None:
    found = lying_about(*desk.where())
    assert {each.split()[0] for each in found} == {"sealed", "wrapped", "tags", "locked"}
    told = {each.rpartition(" in ")[0] for each in readable(desk.world, desk.store)}
    sounds = {f"sound {number}" for number in range(len(desk.world.sounds.mine))}
    assert told == {*desk.world.mine.told, *sounds}
    assert kept_of_others(desk.world, desk.store) == ([], [], [])


def test_after_a_withdrawal_nothing_is_found_and_all_of_others_is_there(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        taken_back(desk.world)
        require_nothing(desk.world, *desk.where())
    assert not any(root in caplog.text.lower() for root in desk.world.mine.roots)
    if (
        desk.store.database.path is None
    ):  # not even the server's log of writes holds it in the clear
        readable_by_anybody = (*desk.traces.clear, *desk.traces.keys)
        assert occurrences([desk.server.folder], readable_by_anybody) == []
    assert check_store(desk.store, thorough=True, progress=nothing).is_whole


def test_a_backup_of_before_gives_nothing_back(desk: Desk) -> None:
    backup = desk.folder.with_name(f"{desk.folder.name}-before")
    back_up(desk.store, backup, nothing)
    taken_back(desk.world)
    there = desk.put_back(backup)
    assert readable(desk.world, there) == []
    (again,) = receipts_of(there, desk.world.study.id)
    assert again.finished_at_ms is not None
    assert check_store(there, thorough=True, progress=nothing).is_whole


def test_what_jobs_were_told_of_the_roster_goes_with_the_key_of_who_is_who(desk: Desk) -> None:
    study = desk.world.study
    assert _names_told_to_jobs(desk.store, study)
    assert destroy_again(desk.store, study, Held.KEY, study.id)
    assert not _names_told_to_jobs(desk.store, study)


def _names_told_to_jobs(store: Store, study: Study) -> set[str]:
    told = [value.text for value in opened_values(store) if value.place.table == "job"]
    assert told
    names = study.agreed.roster.names
    return {name for name in names if any(name.encode() in text for text in told)}


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7])
def test_killed_midway_a_withdrawal_is_ended_by_whoever_comes_next(
    desk: Desk, share: float
) -> None:
    before = readable(desk.world, desk.store)
    killed(lambda: taken_back(desk.world), share * WHOLE_MS)
    finish_withdrawals(open_store(desk.store.settings))
    left = readable(desk.world, desk.store)
    if left:  # it had not begun
        assert left == before
        taken_back(desk.world)
    require_nothing(desk.world, *desk.where())


def test_the_search_finds_what_a_withdrawal_leaves_in_recordings_that_stay(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is taken out of recordings of several people is what this proof rests on."""
    monkeypatch.setattr(withdraw, "take_out_contribution", lambda *_: TakenBack(0, 0, 0, 0, 0))
    taken_back(desk.world)
    left = readable(desk.world, desk.store)
    assert "said in the group in a result" in left
    assert "corrected in the group in decision.edit" in left
    # In releases each may be redacted, because it sounds by chance like the one that was marked;
    # what was decided on is kept in any case.
    assert any(each.endswith(" in decision.edit") for each in left)
    assert any(each.startswith("sound") and each.endswith("source") for each in left)
    assert any(each.startswith("sound") and each.endswith("stage file") for each in left)
    assert not any("alone" in each for each in left)
    kinds = {each.split()[0] for each in lying_about(*desk.where())}
    assert kinds >= {"sealed", "wrapped", "locked"}
