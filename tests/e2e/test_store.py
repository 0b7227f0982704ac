"""Keys, erasing and the doctor, as somebody types the commands."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.stores import Stored
from transcriber.cli import main
from transcriber.services.settings import load_settings
from transcriber.services.store_health import StoreHealth, store_health
from transcriber.storage.blobs.store import open_blobs
from transcriber.storage.database.upgrade import open_database
from transcriber.storage.keys.master_key import KeyFile, MasterKeys, new_master_key


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder of one's own."""
    monkeypatch.setenv("TRANSCRIBER_HOME", str(tmp_path))
    for name in ("CONFIG", "DATABASE_URL", "BROKER_URL", "BLOB_URL"):
        monkeypatch.delenv(f"TRANSCRIBER_{name}", raising=False)
    return tmp_path


@pytest.fixture
def stored(home: Path) -> Stored:
    """A study with two recordings in that folder."""
    assert main(["key", "init"]) == 0
    store = Stored(
        open_database(f"sqlite:///{home / 'transcriber.sqlite'}"),
        open_blobs((home / "blobs").as_uri()),
        KeyFile(home / "keys" / "master.key"),
    )
    study = store.study()
    store.recording(study, "a")
    store.recording(study, "b")
    return store


def health(*, thorough: bool = True) -> StoreHealth | None:
    return store_health(load_settings(), lambda done, total: None, thorough=thorough)


def files(home: Path) -> list[Path]:
    return [path for path in (home / "blobs").rglob("*") if path.is_file()]


def test_a_key_is_made_once_and_changed(
    stored: Stored, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["key", "init"]) == 1
    assert "already" in capsys.readouterr().err
    before = stored.key_file.read().current
    assert main(["key", "rotate"]) == 0
    after = stored.key_file.read().current
    assert after != before
    told = capsys.readouterr().out
    assert after.id in told
    assert main(["key", "status", "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert status == {
        "key_id": after.id,
        "former": 0,
        "wrapping": {"current": 3, "former": 0},
        "settled": True,
    }
    assert main(["key", "status"]) == 0
    assert "opens everything" in capsys.readouterr().out
    found = health()
    assert found is not None
    assert found.is_whole


def test_secrets_are_not_printed(stored: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = [stored.key_file.read().current.secret]
    for command in (["key", "rotate"], ["key", "status"], ["key", "status", "--json"]):
        main(command)
    secrets.append(stored.key_file.read().current.secret)
    told = capsys.readouterr()
    text = stored.key_file.path.read_text()
    for secret in secrets:
        assert secret.hex() not in told.out + told.err
    assert text.splitlines()[1].split()[1] not in told.out + told.err


def test_without_its_key_a_store_is_told_and_not_touched(
    stored: Stored, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aside = home / "aside.key"
    stored.key_file.path.rename(aside)
    assert main(["key", "status"]) == 1
    assert "master key" in capsys.readouterr().err
    assert main(["key", "init"]) == 1
    assert "Put the file of their key back" in capsys.readouterr().err
    assert not stored.key_file.path.exists()
    found = health()
    assert found is not None
    assert not found.is_whole
    aside.rename(stored.key_file.path)
    found = health()
    assert found is not None
    assert found.is_whole


def test_another_key_is_told_from_an_unfinished_rotation(
    stored: Stored, capsys: pytest.CaptureFixture[str]
) -> None:
    stored.key_file.write(MasterKeys(new_master_key()))
    assert main(["key", "status"]) == 1
    assert "another master key" in capsys.readouterr().err


def test_an_erased_recording_is_gone_and_the_other_stays(
    stored: Stored, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    erase = ["recording", "erase", "FG01", "--study", "Breast-feeding"]
    with pytest.raises(SystemExit) as refused:
        main(erase)  # without --yes
    assert refused.value.code == 2
    assert len(files(home)) == 2
    assert main([*erase, "--yes"]) == 0
    assert len(files(home)) == 1
    assert main([*erase, "--yes"]) == 2
    assert "no recording of that code" in capsys.readouterr().err
    assert main(["study", "erase", "breast-feeding", "--yes"]) == 0
    assert files(home) == []
    found = health()
    assert found is not None
    assert found.is_whole


@pytest.mark.parametrize("thorough", [True, False])
def test_the_doctor_finds_what_is_lost(stored: Stored, home: Path, thorough: bool) -> None:
    found = health(thorough=thorough)
    assert found is not None
    assert found.is_whole
    assert found.advice == ()
    files(home)[0].unlink()
    found = health(thorough=thorough)
    assert found is not None
    assert not found.is_whole
    assert "1 of 2 stored files are missing" in found.advice[0].sentence


def test_looking_does_not_change_an_older_database(stored: Stored, home: Path) -> None:
    with stored.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    found = health()
    assert found is not None
    assert "older version" in found.advice[0].sentence
    assert not list(home.glob("*.before-upgrade"))
