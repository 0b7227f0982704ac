"""The page and the interface of destinations, and the command that hands over by hand."""

import json
from pathlib import Path

import pytest

from tests.service.test_sign_off_pages import Desk
from transcriber.cli import main
from transcriber.domain.access import Role
from transcriber.services.hand_off.bring import hand_off_due


def test_a_data_manager_chooses_a_place_within_what_it_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    share, config = tmp_path / "share", tmp_path / "own.yaml"
    share.mkdir()
    config.write_text(f"hand_off: {{folders: ['{share}']}}\n")
    monkeypatch.setenv("TRANSCRIBER_CONFIG", str(config))
    monkeypatch.setenv("TRANSCRIBER_HOME", str(tmp_path))
    desk = Desk(tmp_path)
    page = f"/studies/{desk.checked.study_id}/hand-off"
    desk.be(Role.LEAD)
    assert "Ask IT to allow" in desk.client.get(page).text

    desk = Desk(tmp_path, environment={"TRANSCRIBER_CONFIG": str(config)})
    study = f"/studies/{desk.checked.study_id}"
    page = f"{study}/hand-off"
    release = desk.release()
    desk.be(Role.DATA_MANAGER)
    refused = desk.client.post(page, data={"address": "/etc"})
    assert refused.status_code == 422
    assert "may not be brought there" in refused.text
    added = desk.client.post(page, data={"address": str(share / "late"), "preset": "nvivo"}).text
    assert "1 on the way" in added
    assert hand_off_due(desk.served.store) == 0
    failed = desk.client.get(page).text
    assert "The folder is not there. Its drive may not be connected." in failed
    listed = desk.client.get(f"/api/v1{study}/destinations").json()
    assert (listed[0]["failed"], listed[0]["failure_code"]) == (1, "folder_missing")
    (share / "late").mkdir()
    desk.client.post(f"{page}/{listed[0]['id']}/retry")
    assert hand_off_due(desk.served.store) == 1
    assert "1 delivery" in desk.client.get(page).text
    assert str(share) in desk.client.get(page).text
    again = {"address": str(share / "late"), "preset": "nvivo"}
    assert desk.client.post(f"/api/v1{study}/destinations", json=again).status_code == 409
    gone = desk.client.delete(f"/api/v1{study}/destinations/{listed[0]['id']}")
    assert gone.status_code == 204
    assert "Releases go nowhere by themselves." in desk.client.get(page).text

    (by_hand := tmp_path / "by-hand").mkdir()
    with desk.served.store.database.read() as connection:
        known = desk.served.store.studies.get(connection, desk.checked.study_id)
    assert known is not None
    for _ in range(2):
        given = ["study", "hand-off", known.name, "--to", str(by_hand), "--json"]
        assert main(given) == 0
        (lying,) = json.loads(capsys.readouterr().out)
        assert lying["release_id"] == release.rpartition("/")[2]
        assert [path.name for path in by_hand.iterdir()] == [lying["file_name"]]
    assert main(["study", "hand-off", known.name, "--to", str(tmp_path / "none")]) == 1
    assert "The folder of the destination is not there." in capsys.readouterr().err
