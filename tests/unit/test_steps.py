"""Step by step, in any order and in any workspace, a job gives what one run gives."""

import random
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeRecogniser, FakeSpeechDetector, fake_engines
from tests.memory_register import MemoryRegister
from tests.unit.test_pipeline import POLICY, Broken
from transcriber.domain.errors import EngineFailed, TranscriberError
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio, Kind, Recording, Source
from transcriber.domain.roster import Roster
from transcriber.pipeline import (
    PSEUDONYMISE,
    TRANSCRIBE,
    Engines,
    Job,
    Stage,
    Work,
    run,
)
from transcriber.pipeline import (
    STAGES as ALL_STAGES,
)
from transcriber.pipeline.order import State, job_state, resting_on, unlocked
from transcriber.pipeline.result import from_record
from transcriber.pipeline.step import (
    STAGE_NAMED,
    WHOLE,
    Given,
    bring,
    do_part,
    mark_of,
    merge_parts,
    part_count,
)
from transcriber.stages import transcribe
from transcriber.storage.folder_journal import FolderJournal

STAGES = tuple(stage for stage in ALL_STAGES if Source.SOUND in stage.of)
"""Those of a recording that is heard."""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    source = tmp_path / "none.wav"
    source.write_bytes(b"decoded by a fake")
    recording = Recording("INT01", "study", Kind.INDIVIDUAL, ("0" * 64,))
    return Job(recording, (source,), Roster(), (POLICY,))


class Steps:
    """Takes the steps of one job in a random order, each in a workspace of its own."""

    def __init__(self, job: Job, engines: Engines, folder: Path, seed: int = 0) -> None:
        self.job = job
        self.engines = engines
        self.folder = folder
        self.random = random.Random(seed)
        self.register = MemoryRegister()
        self.states = {stage.name: State.WAITING for stage in STAGES}
        self.left: dict[str, Given | TranscriberError] = {}
        self.files: dict[str, bytes] = {}
        self.fanned_out: dict[str, int] = {}
        self.taken = 0

    def go(self) -> State:
        while ready := unlocked(self.states):
            self.take(self.random.choice(ready))
        return job_state(self.states)

    def take(self, name: str) -> None:
        stage = STAGE_NAMED[name]
        work = self.work()
        mark = self.recall(stage, work)
        count = self.fanned_out[name] = part_count(stage, work)
        try:
            if count:
                parts: dict[int, Given] = {}
                for part in self.random.sample(range(1, count + 1), count):
                    elsewhere = self.work()
                    its_mark = self.recall(stage, elsewhere)
                    parts[part] = Given(its_mark, do_part(stage, part, elsewhere, lambda *_: None))
                record = merge_parts(stage, mark, [parts[n] for n in sorted(parts)], work)
            else:
                record = do_part(stage, WHOLE, work, lambda *_: None)
        except EngineFailed as error:
            self.left[name], self.states[name] = error, State.FAILED
            return
        self.left[name], self.states[name] = Given(mark, record), State.DONE
        for file in record.files:
            self.files[file] = (work.journal.workspace / file).read_bytes()

    def recall(self, stage: Stage[Any], work: Work) -> str:
        left = {needed.name: self.left[needed.name] for needed in stage.needs_for(Source.SOUND)}
        marks = {n: one.fingerprint if isinstance(one, Given) else one for n, one in left.items()}
        records = {n: one.record if isinstance(one, Given) else one for n, one in left.items()}
        bring(stage.needs, work, records)
        return mark_of(stage, work, marks)

    def work(self) -> Work:
        self.taken += 1
        journal = FolderJournal(self.folder / str(self.taken))
        for file, data in self.files.items():
            (journal.workspace / file).write_bytes(data)
        return Work(self.job, self.engines, self.register, journal)

    def result(self, name: str) -> object:
        left = self.left[name]
        assert isinstance(left, Given)
        return from_record(STAGE_NAMED[name].result, left.record, self.folder)


def in_one_run(job: Job, engines: Engines, folder: Path) -> Work:
    work = Work(job, engines, MemoryRegister(), FolderJournal(folder))
    run(work, STAGES, lambda *_: None)
    return work


class PausingDetector(FakeSpeechDetector):
    """Hears the same talk with a pause that no region reaches over."""

    def speech(self, audio: Audio) -> tuple[Interval, ...]:
        return (Interval(500, 2_600), Interval(5_600, 9_500))


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Engines:
    monkeypatch.setattr(transcribe, "REGIONS_A_SET", 1)
    return replace(fake_engines(), speech_detector=PausingDetector())


@pytest.mark.parametrize("seed", range(5))
def test_steps_in_any_order_give_what_one_run_gives(
    seed: int, job: Job, engines: Engines, tmp_path: Path
) -> None:
    steps = Steps(job, engines, tmp_path / "steps", seed)
    assert steps.go() is State.DONE
    assert steps.fanned_out["transcribe"] == 2
    whole = in_one_run(job, engines, tmp_path / "run")
    assert steps.result("transcribe") == whole.of(TRANSCRIBE)
    assert steps.result("pseudonymise") == whole.of(PSEUDONYMISE)


def test_a_step_needs_nothing_but_what_was_recorded(job: Job, tmp_path: Path) -> None:
    steps = Steps(job, fake_engines(), tmp_path / "steps")
    steps.go()
    for workspace in (tmp_path / "steps").iterdir():
        assert workspace.name.isdigit()
        shutil.rmtree(workspace)
    steps.states["align"] = State.WAITING
    assert steps.go() is State.DONE


class Elsewhere(FakeRecogniser):
    def provenance(self) -> dict[str, str]:
        self.calls += 1
        return {"version": str(self.calls)}


def test_parts_that_another_model_heard_are_not_joined(
    job: Job, engines: Engines, tmp_path: Path
) -> None:
    steps = Steps(job, replace(engines, recogniser=Elsewhere()), tmp_path / "steps")
    assert steps.go() is State.FAILED
    error = steps.left["transcribe"]
    assert isinstance(error, EngineFailed)
    assert error.code == "workers_differ"


def test_a_failure_that_something_stands_in_for_leaves_marks_on_all_that_follows(
    job: Job, tmp_path: Path
) -> None:
    whole = Steps(job, fake_engines(), tmp_path / "whole")
    assert whole.go() is State.DONE
    broken = Steps(job, replace(fake_engines(), diariser=Broken()), tmp_path / "broken")
    assert broken.go() is State.DONE
    same = {
        name
        for name, left in broken.left.items()
        if isinstance(left, Given) and left.fingerprint == _mark(whole, name)
    }
    assert {stage.name for stage in STAGES} - same == {"diarise", *resting_on("diarise")}


def _mark(steps: Steps, name: str) -> str:
    left = steps.left[name]
    assert isinstance(left, Given)
    return left.fingerprint


def test_a_failed_stage_fails_the_job_and_lets_those_beside_it_finish() -> None:
    states = {stage.name: State.WAITING for stage in STAGES}
    assert unlocked(states) == ["ingest"]
    states["ingest"] = State.DONE
    states["transcribe"] = State.FAILED
    assert set(unlocked(states)) == {"diarise", "sound_check", "review_copy", "spot"}
    assert job_state(states) is State.FAILED
