"""What is recorded is never computed again, and what it depends on decides whether it holds."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import CountingRegister, FakeDiariser, FakeRecogniser, fake_engines
from transcriber.domain.edit import Edit, FindingRejected
from transcriber.domain.errors import Defect, EngineFailed
from transcriber.domain.finding import Action, EntityType
from transcriber.domain.policy import Policy, Style
from transcriber.domain.recording import Kind, Recording, SpeakerCount
from transcriber.domain.roster import Roster
from transcriber.pipeline import ALIGN, PSEUDONYMISE, STAGES, Engines, Job, Work, run
from transcriber.storage.folder_journal import FolderJournal

POLICY = Policy(
    "test",
    Style.LABEL,
    {EntityType.PERSON: Action.REPLACE, EntityType.LOCATION: Action.REPLACE},
)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    recording = Recording("INT01", "study", Kind.INDIVIDUAL, "0" * 64)
    return Job(recording, tmp_path / "none.wav", Roster(), POLICY)


@pytest.fixture
def engines() -> Engines:
    return fake_engines()


def go(job: Job, engines: Engines, folder: Path) -> Work:
    work = Work(job, engines, CountingRegister(), FolderJournal(folder))
    run(work, (ALIGN, PSEUDONYMISE), lambda *_: None)
    return work


def recognised(engines: Engines) -> int:
    assert isinstance(engines.recogniser, FakeRecogniser)
    return engines.recogniser.calls


def diarised(engines: Engines) -> int:
    assert isinstance(engines.diariser, FakeDiariser)
    return engines.diariser.calls


def test_a_recording_becomes_a_redacted_transcript(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    result = go(job, engines, tmp_path / "j").of(PSEUDONYMISE)
    assert [(turn.label, turn.text) for turn in result.redacted.turns] == [
        ("S1", "we met [PERSON_1] at the"),
        ("S2", "clinic in [PLACE_1] last spring"),
    ]


def test_a_second_run_computes_nothing(job: Job, engines: Engines, tmp_path: Path) -> None:
    first = go(job, engines, tmp_path / "j").of(PSEUDONYMISE)
    second = go(job, engines, tmp_path / "j").of(PSEUDONYMISE)
    assert first == second
    assert (recognised(engines), diarised(engines)) == (1, 1)


def test_results_survive_writing_and_reading(job: Job, engines: Engines, tmp_path: Path) -> None:
    work = go(job, engines, tmp_path / "j")
    run(work, STAGES, lambda *_: None)
    for stage in STAGES:
        assert stage.decode(stage.encode(work.results[stage.name])) == work.results[stage.name]


def test_a_new_policy_does_not_recognise_again(job: Job, engines: Engines, tmp_path: Path) -> None:
    go(job, engines, tmp_path / "j")
    narrower = replace(job, policy=Policy("n", Style.LABEL, {EntityType.PERSON: Action.REPLACE}))
    result = go(narrower, engines, tmp_path / "j").of(PSEUDONYMISE)
    assert "leeds" in result.redacted.turns[1].text
    assert recognised(engines) == 1


def test_another_speaker_count_diarises_again_but_does_not_recognise_again(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    go(job, engines, tmp_path / "j")
    more = replace(job, recording=replace(job.recording, speakers=SpeakerCount(2, 4)))
    go(more, engines, tmp_path / "j")
    assert (recognised(engines), diarised(engines)) == (1, 2)


def test_another_recording_starts_from_nothing(job: Job, engines: Engines, tmp_path: Path) -> None:
    go(job, engines, tmp_path / "j")
    other = replace(job, recording=replace(job.recording, source_sha256="1" * 64))
    go(other, engines, tmp_path / "j")
    assert recognised(engines) == 2


def test_deleted_samples_are_not_missed_while_words_and_turns_are_recorded(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    go(job, engines, tmp_path / "j")
    FolderJournal(tmp_path / "j").forget_samples()
    go(job, engines, tmp_path / "j")
    assert recognised(engines) == 1


def test_a_decision_reaches_the_redacted_transcript(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    work = go(job, engines, tmp_path / "j")
    (name,) = [word.id for word in work.of(ALIGN).words if word.text == "sarah"]
    edits: tuple[Edit, ...] = (FindingRejected(name, name),)
    result = go(replace(job, edits=edits), engines, tmp_path / "j").of(PSEUDONYMISE)
    assert result.redacted.turns[0].text == "we met sarah at the"


def test_when_diarisation_fails_the_words_are_kept(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    class Broken(FakeDiariser):
        def diarise(self, *_: object) -> tuple[()]:
            raise EngineFailed("broken", "It broke.")

    with pytest.raises(EngineFailed):
        go(job, replace(engines, diariser=Broken()), tmp_path / "j")
    go(job, engines, tmp_path / "j")
    assert recognised(engines) == 1


def test_a_defect_is_told_without_what_it_happened_to() -> None:
    try:
        int("Sarah Whitfield")
    except ValueError as error:
        defect = Defect.of(error)
    assert "Sarah" not in defect.sentence
    assert "ValueError at test_pipeline.py:" in defect.sentence
