"""purge, backup and restore, as they are typed."""

import json
import shutil
from pathlib import Path

import pytest

from tests.contract.test_destroying import ALL_SOON, Desk
from transcriber.cli import main
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    home = tmp_path / "home"
    monkeypatch.setenv("TRANSCRIBER_HOME", str(home))
    return Desk(open_store(load_settings({"TRANSCRIBER_HOME": str(home)})), ALL_SOON)


def test_a_dry_run_tells_days_and_a_look_destroys_nothing_yet(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["purge", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert desk.study.name in shown
    assert "2 recordings' sound, 2 named transcripts, 1 key of who is who" in shown
    assert main(["purge", "--study", desk.study.name, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["destroyed"] == []
    assert [due["what"] for due in told["planned"][0]["due"]].count("sound") == 2
    assert main(["purge", "--study", "No such study"]) == 2


def test_a_backup_is_put_back_on_another_machine(
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    backup = tmp_path / "backup"
    assert main(["backup", "--out", str(backup), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == 10
    code = desk.one.texts[2].decode()
    assert main(["recording", "erase", code, "--study", desk.study.name, "--yes"]) == 0
    there = tmp_path / "there"
    shutil.copytree(tmp_path / "home" / "keys", there / "keys")
    monkeypatch.setenv("TRANSCRIBER_HOME", str(there))
    assert main(["restore", str(backup)]) == 0
    assert "without what was erased" in capsys.readouterr().out
    assert main(["restore", str(backup)]) == 2
    assert "stored here already" in capsys.readouterr().err
    store = open_store(load_settings({"TRANSCRIBER_HOME": str(there)}))
    with store.database.read() as connection:
        study = store.studies.named(connection, desk.study.name)
        assert study is not None
        recordings = store.recordings.all(connection, study)
    assert [each.id for each in recordings] == [desk.other.recording_id]
