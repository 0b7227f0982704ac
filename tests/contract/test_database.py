"""What the database promises, on SQLite and on PostgreSQL."""

import multiprocessing
import os
import pickle
import resource
import shutil
import signal
import stat
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, func, insert, inspect, select, text, update

from tests.databases import KINDS, make_empty_file
from tests.postgres import PostgresServer
from transcriber.domain.errors import StorageError, UsageError
from transcriber.storage.database import sqlite
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.database import Conflict, Database
from transcriber.storage.database.migrations import HEAD
from transcriber.storage.database.schema import METADATA
from transcriber.storage.database.tables import (
    AUDIT_EVENT,
    STUDY,
    TOMBSTONE,
    WRAPPED_KEY,
)
from transcriber.storage.database.upgrade import SHIPPED, Revisions, open_database

SPAWN = multiprocessing.get_context("spawn")
PROCESSES = 4
WRITERS = 8
TURNS = 25

LATER = """
import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{before}"


def upgrade():
    op.add_column("tombstone", sa.Column("place", sa.String(9), server_default="here"))
"""


@pytest.fixture(params=KINDS)
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The URL of a database without tables, of either kind: what the service begins with."""
    if request.param == "sqlite":
        monkeypatch.setattr(sqlite, "make_file", make_empty_file)
        return f"sqlite:///{tmp_path / 'store' / 'transcriber.sqlite'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.empty_database()


@pytest.fixture
def database(database_url: str) -> Database:
    return open_database(database_url)


def buried(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(TOMBSTONE)).scalar_one()


def bury(database: Database, key: str) -> None:
    with database.write() as connection:
        connection.execute(
            insert(TOMBSTONE).values(id=key, kind="study", key_destroyed_at_ms=now_ms())
        )


def test_revisions_make_the_tables_that_the_code_works_with(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
        rules = inspect(connection).get_check_constraints("step")
    assert {str(rule["name"]) for rule in rules} == {"ck_step_state", "ck_step_queue"}


def test_head_is_the_newest_revision() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    settings = Config()
    settings.set_main_option("script_location", str(SHIPPED.folder))
    assert ScriptDirectory.from_config(settings).get_current_head() == HEAD


def fail_after_deleting(database: Database) -> None:
    with database.write() as connection:
        connection.execute(delete(TOMBSTONE))
        raise ZeroDivisionError


def test_what_is_written_is_there_and_what_fails_is_not(database: Database) -> None:
    bury(database, "a")
    with pytest.raises(ZeroDivisionError):
        fail_after_deleting(database)
    assert buried(database) == 1


def test_a_rule_that_is_broken_is_told_without_values(database: Database) -> None:
    bury(database, "secret-name")
    with pytest.raises(Conflict) as refused:
        bury(database, "secret-name")
    assert "secret-name" not in repr(refused.value) + refused.value.sentence
    assert refused.value.__cause__ is None
    assert pickle.loads(pickle.dumps(refused.value)).code == "conflict"


def test_text_that_is_not_sealed_does_not_get_in(database: Database) -> None:
    with pytest.raises(StorageError) as refused, database.write() as connection:
        connection.execute(
            insert(STUDY).values(
                id="a", name=b"Breast-feeding", name_tag=b"x", settings=b"", created_at_ms=1
            )
        )
    assert "Breast" not in repr(refused.value)


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError), database.read() as connection:
        connection.execute(update(TOMBSTONE).values(kind="study"))


def test_a_reader_sees_one_state(database: Database) -> None:
    with database.read() as connection:
        count = select(func.count()).select_from(TOMBSTONE)
        before = connection.execute(count).scalar_one()
        bury(database, "a")
        assert connection.execute(count).scalar_one() == before
    assert buried(database) == 1


def test_the_clock_is_utc_in_milliseconds_and_goes_on(database: Database) -> None:
    with database.write() as connection:
        first = connection.execute(select(now_ms())).scalar_one()
        time.sleep(0.05)
        later = connection.execute(select(now_ms())).scalar_one()
    assert abs(first - time.time() * 1000) < 60_000
    assert 40 <= later - first < 30_000


def write_often(url: str, writer: int) -> None:
    database = open_database(url)
    for turn in range(TURNS):
        with database.write() as connection:
            number = connection.execute(select(func.count()).select_from(AUDIT_EVENT)).scalar_one()
            connection.execute(
                insert(AUDIT_EVENT).values(action=f"{writer}.{turn}", created_at_ms=number)
            )
            if not turn % 5:
                connection.execute(delete(TOMBSTONE))


def write_twice_over(url: str, writer: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write_often, [url] * 2, (writer, writer + 1)))


def test_processes_that_start_and_write_together_all_get_through(database_url: str) -> None:
    with ProcessPoolExecutor(PROCESSES, SPAWN) as pool:
        list(pool.map(write_twice_over, [database_url] * PROCESSES, range(0, WRITERS, 2)))
    with open_database(database_url).read() as connection:
        actions = list(connection.execute(select(AUDIT_EVENT.c.action)).scalars())
    assert len(actions) == len(set(actions)) == WRITERS * TURNS


def test_a_forked_process_opens_connections_of_its_own(database: Database) -> None:
    bury(database, "a")
    with database.read() as connection:
        inside = connection.execute(select(func.count()).select_from(TOMBSTONE)).scalar_one()
        child = os.fork()
        if not child:
            os._exit(0 if buried(database) == inside else 1)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert buried(database) == 1


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    with open_database(database_url).write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    with pytest.raises(StorageError) as refused:
        open_database(database_url)
    assert refused.value.code == "database_newer"


def newer(folder: Path) -> Revisions:
    """Return those that are shipped and one more."""
    later = Revisions(folder / "migrations", "later")
    shutil.copytree(SHIPPED.folder, later.folder)
    (later.folder / "versions" / "later.py").write_text(LATER.format(before=HEAD))
    return later


def test_an_older_database_is_brought_up_and_sqlite_copied_first(
    database_url: str, tmp_path: Path
) -> None:
    bury(open_database(database_url), "a")
    database = open_database(database_url, newer(tmp_path))
    with database.read() as connection:
        assert [*connection.execute(text("SELECT id, place FROM tombstone"))] == [("a", "here")]
    copies = list(tmp_path.rglob("*.before-upgrade"))
    assert len(copies) == (database.path is not None)
    for copy in copies:
        assert buried(open_database(f"sqlite:///{copy}")) == 1


def test_keys_and_events_of_the_first_version_stay(database_url: str, tmp_path: Path) -> None:
    first = Revisions(tmp_path / "migrations", "0001")
    shutil.copytree(SHIPPED.folder, first.folder)
    for version in (first.folder / "versions").glob("r*.py"):
        if not version.name.startswith("r0001"):
            version.unlink()
    older = open_database(database_url, first)
    key = {"id": "k" * 32, "kind": "lookup", "wrapped_by": "m" * 32, "wrapped": b"w"}
    event = {"number": 7, "action": "study_erased", "study_id": "s" * 32}
    with older.write() as connection:
        connection.execute(insert(WRAPPED_KEY).values(**key, created_at_ms=1))
        connection.execute(insert(AUDIT_EVENT).values(**event, created_at_ms=2))
    with open_database(database_url).write() as connection:
        (kept,) = connection.execute(select(WRAPPED_KEY)).mappings()
        assert {name: kept[name] for name in key} == key
        (told,) = connection.execute(select(AUDIT_EVENT)).mappings()
        assert {name: told[name] for name in event} == event
        service = {**key, "id": "l" * 32, "kind": "service"}
        connection.execute(insert(WRAPPED_KEY).values(**service, created_at_ms=1))
    with pytest.raises(Conflict), open_database(database_url).write() as connection:
        connection.execute(
            insert(WRAPPED_KEY).values(**{**key, "id": "n", "kind": "x", "created_at_ms": 1})
        )


@pytest.mark.parametrize(
    "url", ["", "secret", "mysql://x:secret@y/z", "sqlite://", "sqlite:///:memory:"]
)
def test_a_url_that_will_not_do_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        Database(url)
    assert refused.value.code == "bad_database_url"
    assert "secret" not in refused.value.sentence


def test_a_server_that_is_away_is_told_and_met_again(postgres: PostgresServer) -> None:
    database = open_database(postgres.empty_database())
    bury(database, "a")
    postgres.stop()
    try:
        with pytest.raises(StorageError) as refused:
            bury(database, "b")
        assert refused.value.code == "database_unavailable"
        assert "postgres@" not in refused.value.sentence
    finally:
        postgres.start()
    bury(database, "c")
    assert buried(database) == 2


def put_keys(database: Database) -> None:
    with database.write() as connection:
        for number in range(400):
            connection.execute(
                insert(WRAPPED_KEY).values(
                    id=f"{number:032d}",
                    kind="study",
                    wrapped=b"%048d" % number,
                    wrapped_by="m",
                    created_at_ms=1,
                )
            )
        connection.execute(text("ANALYZE"))


def sampled(database: Database) -> set[tuple[str, str]]:
    """Return the columns of bytes of which the server keeps samples; it shows them to anybody."""
    with database.read() as connection:
        rows = connection.execute(
            text(
                "SELECT tablename, attname FROM pg_stats "
                "JOIN information_schema.columns ON table_name = tablename AND "
                "column_name = attname WHERE data_type = 'bytea' AND schemaname = 'public'"
            )
        )
        return {(table, column) for table, column in rows}


def test_a_server_keeps_no_samples_of_keys_and_of_what_is_sealed(
    postgres: PostgresServer,
) -> None:
    """Its statistics are a table of its own, in which nothing that is erased here is erased."""
    database = open_database(postgres.empty_database())
    put_keys(database)
    assert sampled(database) == set()


def test_samples_that_were_taken_before_an_upgrade_go(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.empty_database()
    database = open_database(url)
    with database.write() as connection:
        connection.execute(text("ALTER TABLE wrapped_key ALTER COLUMN wrapped SET STATISTICS 100"))
    put_keys(database)
    assert ("wrapped_key", "wrapped") in sampled(database)
    assert sampled(open_database(url, newer(tmp_path))) == set()


def write_without_room(database: Database) -> int:
    """Fill the file up to a limit, as on a disk without room; 0 when it was told well."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = 2 << 20
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        for number in range(100_000):
            bury(database, f"{number:032d}")
            with database.write() as connection:
                rows = [{"action": "a" * 64, "created_at_ms": n} for n in range(500)]
                connection.execute(insert(AUDIT_EVENT), rows)
    except StorageError as error:
        return 0 if error.code == "database_unavailable" else 2
    return 1


def test_a_disk_without_room_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'transcriber.sqlite'}"
    database = open_database(url)
    child = os.fork()
    if not child:
        os._exit(write_without_room(database))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    with open_database(url).read() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        events = connection.execute(select(func.count()).select_from(AUDIT_EVENT)).scalar_one()
    assert events % 500 == 0
    assert events > 0
    bury(database, "a")  # there is room again


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'store' / 'transcriber.sqlite'}")
    with database.write() as connection:
        connection.execute(delete(TOMBSTONE))
        for file in (tmp_path / "store").iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700


def test_the_file_is_written_ahead_from_the_start(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'transcriber.sqlite'}")
    with database.read() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        values = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]
    assert values == ["wal", 2, 1, 1]


def test_a_copy_of_the_file_is_whole_and_private(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'transcriber.sqlite'}")
    bury(database, "a")
    copy = tmp_path / "copy.sqlite"
    sqlite.copy_to(tmp_path / "transcriber.sqlite", copy)
    assert buried(Database(f"sqlite:///{copy}")) == 1
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
