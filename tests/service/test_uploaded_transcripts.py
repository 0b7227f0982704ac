"""Transcripts that people bring go through the store like recordings."""

import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import fake_engines
from tests.service.apps import Served, serve_in
from tests.service.tus import Answer, Tus
from transcriber.bootstrap import build_detectors
from transcriber.domain.access import Role
from transcriber.domain.errors import UsageError
from transcriber.domain.roster import Participant, Roster
from transcriber.engines.presidio.anonymiser import PresidioAnonymiser
from transcriber.pipeline import LABEL, PSEUDONYMISE, READ, REVIEW_COPY
from transcriber.pipeline.order import State
from transcriber.services.jobs import job_by_id
from transcriber.services.policy_file import load_policies
from transcriber.services.recording_files import Writing
from transcriber.services.settings import QUEUES
from transcriber.services.step_work import StepWorker
from transcriber.services.study_run import Export, export
from transcriber.services.submit import study_for
from transcriber.storage.database.studies import Study
from transcriber.storage.scratch import Scratch
from transcriber.storage.study_folder import StudyFolder

VTT = b"""WEBVTT

00:00:01.000 --> 00:00:03.000
<v Zebedee Quillfeather>And how did you meet Sarah?</v>

00:00:03.000 --> 00:00:05.000
<v Jo Marsh>Zebedee, it was in leeds.</v>
"""


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve_in(tmp_path / "store")


@pytest.fixture
def study(served: Served) -> Study:
    roster = Roster(participants=(Participant("Jo Marsh", "P07"),))
    study = study_for(served.store, "Study", roster, load_policies(["default"]))
    served.be(Role.RESEARCHER, study.id)
    return study


@pytest.fixture
def tus(served: Served, study: Study) -> Tus:
    return Tus(served.client(), study.id)


@pytest.fixture
def work(served: Served, tmp_path: Path) -> Callable[[], StepWorker]:
    """Do all steps there are, and return the worker that did them."""
    engines = replace(fake_engines(), detectors=build_detectors(), anonymiser=PresidioAnonymiser())
    worker = StepWorker(served.store, Scratch(tmp_path / "scratch"), lambda _: engines)

    def done() -> StepWorker:
        while any(worker.work(queue) for queue in QUEUES):
            pass
        return worker

    return done


def added(tus: Tus, *files: tuple[str, bytes], **wanted: Any) -> Answer:
    ids = [tus.sent(data, name) for name, data in files]
    wanted = {"kind": "individual", "uploads": ids, **wanted}
    return tus.client.post(f"/api/v1/studies/{tus.study_id}/recordings", json=wanted)


def steps(served: Served, answer: Answer) -> dict[str, State]:
    assert answer.status_code == 201, answer.text
    state = job_by_id(served.store, answer.json()["job_id"]).state
    return {step.stage: step.state for step in state.steps}


def test_a_transcript_is_read_searched_and_pseudonymised(
    served: Served, tus: Tus, work: Callable[[], StepWorker]
) -> None:
    answer = added(tus, ("Interview with Jo.vtt", VTT))
    worker = work()
    assert steps(served, answer) == dict.fromkeys(
        ("read", "label", "detect", "propagate", "pseudonymise"), State.DONE
    )
    with worker.finished(answer.json()["job_id"], (READ, LABEL, PSEUDONYMISE)) as done:
        transcript, (made,) = done.of(LABEL), done.of(PSEUDONYMISE)
        raw = done.of(READ)
    assert transcript.text == "And how did you meet Sarah?\nZebedee, it was in leeds."
    assert [word.text for word in raw.words if word.speaker == "S2"][:2] == ["Zebedee,", "it"]
    assert (raw.words[0].start_ms, raw.words[-1].end_ms) == (1000, 5000)
    assert [speaker.label for speaker in transcript.speakers][1] == "P07"
    redacted = " ".join(turn.text for turn in made.redacted.turns)
    for name in ("Zebedee", "Quillfeather", "Jo", "Marsh", "leeds"):
        assert name not in redacted
        assert all(name not in turn.label for turn in made.redacted.turns)


def test_a_transcript_with_its_sound_has_both(
    served: Served, tus: Tus, work: Callable[[], StepWorker], tmp_path: Path
) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(b"\1\0" * 16_000)
    answer = added(tus, ("words.vtt", VTT), ("talk.wav", path.read_bytes()))
    worker = work()
    found = steps(served, answer)
    assert set(found.values()) == {State.DONE}
    assert {"ingest", "read", "review_copy", "sound_check"} <= set(found)
    assert {"transcribe", "diarise", "align"}.isdisjoint(found)
    with worker.finished(answer.json()["job_id"], (REVIEW_COPY, LABEL)) as done:
        assert done.of(LABEL).words[0].text == "And"
        assert done.of(REVIEW_COPY).path.exists()


def test_a_document_without_times_keeps_its_order(
    served: Served, tus: Tus, work: Callable[[], StepWorker]
) -> None:
    text = "Interviewer: How are you?\nP1: Fine.\nInterviewer: Good.\nP1: Yes.\n"
    answer = added(tus, ("typed.txt", text.encode()))
    worker = work()
    with worker.finished(answer.json()["job_id"], (LABEL,)) as done:
        transcript = done.of(LABEL)
    assert transcript.text == "How are you?\nFine.\nGood.\nYes."
    assert len(transcript.speakers) == 2
    assert {word.end_ms for word in transcript.words} == {0}


def test_the_files_of_a_heard_recording_are_not_written_of_it(
    tus: Tus, work: Callable[[], StepWorker], tmp_path: Path
) -> None:
    answer = added(tus, ("words.vtt", VTT))
    worker, to = work(), Export(StudyFolder(tmp_path / "out"), Writing())
    with pytest.raises(UsageError, match="a transcript that was brought"):
        export(worker, answer.json()["job_id"], to, Path("FG01"))
    assert list((tmp_path / "out").rglob("*.docx")) == []


def test_what_cannot_be_read_is_told_at_once_and_deleted(served: Served, tus: Tus) -> None:
    answer = added(tus, ("Quillfeather.vtt", b"WEBVTT\n\n"))
    assert (answer.status_code, answer.json()["code"]) == (422, "empty")
    answer = added(tus, ("Quillfeather.docx", b"PK\x03\x04" + bytes(600)))
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_docx")
    assert "Quillfeather" not in answer.text
    assert list(served.store.blobs.place.listed()) == []


def test_a_recording_has_one_transcript(tus: Tus) -> None:
    answer = added(tus, ("a.vtt", VTT), ("b.txt", b"Interviewer: Yes."))
    assert (answer.status_code, answer.json()["code"]) == (400, "two_transcripts")
