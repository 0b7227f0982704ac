"""A database server of which every byte is searched."""

from collections.abc import Iterator

import pytest

from tests.databases import running_server
from tests.postgres import PostgresServer


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A server for one file: in that of the session lies what hundreds of other tests wrote."""
    yield from running_server()
