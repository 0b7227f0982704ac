"""Databases of both kinds, empty, for contract tests."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresServer, postgres_server, programs

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
    if programs() is None:
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    with (
        tempfile.TemporaryDirectory(prefix="pg", dir=MEMORY if MEMORY.is_dir() else None) as folder,
        postgres_server(Path(folder)) as server,
    ):
        yield server


def new_database_url(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    """The URL of an empty database: a file that is not there yet, or one on a server."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'store' / 'transcriber.sqlite'}"
    new_database: Callable[[], str] = request.getfixturevalue("postgres").new_database
    return new_database()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of either kind."""
    return new_database_url(request, request.param, tmp_path)
