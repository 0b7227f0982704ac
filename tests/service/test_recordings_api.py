"""Recordings through the interface: listed, retried, erased, and what was made of them."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.releases import release_bytes
from tests.service.apps import Served, serve_in
from tests.stores import POLICY, ROSTER
from transcriber.domain.access import Role
from transcriber.domain.recording import Kind
from transcriber.domain.transcript import Quality
from transcriber.exports.formats import FORMATS
from transcriber.pipeline.order import State
from transcriber.sample import sample_audio
from transcriber.services.studies import StudyDraft
from transcriber.services.submit import Submission, submit
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.job_steps import settle
from transcriber.storage.database.releases import add_release
from transcriber.storage.database.tables import STEP

DRAFT = StudyDraft("Breast-feeding", ROSTER, ("team",))
assert POLICY


class Kept:
    """A study with one recording on which a job waits."""

    def __init__(self, folder: Path) -> None:
        self.served: Served = serve_in(folder)
        self.study = self.served.begin(DRAFT)
        submission = Submission((sample_audio(),), Kind.GROUP)
        made = submit(self.served.store, self.study, submission)
        self.recording_id, self.job_id = made.stored.id, made.job_id
        self.place = f"/api/v1/studies/{self.study.id}/recordings/{made.stored.id}"
        self.client = self.served.client()

    def be(self, role: Role) -> None:
        asks = self.served.asks
        assert asks is not None
        self.served.be(role, self.study.id)

    def fail(self, stage: str) -> None:
        with self.served.store.database.write() as connection:
            connection.execute(
                update(STEP)
                .where(STEP.c.job_id == self.job_id, STEP.c.stage == stage)
                .values(state=State.FAILED, failure_code="no_sound", failure_sentence="No sound.")
            )
            settle(connection, self.job_id)

    def release(self) -> str:
        """Release a text as the recording's transcript and return the release's id."""
        store = self.served.store
        with store.database.read() as connection:
            key = store.keyring.recording(connection, self.recording_id)
        with store.blobs.staged() as staged:
            blob = staged.put_bytes(key, self.recording_id, Purpose.RELEASE, release_bytes())
            words = staged.put_bytes(key, self.recording_id, Purpose.RESULT, b"{}")
            with store.database.write() as connection:
                add_blobs(connection, [blob, words])
                transcript = store.transcripts.add(
                    connection, self.recording_id, Quality.FULL, words
                )
                return add_release(connection, transcript.id, blob, None).id

    def audited(self) -> list[str]:
        with self.served.store.database.read() as connection:
            return [event.action for _, event in events(connection)]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_recordings_are_listed_by_state(kept: Kept) -> None:
    place = f"/api/v1/studies/{kept.study.id}/recordings"
    (listed,) = kept.client.get(place).json()["items"]
    assert (listed["code"], listed["state"], listed["kind"]) == ("FG01", "waiting", "group")
    assert kept.client.get(kept.place).json() == listed
    assert kept.client.get(place, params={"state": ["failed", "ready"]}).json()["items"] == []
    assert kept.client.get(place, params={"state": "waiting"}).json()["items"] == [listed]
    assert kept.client.get(place, params={"state": "sleeping"}).status_code == 422
    counts = kept.client.get(f"/api/v1/studies/{kept.study.id}/recording-counts")
    assert counts.json() == {"waiting": 1}


def test_a_failure_is_told_and_taken_up_again(kept: Kept) -> None:
    assert kept.client.post(f"{kept.place}/retry").json()["code"] == "nothing_to_retry"
    kept.fail("ingest")
    shown = kept.client.get(kept.place).json()
    assert (shown["state"], shown["failure"]) == (
        "failed",
        {"code": "no_sound", "sentence": "No sound."},
    )
    retried = kept.client.post(f"{kept.place}/retry")
    assert (retried.status_code, retried.json()["state"]) == (200, "waiting")
    assert "job_retried" in kept.audited()


def test_what_was_stopped_is_stopped_once(kept: Kept) -> None:
    assert kept.client.post(f"{kept.place}/cancel").json()["state"] == "cancelled"
    again = kept.client.post(f"{kept.place}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "job_ended")


def test_a_recording_goes_before_others(kept: Kept) -> None:
    answer = kept.client.put(f"{kept.place}/priority", json={"priority": "high"})
    assert answer.status_code == 204
    with kept.served.store.database.read() as connection:
        assert set(connection.execute(select(STEP.c.priority)).scalars()) == {1}


def test_an_erased_recording_is_gone(kept: Kept) -> None:
    assert kept.client.delete(kept.place).status_code == 204
    assert kept.client.get(kept.place).status_code == 404
    assert kept.client.delete(kept.place).status_code == 404
    assert not list(kept.served.store.blobs.place.listed())


def test_nothing_is_shown_before_it_is_there(kept: Kept) -> None:
    kept.be(Role.REVIEWER)
    for what in ("transcript", "findings"):
        answer = kept.client.get(f"{kept.place}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")


def test_an_analyst_downloads_releases_and_reaches_nothing_else(kept: Kept) -> None:
    release_id = kept.release()
    kept.be(Role.ANALYST)
    place = f"/api/v1/studies/{kept.study.id}/releases"
    (release,) = kept.client.get(place).json()["items"]
    assert (release["id"], release["code"], release["number"]) == (release_id, "FG01", 1)
    file = kept.client.get(f"{place}/{release_id}/file")
    told = json.loads(file.content)
    assert told["release"].pop("number") == 1
    assert told == json.loads(release_bytes())
    assert file.headers["content-disposition"] == 'attachment; filename="FG01-v1.json"'
    text = kept.client.get(f"{place}/{release_id}/file", params={"format": "txt"})
    assert text.text == "checked by a person - release 1\n\nP01: hello\n"
    for key, each in FORMATS.items():
        made = kept.client.get(f"{place}/{release_id}/file", params={"format": key})
        assert made.headers["content-type"] == each.media_type
        assert made.headers["content-disposition"].endswith(f'"FG01-v1.{key}"')
        assert made.content
    refused = kept.client.get(f"{place}/{release_id}/file?format=exe")
    assert refused.json()["code"] == "format_not_served"
    assert kept.audited()[-1] == "exported"
    for what in ("", "/transcript", "/findings", "/sound", "/progress-now"):
        assert kept.client.get(f"{kept.place}{what}").status_code == 403


def test_a_release_of_another_study_is_not_there(kept: Kept) -> None:
    release_id = kept.release()
    other = kept.served.begin(StudyDraft("Other"))
    answer = kept.client.get(f"/api/v1/studies/{other.id}/releases/{release_id}/file")
    assert answer.status_code == 404


def test_progress_is_told_once(kept: Kept) -> None:
    told = kept.client.get(f"{kept.place}/progress-now").json()
    assert (told["state"], told["fraction"], told["eta"]) == ("waiting", 0.0, None)


def test_an_administrator_sees_the_service_and_no_study(kept: Kept) -> None:
    from transcriber.domain.access import Principal

    assert kept.client.get("/api/v1/service/state").status_code == 403
    kept.served.asks = Principal("b" * 32, is_admin=True)
    state = kept.client.get("/api/v1/service/state").json()
    assert state["stored_bytes"] == sample_audio().stat().st_size
    assert {queue["name"]: queue["ready"] for queue in state["queues"]}["cpu"] == 1
    assert kept.client.get(kept.place).status_code == 404
