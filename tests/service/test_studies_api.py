"""Studies through the interface: versions, repeated requests, and no word of what was sent."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.service.apps import Served, serve_in
from transcriber.domain.access import Principal, Role
from transcriber.domain.roster import Participant, Roster
from transcriber.services.studies import StudyDraft

DRAFT = StudyDraft("Breast-feeding", Roster(participants=(Participant("Sarah Whitfield"),)))
NEW = {
    "name": "Peer support",
    "policies": ["team", "open"],
    "roster": {"participants": [{"name": "Tom O'Neill", "aliases": ["Tommo"]}]},
    "terms": {
        "retention": {"sound": {"days_after_release": 30}},
        "hand_off": ["nvivo"],
        "archiving": True,
    },
}


@pytest.fixture
def served(tmp_path: Path) -> Served:
    served = serve_in(tmp_path)
    served.asks = Principal(served.somebody(), begins_studies=True)
    return served


@pytest.fixture
def client(served: Served) -> TestClient:
    return served.client()


def _member(served: Served, study_id: str, role: Role = Role.DATA_MANAGER) -> None:
    assert served.asks is not None
    served.asks = Principal(served.asks.account_id, roles={study_id: role}, begins_studies=True)


def test_a_study_is_made_and_found(served: Served, client: TestClient) -> None:
    made = client.post("/api/v1/studies", json=NEW)
    assert made.status_code == 201
    _member(served, made.json()["id"])
    shown = client.get(made.headers["location"])
    assert shown.json() == made.json()
    assert shown.headers["etag"] == '"1"'
    assert shown.json()["policies"] == ["team", "open"]
    assert shown.json()["terms"]["retention"]["sound"] == {"days_after_release": 30, "on": None}
    roster = client.get(f"{made.headers['location']}/roster").json()
    assert roster["participants"][0]["aliases"] == ["Tommo"]
    listed = client.get("/api/v1/studies").json()
    assert [study["name"] for study in listed["items"]] == ["Peer support"]


def test_who_makes_a_study_is_its_lead(served: Served, client: TestClient) -> None:
    study_id = client.post("/api/v1/studies", json=NEW).json()["id"]
    from transcriber.services.members import list_members

    (member,) = list_members(served.store, study_id)
    assert served.asks is not None
    assert (member.account.id, member.role) == (served.asks.account_id, Role.LEAD)


def test_a_change_needs_what_was_seen(served: Served, client: TestClient) -> None:
    study = served.begin(DRAFT)
    place = f"/api/v1/studies/{study.id}"
    fields = {"name": "Renamed", "policies": ["default"], "terms": {}}
    assert client.put(place, json=fields).status_code == 428
    first = client.put(place, json=fields, headers={"If-Match": '"1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    late = client.put(place, json=fields, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    for tag in ("*", 'W/"2"', '"x"', "2"):
        assert client.put(place, json=fields, headers={"If-Match": tag}).status_code == 412
    roster = {"people": ["Helen"]}
    changed = client.put(f"{place}/roster", json=roster, headers={"If-Match": '"2"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"3"')
    assert client.get(place).json()["name"] == "Renamed"


def test_a_repeated_request_makes_one_study(client: TestClient, served: Served) -> None:
    key = {"Idempotency-Key": "a-key-of-ours"}
    first = client.post("/api/v1/studies", json=NEW, headers=key)
    again = client.post("/api/v1/studies", json=NEW, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    other = client.post("/api/v1/studies", json={**NEW, "name": "Another"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    served.asks = Principal(served.somebody(), begins_studies=True)
    somebody_else = client.post("/api/v1/studies", json={**NEW, "name": "Third"}, headers=key)
    assert somebody_else.status_code == 201


def test_a_request_that_failed_may_be_sent_again(client: TestClient) -> None:
    key = {"Idempotency-Key": "a-key-of-ours"}
    assert client.post("/api/v1/studies", json=NEW).status_code == 201
    for _ in range(2):
        refused = client.post("/api/v1/studies", json=NEW, headers=key)
        assert (refused.status_code, refused.json()["code"]) == (409, "name_taken")
    changed = client.post("/api/v1/studies", json={**NEW, "name": "Other"}, headers=key)
    assert changed.status_code == 201


def test_pages_follow_one_another(served: Served, client: TestClient) -> None:
    assert served.asks is not None
    ids = [
        client.post("/api/v1/studies", json={**NEW, "name": f"Study {number}"}).json()["id"]
        for number in range(3)
    ]
    served.asks = Principal(served.asks.account_id, roles=dict.fromkeys(ids, Role.ANALYST))
    first = client.get("/api/v1/studies", params={"limit": 2}).json()
    second = client.get("/api/v1/studies", params={"limit": 2, "cursor": first["cursor"]}).json()
    assert second["cursor"] is None
    assert sorted(study["id"] for study in first["items"] + second["items"]) == sorted(ids)
    assert client.get("/api/v1/studies", params={"cursor": "nonsense"}).status_code == 400


def test_an_erased_study_is_gone(served: Served, client: TestClient) -> None:
    study = served.begin(DRAFT)
    assert client.delete(f"/api/v1/studies/{study.id}").status_code == 204
    assert client.get(f"/api/v1/studies/{study.id}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {**NEW, "name": "Zebedee" * 60},
        {**NEW, "Zebedee-field": 1},
        {**NEW, "roster": {"participants": [{"name": "Zebedee", "label": "Zebedee: [x]"}]}},
        {**NEW, "roster": {"participants": [{"name": "Zebedee"}, {"name": "zebedee"}]}},
        {**NEW, "policies": ["Zebedee"]},
        {**NEW, "roster": {"people": ["Zebedee\ud800"]}},
        {**NEW, "name": "Zebedee\x00"},
    ],
)
def test_what_is_refused_is_not_repeated(client: TestClient, body: dict[str, Any]) -> None:
    import json

    answer = client.post(
        "/api/v1/studies",
        content=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    assert 400 <= answer.status_code < 500
    assert "zebedee" not in answer.text.lower()


def test_a_consent_log_is_read_and_not_stored(client: TestClient) -> None:
    read = client.post("/api/v1/consent-log", json={"text": "Name,ID\nSarah Whitfield,P01\n,P2"})
    assert read.json()["participants"][0]["label"] == "P01"
    assert read.json()["not_understood"] == [{"line": 3, "reason": "There is no name."}]


def test_a_policy_is_shown_in_words_and_on_an_example(client: TestClient) -> None:
    policies = client.get("/api/v1/policies").json()
    assert [policy["name"] for policy in policies] == ["default", "team", "archive", "open"]
    text = "My sister Philippa lives in Leeds."
    pieces = client.post("/api/v1/policies/open/example", json={"text": text}).json()
    assert "".join(piece["said"] for piece in pieces) == text
    written = "".join(piece["written"] or piece["said"] for piece in pieces)
    assert "Philippa" not in written
    assert "Leeds" not in written
    sample = client.post("/api/v1/policies/team/example", json={}).json()
    assert "[P03]" in [piece["written"] for piece in sample]
    assert client.post("/api/v1/policies/mine/example", json={}).status_code == 404
