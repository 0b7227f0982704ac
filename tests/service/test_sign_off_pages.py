"""The pages of sign-off: refusals as sentences, files as files, nothing for those who may not."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.checked import Checked, recording_to_check
from tests.service.apps import Served, serve_in
from transcriber.domain.access import Principal, Role
from transcriber.domain.transcript import Quality
from transcriber.exports.release_package import unzipped
from transcriber.services.review.sign_off import sign
from transcriber.services.review.standing import standing
from transcriber.services.studies import show_study


class Desk:
    """A recording to sign, and whoever asks."""

    def __init__(
        self,
        folder: Path,
        quality: Quality = Quality.FULL,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.served: Served = serve_in(folder, environment)
        actor = self.served.somebody()
        self.checked: Checked = recording_to_check(
            self.served.store, folder, actor, quality=quality
        )
        self.actor = actor
        self.be(Role.RESEARCHER)
        self.client: TestClient = self.served.client()
        self.place = f"/studies/{self.checked.study_id}/recordings/{self.checked.recording_id}"

    def be(self, role: Role, *, is_admin: bool = False) -> None:
        roles = {self.checked.study_id: role}
        self.served.asks = Principal(self.actor, roles=roles, is_admin=is_admin)

    def release(self) -> str:
        self.checked.all_passes()
        now = standing(self.served.store, *self.checked.here)
        made = sign(self.served.store, self.actor, *self.checked.here, now.seen).release_id
        assert made is not None
        return f"/studies/{self.checked.study_id}/releases/{made}"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_is_missing_is_a_sentence_on_the_page(desk: Desk) -> None:
    shown = desk.client.get(f"{desk.place}/sign-off")
    assert "3 findings are not decided on." in shown.text
    assert "5 turns were not heard." in shown.text
    refused = desk.client.post(f"{desk.place}/sign-off", data={"seen": "0"})
    assert refused.status_code == 409
    assert 'role="alert"><p>3 findings are not decided on.' in refused.text
    stale = desk.client.post(f"{desk.place}/sign-off", data={"seen": "7"})
    assert stale.status_code == 412


def test_the_cold_read_marks_nothing_and_takes_turns(desk: Desk) -> None:
    page = desk.client.get(f"{desk.place}/read").text
    assert "<mark" not in page
    assert "And then [P01] left for [PLACE_1]." in page
    assert "Whitfield" not in page
    refused = desk.client.post(f"{desk.place}/read", data={"shown": "0" * 32})
    assert refused.status_code == 412
    desk.be(Role.DATA_MANAGER)
    assert desk.client.get(f"{desk.place}/read").status_code == 403
    desk.be(Role.ANALYST)
    assert desk.client.get(f"{desk.place}/sign-off").status_code == 403


def test_only_an_administrator_lets_a_draft_leave(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Quality.DRAFT)
    shown = desk.client.get(f"{desk.place}/sign-off").text
    assert "A draft cannot be signed" in shown
    assert "sign-off/override" not in shown
    where = f"{desk.place}/sign-off/override"
    assert desk.client.post(where, data={"reason": "deadline"}).status_code == 403
    desk.be(Role.RESEARCHER, is_admin=True)
    assert "sign-off/override" in desk.client.get(f"{desk.place}/sign-off").text
    assert desk.client.post(where, data={"reason": " "}).status_code == 400
    done = desk.client.post(where, data={"reason": "deadline"}, follow_redirects=False)
    assert done.status_code == 303
    assert "let it be signed" in desk.client.get(f"{desk.place}/sign-off").text


def test_a_copy_is_a_file_and_asks_for_somebody_who_speaks(desk: Desk) -> None:
    asked = desk.client.get(f"{desk.place}/copy").text
    assert 'value="P02"' in asked
    file = desk.client.post(f"{desk.place}/copy", data={"label": "P02", "kind": "txt"})
    assert file.headers["content-disposition"] == ('attachment; filename="copy-for-checking.txt"')
    assert "drinks" in file.text
    assert "sister" not in file.text
    nobody = desk.client.post(f"{desk.place}/copy", data={"label": "Sarah"})
    assert nobody.status_code == 400
    assert "Nobody of this name speaks" in nobody.text
    assert "Sarah" not in nobody.text


def test_an_analyst_takes_a_release_and_is_not_told_why_it_was_withdrawn(desk: Desk) -> None:
    place = desk.release()
    desk.be(Role.ANALYST)
    listed = desk.client.get(f"/studies/{desk.checked.study_id}/released").text
    assert "format=docx" in listed
    assert "Withdraw this release" not in desk.client.get(place).text
    assert desk.client.post(f"{place}/withdraw", data={"reason": "x"}).status_code == 403
    desk.be(Role.RESEARCHER)
    assert desk.client.post(f"{place}/withdraw", data={"reason": ""}).status_code == 422
    why = "Quenilla was in it"
    desk.client.post(f"{place}/withdraw", data={"reason": why})
    assert why in desk.client.get(place).text
    desk.be(Role.ANALYST)
    shown = desk.client.get(place).text
    assert "Withdrawn on" in shown
    assert why not in shown
    file = f"/api/v1{place}/file?format=txt"
    gone = desk.client.get(file)
    assert (gone.status_code, gone.json()["code"]) == (410, "withdrawn")
    assert why not in gone.text


def test_a_release_is_taken_read_and_proved_from_its_page(desk: Desk) -> None:
    release = desk.release()
    page = desk.client.get(release).text
    assert "All in one zip" in page
    assert "Provenance sheet" in page
    below = f"/api/v1{release}"
    packed = desk.client.get(f"{below}/package")
    assert packed.headers["content-disposition"] == 'attachment; filename="FG01-v1.zip"'
    address = unzipped(packed.content).digest
    assert address not in page
    assert address in desk.client.get(f"{release}?addresses").text
    for kind, start in (("html", b"<!doctype html>"), ("txt", b"FG01, how it was made")):
        sheet = desk.client.get(f"{below}/provenance?format={kind}")
        assert sheet.content.startswith(start)
        of_study = desk.client.get(
            f"/api/v1/studies/{desk.checked.study_id}/provenance?format={kind}"
        )
        assert of_study.status_code == 200
    text = desk.client.get(f"{release}/text").text
    assert 'id="p4"' in text
    assert "And then [P01] left for [PLACE_1]." in text
    assert desk.client.get(f"{below}/file?format=txt&profile=open").status_code == 404
    # Somebody who follows a link of the page gets a page, a program gets what programs read.
    follows = {"accept": "text/html", "sec-fetch-mode": "navigate"}
    told = desk.client.get(f"{below}/sound", headers=follows)
    assert (told.status_code, told.headers["content-type"]) == (409, "text/html; charset=utf-8")
    assert "No sound goes with this text" in told.text
    assert desk.client.get(f"{below}/sound").json()["code"] == "no_sound_released"


def test_what_others_would_get_is_shown_before_signing(desk: Desk) -> None:
    text = desk.client.get(f"{desk.place}/sign-off/text?profile=nothing")
    assert text.status_code == 200
    assert "My sister [PERSON_1] told me about the group." in text.text


def test_rules_say_who_else_gets_a_text(desk: Desk) -> None:
    place = f"/studies/{desk.checked.study_id}"
    sent = {"version": "1", "policy": "default", "further": ["open"]}
    assert desk.client.post(f"{place}/rules", data=sent).status_code in (200, 303)
    policies = show_study(desk.served.store, desk.checked.study_id).agreed.policies
    assert [policy.name for policy in policies] == ["default", "open"]
    assert "Open</a>: the same decisions" in desk.client.get(f"{desk.place}/sign-off").text
    release = desk.release()
    listed = desk.client.get(f"{place}/released").text
    assert "The text that was signed" in listed
    assert f"/api/v1{place}/bundle?tool=nvivo&amp;profile=open" in listed
    packed = desk.client.get(f"/api/v1{place}/bundle?tool=nvivo&profile=open")
    assert packed.status_code == 200
    headings = re.findall("<h2[^>]*>([^<]+)</h2>", desk.client.get(release).text)
    assert headings == [
        "Files by “Default”",
        "Files by “Open”",
        "For a coding tool",
        "Something in it tells who somebody is?",
        "How it was checked",
    ]
