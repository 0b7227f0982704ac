"""Databases of both kinds, empty, for contract tests; their tables are made once and copied."""

import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.postgres import PostgresServer, postgres_server, programs
from transcriber.storage.database import sqlite
from transcriber.storage.database.upgrade import open_database
from transcriber.storage.files import PRIVATE_FILE_MODE

make_empty_file = sqlite.make_file
"""What makes a file without tables, as the service does."""

MEMORY = Path("/dev/shm")
"""Every database of the server is hundreds of files, which a disk is slow to make and delete."""

KINDS = ("sqlite", "postgresql")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count what needs a server among the slow tests: a stranger's machine may have none."""
    for item in items:
        case = getattr(item, "callspec", None)
        asked = case.params.values() if case is not None else ()
        on_server = any(isinstance(each, str) and each == "postgresql" for each in asked)
        if on_server or "postgres" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for the whole session; only machines without PostgreSQL skip what needs it."""
    yield from running_server()


def running_server() -> Iterator[PostgresServer]:
    """Run a server until whoever asked is done."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    with (
        tempfile.TemporaryDirectory(prefix="pg", dir=MEMORY if MEMORY.is_dir() else None) as folder,
        postgres_server(Path(folder)) as server,
    ):
        yield server


@pytest.fixture(scope="session", autouse=True)
def tables_made_once() -> Iterator[None]:
    """Begin every SQLite file that a test makes as a copy of one that the revisions made.

    They take a second, and thousands of tests make a store. Other processes make theirs in full.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "make_file", _copy_made_file)
        yield


@cache
def _made_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.sqlite"
        make_empty_file(path)
        open_database(f"sqlite:///{path}")
        sqlite.empty_log(path)
        return path.read_bytes()


def _copy_made_file(path: Path) -> None:
    if not path.exists():
        path.write_bytes(_made_file())
        path.chmod(PRIVATE_FILE_MODE)


def new_database_url(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    """The URL of a database without rows: a file that is not there yet, or one on a server."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'store' / 'transcriber.sqlite'}"
    new_database: Callable[[], str] = request.getfixturevalue("postgres").new_database
    return new_database()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without rows, of either kind."""
    return new_database_url(request, request.param, tmp_path)
