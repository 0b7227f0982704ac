"""What any register of pseudonyms must do; SQLite's does it."""

import multiprocessing
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from transcriber.domain.errors import StorageError
from transcriber.domain.finding import EntityType
from transcriber.storage.register import SqliteRegister

P = EntityType.PERSON
ENTITIES = [f"person {number}" for number in range(40)]


def test_numbers_are_allotted_once_and_stay(tmp_path: Path) -> None:
    register = SqliteRegister(tmp_path / "register.sqlite")
    assert [register.number(P, name) for name in ("a", "b", "a")] == [1, 2, 1]
    assert register.number(EntityType.LOCATION, "a") == 1
    assert SqliteRegister(tmp_path / "register.sqlite").number(P, "b") == 2


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "private" / "register.sqlite"
    SqliteRegister(path).number(P, "a")
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def allot(path: Path, shift: int) -> dict[str, int]:
    register = SqliteRegister(path)
    order = ENTITIES[shift:] + ENTITIES[:shift]
    return {name: register.number(P, name) for name in order}


def test_four_processes_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        answers = list(pool.map(allot, [path] * 4, (0, 10, 20, 30)))
    assert all(answer == answers[0] for answer in answers)
    assert sorted(answers[0].values()) == list(range(1, len(ENTITIES) + 1))


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    path.write_bytes(b"no database at all, but long enough to look at" * 10)
    with pytest.raises(StorageError) as refused:
        SqliteRegister(path).number(P, "sarah")
    assert "sarah" not in refused.value.sentence
