"""What is recorded is never computed again, and what it depends on decides whether it holds."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import FakeDetector, FakeDiariser, FakeRecogniser, fake_engines
from tests.memory_register import MemoryRegister
from transcriber.cli.terminal import DOING
from transcriber.domain.edit import Edit, FindingRejected
from transcriber.domain.errors import Defect, EngineFailed
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.policy import NerKind, NerModel, Policy, Style
from transcriber.domain.recording import Kind, Recording, Source, SpeakerCount
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Diarisation
from transcriber.pipeline import ALIGN, PSEUDONYMISE, STAGES, Engines, Job, Work, run
from transcriber.pipeline.result import from_record, to_record
from transcriber.storage.folder_journal import FolderJournal

POLICY = Policy(
    "test",
    Style.LABEL,
    {EntityType.PERSON: Action.REPLACE, EntityType.LOCATION: Action.REPLACE},
)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    recording = Recording("INT01", "study", Kind.INDIVIDUAL, ("0" * 64,))
    source = tmp_path / "none.wav"
    source.write_bytes(b"decoded by a fake")
    return Job(recording, (source,), Roster(), (POLICY,))


@pytest.fixture
def engines() -> Engines:
    return fake_engines()


def go(job: Job, engines: Engines, folder: Path) -> Work:
    work = Work(job, engines, MemoryRegister(), FolderJournal(folder))
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
    (result,) = go(job, engines, tmp_path / "j").of(PSEUDONYMISE)
    assert [(turn.label, turn.text) for turn in result.redacted.turns] == [
        ("P01", "we met [PERSON_1] at the"),
        ("P02", "clinic in [PLACE_1] last spring"),
    ]


def test_a_second_run_computes_nothing(job: Job, engines: Engines, tmp_path: Path) -> None:
    first = go(job, engines, tmp_path / "j").of(PSEUDONYMISE)
    second = go(job, engines, tmp_path / "j").of(PSEUDONYMISE)
    assert first == second
    assert (recognised(engines), diarised(engines)) == (1, 1)


def test_results_survive_writing_and_reading(job: Job, engines: Engines, tmp_path: Path) -> None:
    work = go(job, engines, tmp_path / "j")
    run(work, STAGES, lambda *_: None)
    for stage in [stage for stage in STAGES if Source.SOUND in stage.of]:
        result = work.results[stage.name]
        record = to_record(stage.result, result, 7, work.journal.workspace)
        assert str(tmp_path).encode() not in record.result
        assert from_record(stage.result, record, work.journal.workspace) == result


def test_a_new_policy_does_not_recognise_again(job: Job, engines: Engines, tmp_path: Path) -> None:
    go(job, engines, tmp_path / "j")
    policy = Policy("n", Style.LABEL, {EntityType.PERSON: Action.REPLACE})
    narrower = replace(job, policies=(policy,))
    (result,) = go(narrower, engines, tmp_path / "j").of(PSEUDONYMISE)
    assert "leeds" in result.redacted.turns[1].text
    assert recognised(engines) == 1


def test_a_model_that_is_added_detects_again_but_does_not_recognise_again(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    go(job, replace(engines, detectors=(Blind(),)), tmp_path / "j")
    (result,) = go(job, engines, tmp_path / "j").of(PSEUDONYMISE)
    assert result.findings == ()
    added = replace(POLICY, models=(NerModel(NerKind.SPACY, "a"),))
    (result,) = go(replace(job, policies=(added,)), engines, tmp_path / "j").of(PSEUDONYMISE)
    assert [finding.text for finding in result.findings] == ["sarah", "leeds"]
    assert recognised(engines) == 1


class Blind(FakeDetector):
    def detect(self, *_: object) -> list[Finding]:
        return []


def test_another_speaker_count_diarises_again_but_does_not_recognise_again(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    go(job, engines, tmp_path / "j")
    more = replace(job, recording=replace(job.recording, speakers=SpeakerCount(2, 4)))
    go(more, engines, tmp_path / "j")
    assert (recognised(engines), diarised(engines)) == (1, 2)


def test_another_recording_starts_from_nothing(job: Job, engines: Engines, tmp_path: Path) -> None:
    go(job, engines, tmp_path / "j")
    other = replace(job, recording=replace(job.recording, parts_sha256=("1" * 64,)))
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
    (result,) = go(replace(job, edits=edits), engines, tmp_path / "j").of(PSEUDONYMISE)
    assert result.redacted.turns[0].text == "we met sarah at the"


class Broken(FakeDiariser):
    def diarise(self, *_: object) -> Diarisation:
        raise EngineFailed("broken", "It broke.")


def test_when_diarisation_fails_there_is_a_transcript_without_speakers(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    work = go(job, replace(engines, diariser=Broken()), tmp_path / "j")
    assert work.failures["diarise"].code == "broken"
    turns = work.of(PSEUDONYMISE)[0].redacted.turns
    assert [(turn.label, len(turn.tokens)) for turn in turns] == [("UNK", 10)]
    assert work.of(ALIGN).provenance["diarisation"] == {"engine": "fake", "failed": "broken"}


def test_what_rests_on_a_failure_is_not_recorded(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    go(job, replace(engines, diariser=Broken()), tmp_path / "j")
    work = go(job, engines, tmp_path / "j")
    assert work.failures == {}
    assert [turn.label for turn in work.of(PSEUDONYMISE)[0].redacted.turns] == ["P01", "P02"]
    assert recognised(engines) == 1


def test_a_roster_that_grows_does_not_recognise_again(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    go(job, engines, tmp_path / "j")
    more = replace(job, roster=Roster(people=("Sarah",)))
    go(more, engines, tmp_path / "j")
    assert recognised(engines) == 1


def test_a_defect_is_told_without_what_it_happened_to() -> None:
    try:
        int("Sarah Whitfield")
    except ValueError as error:
        defect = Defect.of(error)
    assert "Sarah" not in defect.sentence
    assert "ValueError at test_pipeline.py:" in defect.sentence


def test_every_stage_has_words_for_people() -> None:
    assert {stage.name for stage in STAGES} == set(DOING)
