"""The pages and the interface on which an identifier is reported, looked at and told of."""

from pathlib import Path

import pytest

from tests.checked import recording_to_check
from tests.service.signing import signed_looking
from tests.service.test_sightings import NAMES, TOLD
from tests.service.test_sign_off_pages import Desk
from transcriber.domain.access import Role


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.checked = recording_to_check(
        desk.served.store, tmp_path, desk.actor, lines=TOLD, names=NAMES
    )
    desk.be(Role.RESEARCHER)
    return desk


def test_an_analyst_reports_a_number_and_a_reviewer_recalls(desk: Desk) -> None:
    study = f"/studies/{desk.checked.study_id}"
    release = signed_looking(desk.checked)
    desk.be(Role.ANALYST)
    page = desk.client.get(f"{study}/releases/{release}").text
    assert "Please do not write the name down" in page
    refused = desk.client.post(f"{study}/releases/{release}/seen", data={"paragraph": "Marguerite"})
    assert "no paragraph of this number" in refused.text
    done = desk.client.post(f"{study}/releases/{release}/seen", data={"paragraph": "3"})
    assert "Reported. A reviewer looks at the paragraph." in done.text
    asked = f"/api/v1{study}/releases/{release}/identifier-seen"
    same = desk.client.post(asked, json={"paragraph": 3})
    assert same.status_code == 201
    assert desk.client.post(asked, json={"paragraph": 30}).status_code == 422
    assert desk.client.post(asked, json={"paragraph": 3, "name": "x"}).status_code == 422
    seen = f"{study}/seen/{same.json()['id']}"
    assert desk.client.get(seen).status_code == 403

    desk.be(Role.REVIEWER)
    assert "1 report of an identifier waits" in desk.client.get(f"{study}/released").text
    assert "nobody has looked yet" in desk.client.get(f"{study}/seen").text
    assert "Marguerite" in desk.client.get(seen).text
    nothing = desk.client.post(seen, data={"then": "recall"})
    assert nothing.status_code == 422
    assert "Choose the words" in nothing.text
    recalled = desk.client.post(seen, data={"word": ["1"], "kind": "PERSON"}).text
    assert "1 release was recalled" in recalled
    assert "marked, to be checked again" in recalled
    assert "Marguerite" not in recalled
    again = desk.client.post(seen, data={"word": ["1"], "kind": "PERSON"})
    assert "Somebody has answered this report already." in again.text
    assert desk.client.get(f"{seen}/note").status_code == 403

    desk.be(Role.DATA_MANAGER)
    listed = desk.client.get(f"/api/v1{study}/identifiers-seen").json()
    assert [each["identifies"] for each in listed] == [True]
    text = " ".join(desk.client.get(f"{seen}/note?format=txt").text.split())
    assert "paragraph 3" in text
    assert "Kind of identifier: people" in text
    assert "read on its page" in text
    page = desk.client.get(f"/api/v1{study}/identifiers-seen/{listed[0]['id']}/note").text
    for note in (text, page):
        assert "Marguerite" not in note
        assert "recalled" in note


def test_a_report_that_identifies_nobody_recalls_nothing(desk: Desk) -> None:
    study = f"/studies/{desk.checked.study_id}"
    release = signed_looking(desk.checked)
    reported = desk.client.post(f"{study}/releases/{release}/seen", data={"paragraph": "1"})
    assert "Reported." in reported.text
    desk.be(Role.LEAD)
    seen = desk.client.get(f"/api/v1{study}/identifiers-seen").json()[0]["id"]
    done = desk.client.post(f"{study}/seen/{seen}", data={"then": "nobody"}).text
    assert "identifies nobody" in done
    assert "Nothing was recalled." in desk.client.get(f"{study}/seen/{seen}/note?format=txt").text
    assert desk.client.get(f"/api/v1{study}/releases/{release}/file").status_code == 200
