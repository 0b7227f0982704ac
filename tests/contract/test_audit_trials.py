"""The trials of the audit at the size of CI; `python -m tests.reliability.audit --full` is all."""

from pathlib import Path

import pytest

from tests.reliability.audit import TAMPERINGS, tamper, write_together
from tests.stores import Stored
from transcriber.services.store import Store


def test_every_kind_of_tampering_is_found(opened: Store) -> None:
    times = 3
    found = tamper(opened, times * len(TAMPERINGS))
    assert found == {act.__name__: (times, times) for act in TAMPERINGS}


@pytest.mark.slow
def test_processes_that_write_at_once_fork_nothing(
    store: Stored, database_url: str, tmp_path: Path
) -> None:
    place = {"TRANSCRIBER_HOME": str(tmp_path), "TRANSCRIBER_DATABASE_URL": database_url}
    assert write_together(place, 4, 50) == 200
