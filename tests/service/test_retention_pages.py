"""The page and the interface of a study's retention, as people and programs meet them."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.contract.test_destroying import ALL_SOON
from tests.contract.test_destroying import Desk as Destroyed
from tests.service.apps import Served, serve_in
from transcriber.domain.access import Role
from transcriber.domain.retention import Retention, Rule
from transcriber.domain.study_terms import StudyTerms
from transcriber.services.studies import show_study


class Desk:
    """A study with rules, asked about by its data manager."""

    def __init__(self, folder: Path) -> None:
        self.served: Served = serve_in(folder)
        self.kept = Destroyed(self.served.store, ALL_SOON)
        self.study_id = self.kept.study.id
        self.served.be(Role.DATA_MANAGER, self.study_id)
        self.client: TestClient = self.served.client()
        self.page = f"/studies/{self.study_id}"
        self.api = f"/api/v1/studies/{self.study_id}/retention"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_is_due_is_told_with_day_and_code(desk: Desk) -> None:
    shown = desk.client.get(f"{desk.page}/retention").text
    assert "The sound of 2 recordings, 2 named transcripts" in shown
    assert "the key of who is who" in shown
    for planted in (desk.kept.one, desk.kept.other):
        assert planted.texts[2].decode() in shown
    due = desk.client.get(desk.api).json()["due"]
    assert [each["what"] for each in due].count("sound") == 2
    assert all(not each["held"] for each in due)


def test_the_page_of_the_study_warns_days_before(desk: Desk) -> None:
    assert "will be destroyed as you promised" not in desk.client.get(desk.page).text
    study = show_study(desk.served.store, desk.study_id)
    terms = StudyTerms(retention=Retention(sound=Rule(days_after_release=5)))
    with desk.served.store.database.write() as connection:
        agreed = replace(study.agreed, terms=terms)
        desk.served.store.studies.agree(connection, study, agreed)
    shown = desk.client.get(desk.page).text
    assert "The sound of 2 recordings will be destroyed as you promised" in shown
    desk.client.post(desk.api + "/holds", json={"reason": "A complaint is open"})
    assert "will be destroyed as you promised" not in desk.client.get(desk.page).text


def test_a_hold_is_placed_and_lifted_with_its_reason(desk: Desk) -> None:
    refused = desk.client.post(f"{desk.page}/retention/holds", data={"reason": " "})
    assert (refused.status_code, "The reason is empty" in refused.text) == (422, True)
    made = desk.client.post(
        desk.api + "/holds",
        json={"recording_id": desk.kept.one.recording_id, "reason": "A complaint is open"},
    )
    assert made.status_code == 204
    shown = desk.client.get(f"{desk.page}/retention").text
    assert "A complaint is open" in shown
    assert "held" in shown
    state = desk.client.get(desk.api).json()
    assert sum(each["held"] for each in state["due"]) == 3
    (hold,) = state["holds"]
    assert desk.client.delete(f"{desk.api}/holds/{hold['id']}").status_code == 204
    assert desk.client.delete(f"{desk.api}/holds/{hold['id']}").status_code == 404
    (lifted,) = desk.client.get(desk.api).json()["holds"]
    assert lifted["lifted_at_ms"] is not None
    stranger = desk.client.post(
        desk.api + "/holds", json={"recording_id": "0" * 32, "reason": "A complaint"}
    )
    assert stranger.status_code == 404


def test_a_recording_under_hold_is_not_erased(desk: Desk) -> None:
    desk.client.post(desk.api + "/holds", json={"reason": "A complaint is open"})
    place = f"/api/v1/studies/{desk.study_id}/recordings/{desk.kept.one.recording_id}"
    refused = desk.client.delete(place)
    assert (refused.status_code, refused.json()["code"]) == (409, "held")
    assert desk.client.get(place).status_code == 200


def test_after_all_is_gone_pages_say_so_and_the_certificate_tells_what(desk: Desk) -> None:
    early = desk.client.put(desk.api + "/assessment", json={"grounds": "Nobody"})
    assert (early.status_code, early.json()["code"]) == (409, "not_destroyed")
    desk.kept.purge(31)
    place = f"{desk.page}/recordings/{desk.kept.one.recording_id}"
    shown = desk.client.get(place).text
    assert "were destroyed as the study promised" in shown
    desk.served.be(Role.RESEARCHER, desk.study_id)
    gone = desk.client.get(f"{place}/review", headers={"accept": "text/html"})
    assert (gone.status_code, "were destroyed as the study promised" in gone.text) == (410, True)
    sound = desk.client.get(f"/api/v1{place}/audio")
    assert (sound.status_code, sound.json()["code"]) == (410, "sound_destroyed")
    desk.served.be(Role.DATA_MANAGER, desk.study_id)
    listed = desk.client.get(f"{desk.page}/retention").text
    assert "Sound of a recording" in listed
    assert "Nothing is destroyed by itself" in listed
    text = desk.client.get(desk.api + "/certificate").text
    for sought in ("CERTIFICATE OF DESTRUCTION", desk.kept.one.recording_id, "SHA-256 of key"):
        assert sought in text
    page = desk.client.post(f"{desk.page}/retention/certificate").text
    for planted in (desk.kept.one, desk.kept.other):
        assert planted.texts[2].decode() not in text + page
    assessed = desk.client.post(
        f"{desk.page}/retention/assessment", data={"grounds": "Two of us tried\r\nfor an hour"}
    )
    assert "Two of us tried for an hour" in assessed.text
