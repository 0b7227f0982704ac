"""The pages and the interface on which echoes of what was withdrawn are decided."""

from pathlib import Path

import pytest

from tests.checked import recording_to_check
from tests.service.test_echoes import GROUP, NAMES, note
from tests.service.test_sign_off_pages import Desk
from transcriber.domain.access import Role
from transcriber.domain.echo import Echo, Ground
from transcriber.services.withdrawal.echoes import note_echoes
from transcriber.storage.ids import new_id


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.checked = recording_to_check(
        desk.served.store, tmp_path, desk.actor, lines=GROUP, names=NAMES
    )
    desk.place = f"/studies/{desk.checked.study_id}/recordings/{desk.checked.recording_id}"
    desk.be(Role.REVIEWER)
    return desk


def test_a_study_without_a_withdrawal_says_so(desk: Desk) -> None:
    study = f"/studies/{desk.checked.study_id}"
    assert "No echoes" in desk.client.get(f"{study}/echoes").text
    assert "participant withdrew" not in desk.client.get(f"{study}/checking").text
    assert desk.client.get(f"/api/v1{study}/echoes").json() == []


def test_each_is_decided_on_the_page_of_the_study(desk: Desk) -> None:
    study = f"/studies/{desk.checked.study_id}"
    note(desk.checked, new_id())
    for page in (study, f"{study}/checking"):
        assert "2 passages of others may repeat" in desk.client.get(page).text
    page = desk.client.get(f"{study}/echoes").text
    assert "2 passages to decide on" in page
    assert "Twins, and in a lighthouse!" in page
    assert "It shares 2 words with what they said." in page
    assert "It mentions them." in page
    listed = desk.client.get(f"/api/v1{study}/echoes")
    assert "lighthouse" not in listed.text
    first, second = listed.json()
    assert (first["ground"], first["shared"], first["state"]) == ("repeats", 2, "open")
    assert f'{desk.place}/review#turn-{first["first"]}"' in page

    decided = desk.client.post(f"{study}/echoes/{first['id']}", data={"verdict": "withhold"}).text
    assert "1 passage to decide on" in decided
    assert "undo that on the page of checking" in decided
    refused = desk.client.post(f"{study}/echoes/{first['id']}", data={"verdict": "leave"})
    assert refused.status_code == 409
    assert "This passage is withheld." in refused.text
    asked = f"/api/v1{study}/echoes/{second['id']}"
    left = desk.client.put(asked, json={"verdict": "leave"}).json()
    assert left["state"] == "left"
    assert left["decided_at_ms"] is not None
    assert "Nothing is left to decide." in desk.client.get(f"{study}/echoes").text
    assert desk.client.put(asked, json={"verdict": "erase"}).status_code == 422
    nobodys = f"{study}/echoes/{new_id()}"
    assert desk.client.put(f"/api/v1{nobodys}", json={"verdict": "leave"}).status_code == 404
    assert desk.client.post(nobodys, data={"verdict": "leave"}).status_code == 404


def test_they_stand_beside_the_talk_and_on_the_page_for_signing(desk: Desk) -> None:
    study = f"/studies/{desk.checked.study_id}"
    note(desk.checked, new_id())
    beside = desk.client.get(f"{desk.place}/review/pleas").text
    assert "May repeat what was withdrawn" in beside
    assert "Quenilla Brown is so brave." in beside
    desk.be(Role.RESEARCHER)
    missing = desk.client.get(f"{desk.place}/sign-off").text
    assert "2 passages may repeat what a participant withdrew." in missing
    for each in desk.client.get(f"/api/v1{study}/echoes").json():
        desk.client.post(f"{study}/echoes/{each['id']}", data={"verdict": "leave"})
    assert "withdrawn" not in desk.client.get(f"{desk.place}/review/pleas").text
    assert "participant withdrew" not in desk.client.get(f"{desk.place}/sign-off").text


def test_words_that_are_gone_are_told_as_such(desk: Desk) -> None:
    gone = Echo("no-such-word", "nor-this-one", Ground.REFERS, 0)
    with desk.served.store.database.write() as connection:
        note_echoes(connection, new_id(), desk.checked.recording_id, [gone])
    page = desk.client.get(f"/studies/{desk.checked.study_id}/echoes").text
    assert "not in the transcript any more" in page
    assert "It refers back to what was said." in page
    assert "Withhold it" not in page
    assert "Words that are not in the transcript any more" in (
        desk.client.get(f"{desk.place}/review/pleas").text
    )


def test_whoever_only_sees_releases_sees_none_of_it(desk: Desk) -> None:
    study = f"/studies/{desk.checked.study_id}"
    note(desk.checked, new_id())
    desk.be(Role.ANALYST)
    assert desk.client.get(f"{study}/echoes").status_code == 403
    assert desk.client.get(f"/api/v1{study}/echoes").status_code == 403
    desk.be(Role.DATA_MANAGER)
    assert desk.client.get(f"{study}/echoes").status_code == 403
    assert len(desk.client.get(f"/api/v1{study}/echoes").json()) == 2
