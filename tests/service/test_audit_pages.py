"""The audit as people read it and take it away."""

import csv
import io
import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.service.people import gather
from transcriber.domain.access import Principal, Role
from transcriber.domain.audit import Action
from transcriber.exports.audit_words import DONE, GROUPS
from transcriber.services.audit import Wanted, find_events, record_use
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.web.app import make_app


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("audit")
    return open_store(load_settings({"TRANSCRIBER_HOME": str(folder)}))


@pytest.fixture(scope="module")
def place(store: Store) -> tuple[TestClient, str]:
    people = gather(store)
    client = TestClient(make_app(store), base_url="https://testserver")
    client.headers.update(people.headers[Role.DATA_MANAGER])
    for number in range(120):
        who = Principal("a" * 32)
        record_use(store, who, Action.PLAYED, people.study_id, f"{number:032x}")
    return client, people.study_id


def test_every_action_has_words_and_one_group() -> None:
    assert set(DONE) == set(Action)
    grouped = [action for _, actions in GROUPS.values() for action in actions]
    assert sorted(grouped) == sorted(Action)


def test_a_study_shows_its_own_events_in_words_and_in_pages(place: tuple[TestClient, str]) -> None:
    client, study_id = place
    page = client.get(f"/studies/{study_id}/audit").text
    assert page.count('<td data-label="Did what">listened</td>') == 100
    older = client.get(f"/studies/{study_id}/audit", params={"what": "played", "before": "100"})
    assert "listened" in older.text
    others = client.get(f"/studies/{study_id}/audit", params={"what": "others"}).text
    assert "made somebody a member of the study" in others
    assert '<td data-label="Did what">listened</td>' not in others
    assert "made an account" not in others


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"first_day": "2000-01-01", "last_day": "2000-01-02"}, 200),
        ({"what": "erased"}, 200),
        ({"who": "b" * 32}, 200),
        ({"first_day": "soon"}, 422),
        ({"last_day": "9999-12-31"}, 422),
    ],
)
def test_what_is_asked_for_is_shown_and_nothing_else(
    place: tuple[TestClient, str], asked: dict[str, str], status: int
) -> None:
    client, study_id = place
    answer = client.get(f"/studies/{study_id}/audit", params=asked)
    assert answer.status_code == status
    assert "Nothing of that kind" in answer.text


def test_a_file_has_ids_only_in_both_forms_and_is_itself_on_record(
    store: Store, place: tuple[TestClient, str]
) -> None:
    client, study_id = place
    address = f"/api/v1/studies/{study_id}/audit/file"
    rows = list(csv.DictReader(io.StringIO(client.get(address).text)))
    lines = client.get(address, params={"format": "jsonl"}).text.splitlines()
    records = [json.loads(line) for line in lines]
    assert [int(row["number"]) for row in rows] == [one["number"] for one in records][: len(rows)]
    assert rows[0]["action"] == "study_created"
    assert {row["study_id"] for row in rows} == {study_id}
    assert "Feeding" not in "".join(lines)
    assert records[-1]["action"] == "audit_exported"
    newest = find_events(store, Wanted(study_id), limit=1)
    assert newest[0].event.action == Action.AUDIT_EXPORTED
    none = client.get(address, params={"to_ms": 0}).text.splitlines()
    assert len(none) == 1
