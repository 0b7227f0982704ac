"""A withdrawal as the page, the interface and the command line offer it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.checked import Checked
from tests.service.people import signed_in
from tests.service.signing import signed
from tests.withdrawing import NAME, SAID_ALONE, SAID_IN_GROUP, Withdrawn, study_to_withdraw_from
from transcriber.cli import main
from transcriber.domain.errors import StorageError
from transcriber.domain.retention import BY_HAND, Retention, Rule
from transcriber.domain.study_terms import StudyTerms
from transcriber.exports.rights.withdrawal import KEY_WARNING
from transcriber.services.retention.keeping import place_hold
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.studies import show_study
from transcriber.services.withdrawal import withdraw as steps
from transcriber.services.withdrawal.withdraw import finish_withdrawals
from transcriber.storage.database.studies import Agreed
from transcriber.web.app import make_app

pytestmark = pytest.mark.slow

NOBODY = "Nobody on the roster or in the talk of this study has this label."


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Withdrawn:
    home = tmp_path / "home"
    monkeypatch.setenv("TRANSCRIBER_HOME", str(home))
    return study_to_withdraw_from(
        open_store(load_settings({"TRANSCRIBER_HOME": str(home)})), tmp_path
    )


@pytest.fixture
def client(study: Withdrawn) -> TestClient:
    client = TestClient(make_app(study.store), base_url="https://testserver")
    client.headers.update(signed_in(study.store, study.actor_id))
    return client


def api(study: Withdrawn, rest: str = "") -> str:
    return f"/api/v1/studies/{study.study_id}/withdrawals{rest}"


def page(study: Withdrawn, rest: str = "") -> str:
    return f"/studies/{study.study_id}/withdrawal{rest}"


def shown(client: TestClient, study: Withdrawn) -> dict[str, Any]:
    answer = client.get(api(study, "/preview"), params={"label": ["P01"]})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_programs_see_a_preview_send_its_stamp_and_get_a_receipt(
    study: Withdrawn, client: TestClient
) -> None:
    told = shown(client, study)
    assert {each["fate"] for each in told["recordings"]} == {"erased", "taken_out"}
    body = {"labels": ["P01"], "stamp": told["stamp"]}
    done = client.post(api(study), json=body)
    assert done.status_code == 201
    receipt = done.json()
    assert receipt["finished_at_ms"] is not None
    assert client.get(api(study)).json() == [receipt]
    assert client.get(api(study, f"/{receipt['id']}")).json() == receipt
    again = client.post(api(study), json=body)
    assert again.status_code in (404, 412)


def test_what_was_not_shown_is_refused(study: Withdrawn, client: TestClient) -> None:
    stale = client.post(api(study), json={"labels": ["P01"], "stamp": "0" * 64})
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")
    nobody = client.get(api(study, "/preview"), params={"label": "P77"})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "no_such_participant")
    missing = client.get(api(study, "/" + "0" * 32))
    assert missing.status_code == 404


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_the_receipt_is_a_file_that_names_nobody(
    study: Withdrawn, client: TestClient, kind: str
) -> None:
    body = {"labels": ["P01"], "stamp": shown(client, study)["stamp"]}
    receipt = client.post(api(study), json=body).json()
    file = client.get(api(study, f"/{receipt['id']}/receipt"), params={"format": kind})
    assert file.status_code == 200
    assert receipt["id"] in file.text
    assert "What could not be erased" in file.text
    for private in (NAME, SAID_ALONE, SAID_IN_GROUP, "P01"):
        assert private not in file.text


def test_the_page_shows_it_and_asks_for_the_label_before_it_does_it(
    study: Withdrawn, client: TestClient
) -> None:
    assert page(study) in client.get(f"/studies/{study.study_id}/data-protection").text
    assert NAME in client.get(page(study)).text
    preview = client.post(page(study, "/preview"), data={"who": "p01"}).text
    assert "Erased whole" in preview
    stamp = re.search(r'name="stamp" value="([0-9a-f]{64})"', preview)
    assert stamp is not None
    form = {"who": "P01", "stamp": stamp[1], "typed": "P02"}
    refused = client.post(page(study), data=form)
    assert refused.status_code == 422
    assert "This is not the label" in refused.text
    done = client.post(page(study), data=form | {"typed": "p01"}, follow_redirects=False)
    assert done.status_code == 303
    assert "Receipt of a withdrawal" in client.get(done.headers["location"]).text
    assert NAME not in client.get(page(study)).text


def test_recordings_that_stay_say_that_something_was_taken_out(
    study: Withdrawn, client: TestClient
) -> None:
    def recording(checked: Checked, rest: str = "") -> str:
        place = f"/studies/{study.study_id}/recordings/{checked.recording_id}"
        return client.get(place + rest).text

    assert "A participant withdrew" not in recording(study.group)
    client.post(api(study), json={"labels": ["P01"], "stamp": shown(client, study)["stamp"]})
    assert "A participant withdrew" in recording(study.group)
    assert "A participant withdrew" not in recording(study.other)
    history = recording(study.group, "/review/history")
    assert "Counted as heard and read where a contribution was withdrawn." in history
    assert "1970" not in history


def test_a_preview_that_a_hold_stands_in_the_way_of_says_so_first_and_offers_nothing(
    study: Withdrawn, client: TestClient
) -> None:
    group = study.group.recording_id
    place_hold(study.store, study.actor_id, study.study_id, group, "A complaint is open")
    preview = client.post(page(study, "/preview"), data={"who": "P01"}).text
    assert "It cannot be done now" in preview
    assert f"A legal hold stands on {study.code(study.group)}" in preview
    assert f"/studies/{study.study_id}/retention#holds" in preview
    assert "Take out all that is theirs" not in preview


def test_the_page_says_who_is_not_there(study: Withdrawn, client: TestClient) -> None:
    refused = client.post(page(study, "/preview"), data={"who": "P77"})
    assert refused.status_code == 422
    assert NOBODY in refused.text
    assert client.post(page(study), data={"who": "P77", "typed": "P77"}).status_code == 422


def test_the_command_line_shows_it_first_and_does_it_with_yes(
    study: Withdrawn, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["study", "withdraw", study.name, "--participant", "P01"]
    assert main([*words, "--dry-run"]) == 0
    assert "Erased whole" in capsys.readouterr().out
    assert main(words) == 1
    assert "Nothing was changed" in capsys.readouterr().out
    assert main(["study", "withdraw", study.name, "--participant", "P77", "--yes"]) == 2
    assert NOBODY in capsys.readouterr().err
    assert main([*words, "--yes", "--json"]) == 0
    receipt = json.loads(capsys.readouterr().out)
    assert receipt["finished_at_ms"] is not None
    assert show_study(study.store, study.study_id).agreed.roster.names == ("Tom Greenwood",)


def test_whoever_is_about_to_destroy_the_key_is_warned(
    study: Withdrawn, client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    place = f"/studies/{study.study_id}"
    assert KEY_WARNING in client.get(f"{place}/promises").text
    assert KEY_WARNING not in client.get(f"{place}/retention").text
    terms = StudyTerms(retention=Retention(BY_HAND, BY_HAND, Rule(days_after_release=1)))
    with study.store.database.write() as connection:
        kept = show_study(study.store, study.study_id)
        agreed = Agreed(kept.agreed.roster, kept.agreed.policies, terms)
        study.store.studies.agree(connection, kept, agreed)
    for each in (study.told, study.other):  # the key is due once all is released
        each.all_passes()
        signed(each)
    assert KEY_WARNING in client.get(f"{place}/retention").text
    main(["purge", "--dry-run"])
    assert KEY_WARNING in " ".join(capsys.readouterr().out.split())


def test_one_that_does_not_go_on_says_so_wherever_it_is_looked_at(
    study: Withdrawn, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("disk_full", "The disk is full.")

    body = {"labels": ["P01"], "stamp": shown(client, study)["stamp"]}
    with monkeypatch.context() as broken:
        broken.setattr(steps, "_one_recording", full)
        assert client.post(api(study), json=body).json()["code"] == "disk_full"
    (receipt,) = client.get(api(study)).json()
    assert receipt["finished_at_ms"] is None
    assert receipt["stopped"]["by"] == "disk_full"
    assert "does not go on" in client.get(page(study)).text
    told = client.get(page(study, f"/{receipt['id']}")).text
    assert "The disk is full. It goes on by itself once there is room." in told
    other = client.get(api(study, "/preview"), params={"label": ["P02"]}).json()
    waits = client.post(api(study), json={"labels": ["P02"], "stamp": other["stamp"]})
    assert (waits.status_code, waits.json()["code"]) == (409, "withdrawal_running")
    assert "The disk is full." in waits.json()["detail"]
    assert finish_withdrawals(study.store) == 1
    assert client.get(api(study, f"/{receipt['id']}")).json()["stopped"] is None
    assert "does not go on" not in client.get(page(study)).text
