"""Checking through the interface: state, decisions, undo, history, what others change, names."""

import json
from pathlib import Path

import pytest

from tests.reviewed import POLICY, add_words
from tests.service.apps import Served, serve_in
from tests.stores import Stored
from transcriber.domain.access import Principal, Role
from transcriber.domain.audit import Action
from transcriber.domain.roster import Roster
from transcriber.services.review.state import review_of
from transcriber.storage.blobs.store import open_blobs
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.studies import Agreed
from transcriber.storage.ids import new_id
from transcriber.storage.keys.master_key import KeyFile


class Checking:
    """A study of two recordings that can be checked, and a reviewer who asks."""

    def __init__(self, folder: Path) -> None:
        self.served: Served = serve_in(folder)
        store = self.served.store
        settings = store.settings
        stored = Stored(store.database, open_blobs(settings.blobs), KeyFile(settings.key_file))
        self.study = stored.study(agreed=Agreed(Roster(), (POLICY,)))
        self.ids = []
        for content in "ab":
            recording = stored.recording(self.study, content)
            add_words(store, self.study, recording.id, recording.recording.code)
            self.ids.append(recording.id)
        self.ada, self.ben = self.served.somebody(), self.served.somebody()
        self.be(self.ada)
        self.client = self.served.client()
        self.place = f"/api/v1/studies/{self.study.id}"
        self.review = f"{self.place}/recordings/{self.ids[0]}/review"
        words = review_of(store, self.study.id, self.ids[0]).transcript.words
        self.tom = next(word.id for word in words if word.text.startswith("Tom"))

    def be(self, account_id: str, role: Role = Role.REVIEWER) -> None:
        self.served.asks = Principal(account_id, roles={self.study.id: role})

    def decide(self, kind: str, seen: int = 0, batch: str | None = None, **more: str) -> int:
        edit = {"kind": kind, "first": self.tom, "last": self.tom, **more}
        body = {"edits": [edit], "seen": seen, "batch_id": batch or new_id()}
        self.answer = self.client.post(f"{self.review}/decisions", json=body)
        return self.answer.status_code

    def state(self) -> str:
        findings = self.client.get(self.review).json()["findings"]
        return next(str(each["state"]) for each in findings if each["text"] == "Tom")


@pytest.fixture
def checking(tmp_path: Path) -> Checking:
    return Checking(tmp_path)


def test_the_state_tells_words_turns_and_findings_and_that_it_was_seen(checking: Checking) -> None:
    state = checking.client.get(checking.review).json()
    assert state["number"] == 0
    assert [turn["first"] for turn in state["turns"]][:2] == [0, 7]
    assert state["words"]["text"][7:10] == ["That", "was", "Sarah"]
    assert {finding["state"] for finding in state["findings"]} == {"proposed"}
    with checking.served.store.database.read() as connection:
        assert [event.action for _, event in events(connection)][-1] == Action.VIEWED


def test_a_decision_is_kept_once_and_undone_and_done_again(checking: Checking) -> None:
    batch = new_id()
    for _ in range(2):
        assert checking.decide("finding_rejected", batch=batch) == 200
        assert checking.answer.json()["number"] == 1
    assert checking.state() == "rejected"
    for way, state in (("undo", "proposed"), ("redo", "rejected")):
        answer = checking.client.post(
            f"{checking.review}/{way}", json={"seen": 1, "batch_id": new_id()}
        )
        assert answer.status_code == 200
        assert len(answer.json()["turns"]) == 1
        assert checking.state() == state
    history = checking.client.get(f"{checking.review}/history").json()
    assert [entry["origin"] for entry in history] == ["redo", "undo", "person"]
    assert history[0]["by"] == "Ada"


def test_others_are_told_and_not_overruled(checking: Checking) -> None:
    assert checking.decide("finding_rejected") == 200
    checking.be(checking.ben)
    assert checking.decide("finding_accepted") == 409
    assert checking.answer.json()["code"] == "changed_meanwhile"
    changes = checking.client.get(f"{checking.review}/changes", params={"since": 0}).json()
    assert changes["number"] == 1
    assert [entry["by"] for entry in changes["events"]] == ["Ada"]
    assert checking.decide("finding_accepted", seen=changes["number"]) == 200


@pytest.mark.parametrize(
    ("edit", "status"),
    [
        ({"kind": "found_again", "first": "w1", "last": "w1", "found": []}, 422),
        ({"kind": "finding_rejected", "first": "w999", "last": "w999"}, 400),
        ({"kind": "vanished"}, 422),
    ],
)
def test_what_does_not_fit_is_refused(
    checking: Checking, edit: dict[str, object], status: int
) -> None:
    body = {"edits": [edit], "seen": 0, "batch_id": new_id()}
    answer = checking.client.post(f"{checking.review}/decisions", json=body)
    assert answer.status_code == status
    assert checking.client.get(checking.review).json()["number"] == 0


def test_whoever_may_not_read_reviews_nothing(checking: Checking) -> None:
    checking.be(checking.ben, Role.ANALYST)
    assert checking.client.get(checking.review).status_code == 403
    assert checking.decide("finding_rejected") == 403


def test_a_name_is_decided_for_the_study_and_never_taken_out_again(checking: Checking) -> None:
    entities = checking.client.get(f"{checking.place}/entities").json()
    tom = next(entity for entity in entities if entity["name"] == "Tom")
    assert (tom["mentions"], len(tom["recordings"])) == (2, 2)
    body = {
        "entity_type": "PERSON",
        "entity": tom["entity"],
        "verdict": "reject",
        "never_redact": "Tom",
    }
    made = checking.client.post(f"{checking.place}/entities/decisions", json=body)
    assert made.status_code == 200
    assert checking.state() == "rejected"
    with checking.served.store.database.read() as connection:
        study = checking.served.store.studies.get(connection, checking.study.id)
    assert study is not None
    assert study.agreed.roster.keep == ("Tom",)
    undone = checking.client.post(f"{checking.place}/entities/decisions/{made.json()['id']}/undo")
    assert undone.status_code == 204
    assert checking.state() == "proposed"
    body["entity"] = "nobody at all"
    assert (
        checking.client.post(f"{checking.place}/entities/decisions", json=body).status_code == 404
    )


def test_the_first_recording_comes_first(checking: Checking) -> None:
    assert checking.client.get(f"{checking.place}/first-recording").json() is None
    assert checking.client.get(checking.review).status_code == 200
    other = f"{checking.place}/recordings/{checking.ids[1]}/review"
    refused = checking.client.get(other)
    assert refused.status_code == 409
    assert refused.json()["code"] == "first_recording_first"
    assert "Ada is at it" in refused.json()["detail"]
    refused = checking.client.post(f"{checking.place}/first-recording/confirm")
    assert refused.json()["code"] == "names_undecided"
    last = len(checking.client.get(checking.review).json()["words"]["id"]) - 1
    checking.decide("finding_accepted", first="w0", last=f"w{last}")
    learnt = checking.client.post(f"{checking.place}/first-recording/confirm").json()
    assert "Sarah Whitfield" in learnt["names"]
    assert checking.client.get(other).status_code == 200
    assert checking.client.get(f"{checking.place}/first-recording").json()["confirmed"]


def test_nothing_of_what_was_said_is_in_the_audit(checking: Checking) -> None:
    checking.decide("noted", text="Is Tom the brother")
    with checking.served.store.database.read() as connection:
        told = json.dumps([str(event) for _, event in events(connection)])
    assert "Tom" not in told
