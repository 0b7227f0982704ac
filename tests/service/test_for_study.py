"""Decisions for a whole study, sent by a page: made once, however often they arrive."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.checked_study import Written, write_recording
from tests.service.apps import Served, serve_in
from transcriber.domain.access import Role
from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState
from transcriber.services.review.entities import study_entities
from transcriber.services.review.state import review_of
from transcriber.services.studies import StudyDraft, show_study
from transcriber.storage.ids import new_id
from transcriber.web.pages.review.shown import entity_key

PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
LEEDS = entity_key(EntityType.LOCATION, "leeds")


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve_in(tmp_path)


@pytest.fixture
def written(served: Served) -> Written:
    return write_recording(served.store, served.begin(StudyDraft("Peer support"), Role.LEAD))


def browser(served: Served) -> TestClient:
    client = served.client()
    client.headers.update(PAGE)
    return client


def number(served: Served, written: Written) -> int:
    return review_of(served.store, written.study_id, written.recording_id).number


@pytest.mark.parametrize(
    "meant",
    [
        {"verdict": "reject"},
        {"verdict": "change", "new_type": "ORGANISATION", "replacement": "[CLUB]"},
    ],
)
def test_the_review_page_sends_it_again_where_no_answer_came(
    served: Served, written: Written, meant: dict[str, str]
) -> None:
    client = browser(served)
    at = f"/studies/{written.study_id}/recordings/{written.recording_id}/review"
    assert client.get(at).status_code == 200
    entity = {"kind": "entity", "key": LEEDS, **meant}
    body = {"seen": 0, "batch": new_id(), "entity": entity, "keep": meant["verdict"] == "reject"}
    answers = [client.post(f"{at}/for-study", json=body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert {answer.json()["number"] for answer in answers} == {1}
    assert number(served, written) == 1
    keep = show_study(served.store, written.study_id).agreed.roster.keep
    assert keep == (("Leeds",) if body["keep"] else ())


def test_a_button_of_the_names_page_pressed_twice_decides_once(
    served: Served, written: Written
) -> None:
    client = browser(served)
    place = f"/studies/{written.study_id}/names-found"
    batches = re.findall(r'name="batch" value="([0-9a-f]{32})"', client.get(place).text)
    assert len(batches) == len(set(batches)) == 3  # Sarah, Whitfield and Leeds
    sent = {"entity": LEEDS, "does": "accept", "batch": batches[0]}
    for _ in range(2):
        assert client.post(place, data=sent, follow_redirects=False).status_code == 303
    assert number(served, written) == 1


def test_all_of_which_the_machine_is_sure_are_accepted_together_once(
    served: Served, written: Written
) -> None:
    client = browser(served)
    place = f"/studies/{written.study_id}/names-found"
    page = client.get(place).text
    assert "Take out these 3" in page
    keys = re.findall(r'name="entities" value="([0-9a-f]+)"', page)
    for _ in range(2):
        answer = client.post(f"{place}/accept", data={"entities": keys}, follow_redirects=False)
        assert answer.status_code == 303
    assert number(served, written) == 3
    entities = study_entities(served.store, written.study_id)
    assert {state for one in entities for state in one.states} == {FindingState.ACCEPTED}
    assert "Take out these" not in client.get(place).text


def test_a_name_never_taken_out_is_taken_out_again_once_that_is_taken_back(
    served: Served, written: Written
) -> None:
    client = browser(served)
    at = f"/studies/{written.study_id}/recordings/{written.recording_id}/review"
    entity = {"kind": "entity", "key": LEEDS, "verdict": "reject"}
    decision = new_id()
    body = {"seen": 0, "batch": decision, "entity": entity, "keep": True}
    assert client.post(f"{at}/for-study", json=body).status_code == 200
    taken_back = {"seen": 1, "batch": new_id(), "decision": decision}
    answers = [client.post(f"{at}/for-study/undo", json=taken_back) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200] * 2
    assert number(served, written) == 2
    assert show_study(served.store, written.study_id).agreed.roster.keep == ()
    states = {
        judged.state
        for judged in review_of(served.store, written.study_id, written.recording_id).findings
    }
    assert states == {FindingState.PROPOSED}
    unknown = {**taken_back, "decision": new_id()}
    assert client.post(f"{at}/for-study/undo", json=unknown).status_code == 409
