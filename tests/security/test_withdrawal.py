"""Once a participant has withdrawn, nothing of them is in any byte that the service keeps.

More recordings, workers, Redis and kills: `python -m tests.reliability.withdrawal --full`.
"""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.postgres import PostgresServer
from tests.security.test_erasure import pg_dump
from tests.taken_back import Traces, kept_of_others, lying_about, readable, traces_of
from tests.taking_part import TakingPart, taking_part
from transcriber.services.backup import back_up
from transcriber.services.store import Store


def nothing(done: int, total: int) -> None:
    """Progress that nobody follows."""


class Desk:
    """A study in which P03 takes part, all places to look in, and what to look for."""

    def __init__(self, opened: Store, folder: Path, request: pytest.FixtureRequest) -> None:
        self.store = opened
        self.folder = folder
        self.world: TakingPart = taking_part(opened, folder / "work")
        self.traces: Traces = traces_of(self.world)
        self._request = request

    def places(self) -> list[Path]:
        """Data folder with a backup made now; files of the database server, and a dump of it."""
        back_up(self.store, self.folder / "backup", nothing)
        if self.store.database.path is not None:
            return [self.folder]
        server: PostgresServer = self._request.getfixturevalue("postgres")
        server.checkpoint()
        database = str(self.store.database.url.database)
        (self.folder / "dump.sql").write_bytes(pg_dump(database, server))
        named = text("SELECT oid FROM pg_database WHERE datname = current_database()")
        with self.store.database.read() as connection:
            oid: int = connection.execute(named).scalar_one()
        return [self.folder, server.folder / "data" / "base" / str(oid)]


@pytest.fixture
def desk(opened: Store, tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    return Desk(opened, tmp_path, request)


def test_before_a_withdrawal_the_search_finds_what_is_stored(desk: Desk) -> None:
    found = lying_about(desk.places(), desk.traces)
    kinds = {each.split()[0] for each in found}
    assert kinds == {"sealed", "wrapped"}
    can_read = readable(desk.world, desk.store)
    told = {each.rpartition(" in ")[0] for each in can_read}
    sounds = {f"sound {number}" for number in range(len(desk.world.sounds.mine))}
    assert told == {*desk.world.mine.told, *sounds}
    assert kept_of_others(desk.world, desk.store) == ([], [], [])
