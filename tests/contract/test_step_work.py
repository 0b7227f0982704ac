"""What a worker does with a step, on SQLite and on PostgreSQL, with engines that answer at once."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.fakes import FakeDecoder, FakeDiariser, FakeRecogniser, fake_engines
from transcriber.domain.errors import EngineFailed, InputError, StorageError
from transcriber.domain.recording import Kind
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Diarisation
from transcriber.pipeline import ALIGN, PSEUDONYMISE, Engines
from transcriber.pipeline.order import State, needed_for
from transcriber.services.abandoned import mark_of_claim
from transcriber.services.jobs import cancel_job, job_by_id, list_jobs, retry_job
from transcriber.services.policy_file import load_policies
from transcriber.services.recording_files import WRITTEN_FROM
from transcriber.services.settings import QUEUES, load_settings
from transcriber.services.step_work import StepWorker
from transcriber.services.store import Store, open_store
from transcriber.services.submit import Submission, study_for, submit
from transcriber.storage.database.leases import LeaseLost, Leases
from transcriber.storage.database.tables import BLOB, STAGE_RESULT, STEP
from transcriber.storage.keys.master_key import KeyFile
from transcriber.storage.scratch import Scratch

pytestmark = pytest.mark.slow


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Store:
    key = KeyFile(tmp_path / "master.key")
    key.create()
    config = tmp_path / "own.yaml"
    config.write_text(f"master_key_file: {key.path}\nlease: {{seconds: 600}}\n")
    return open_store(
        load_settings(
            {
                "TRANSCRIBER_CONFIG": str(config),
                "TRANSCRIBER_HOME": str(tmp_path / "home"),
                "TRANSCRIBER_DATABASE_URL": database_url,
            }
        )
    )


class Bench:
    """One worker, its engines, and recordings for it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.engines = fake_engines()
        self.scratch = Scratch(folder)
        self.worker = StepWorker(store, self.scratch, lambda job: self.engines)

    def submit(self, content: bytes = b"sound", roster: Roster | None = None) -> str:
        path = self.folder / "a name.wav"
        path.write_bytes(content)
        study = study_for(self.store, "Study", roster or Roster(), load_policies(["default"]))
        return submit(self.store, study, Submission((path,), Kind.INDIVIDUAL)).job_id

    def work(self) -> int:
        """Do steps until there are none; return how many."""
        done = 0
        while any(self.worker.work(queue) for queue in QUEUES):
            done += 1
        return done

    def state(self, job_id: str) -> Any:
        return job_by_id(self.store, job_id).state

    def count(self, table: Any) -> int:
        with self.store.database.read() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    folder = tmp_path / "bench"
    folder.mkdir()
    return Bench(store, folder)


def with_engine(engines: Engines, **given: Any) -> Engines:
    return replace(engines, **given)


def test_a_job_ends_with_a_transcript_and_what_was_found_in_it(bench: Bench) -> None:
    job_id = bench.submit()
    bench.work()
    assert bench.state(job_id).state is State.DONE
    with bench.worker.finished(job_id, (ALIGN, PSEUDONYMISE)) as work:
        (made,) = work.of(PSEUDONYMISE)
        assert "sarah" in work.of(ALIGN).text
        assert "sarah" not in " ".join(turn.text for turn in made.redacted.turns)
    with bench.store.database.read() as connection:
        recording_id = bench.state(job_id).recording_id
        latest = bench.store.transcripts.latest(connection, recording_id)
        assert latest is not None
        found = bench.store.transcripts.findings(connection, latest)
    assert {finding.text for finding in found} == {"sarah", "leeds"}


def test_no_sound_in_the_clear_is_left(bench: Bench) -> None:
    bench.submit()
    bench.work()
    (scratch,) = bench.folder.glob("transcriber-*")
    assert list(scratch.iterdir()) == []


def test_the_same_files_again_are_not_heard_again(bench: Bench) -> None:
    bench.submit()
    bench.work()
    results = bench.count(STAGE_RESULT)
    again = bench.submit(roster=Roster(people=("Sarah",)))
    bench.work()
    assert bench.state(again).state is State.DONE
    recogniser = bench.engines.recogniser
    assert isinstance(recogniser, FakeRecogniser)
    assert recogniser.calls == 1
    assert bench.count(STAGE_RESULT) > results
    assert len({job.state.recording_id for job in list_jobs(bench.store)}) == 1


def test_the_same_wish_twice_is_one_job_until_it_is_done(bench: Bench) -> None:
    assert bench.submit() == bench.submit()
    bench.work()
    assert len(list_jobs(bench.store)) == 1


class Broken(FakeRecogniser):
    """Fails until it is mended."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error: Exception | None = error

    def recognise(self, *arguments: Any) -> Any:
        if self.error is not None:
            raise self.error
        return super().recognise(*arguments)


def test_a_failure_is_told_and_a_retry_goes_on_from_there(bench: Bench) -> None:
    broken = Broken(InputError("bad_sound", "It cannot be heard."))
    bench.engines = with_engine(bench.engines, recogniser=broken)
    job_id = bench.submit()
    bench.work()
    assert bench.state(job_id).failure.failure_sentence == "It cannot be heard."
    broken.error = None
    retry_job(bench.store, job_id)
    before = bench.count(STAGE_RESULT)
    assert before
    bench.work()
    assert bench.state(job_id).state is State.DONE
    assert bench.state(job_id).failure is None


def test_what_an_unforeseen_error_says_is_not_kept(bench: Bench) -> None:
    bench.engines = with_engine(bench.engines, recogniser=Broken(ValueError("sarah whitfield")))
    job_id = bench.submit()
    bench.work()
    step = bench.state(job_id).whole("transcribe")
    assert step.failure_code == "defect"
    assert "sarah" not in step.failure_sentence


def test_a_store_that_is_away_costs_no_try(bench: Bench) -> None:
    away = Broken(StorageError("disk_full", "The disk is full."))
    bench.engines = with_engine(bench.engines, recogniser=away)
    job_id = bench.submit()
    bench.work()
    step = bench.state(job_id).whole("transcribe")
    assert (step.state, step.tries, step.failure_code) == (State.READY, 0, "disk_full")
    assert bench.state(job_id).state is State.RUNNING


def test_a_full_disk_at_any_stage_leaves_nothing_half_written(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = bench.submit()

    def full(*_: object) -> None:
        raise StorageError("disk_full", "The disk is full.")

    place = type(bench.store.blobs.place)
    break_every_stage(bench, job_id, monkeypatch, (place, "write", full))
    assert bench.state(job_id).state is State.DONE


def test_a_database_that_goes_away_in_the_last_commit_leaves_no_row(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = bench.submit()

    def away(*_: object, **__: object) -> None:
        raise StorageError("database_unavailable", "It is away.")

    break_every_stage(bench, job_id, monkeypatch, (Leases, "finish", away))


def break_every_stage(
    bench: Bench, job_id: str, monkeypatch: pytest.MonkeyPatch, broken: tuple[type, str, object]
) -> None:
    """Do each step of a job with something broken, which leaves nothing, and then without."""
    refused = 0
    while bench.state(job_id).state is State.RUNNING:
        before = (bench.count(BLOB), bench.count(STAGE_RESULT), bench.state(job_id).done)
        with monkeypatch.context() as patched:
            patched.setattr(*broken)
            assert any(bench.worker.work(queue) for queue in QUEUES)
        refused += 1
        assert (bench.count(BLOB), bench.count(STAGE_RESULT), bench.state(job_id).done) == before
        hurry(bench)
        assert any(bench.worker.work(queue) for queue in QUEUES)
    assert refused == len(needed_for(WRITTEN_FROM))


def hurry(bench: Bench) -> None:
    """Let no step wait after a failure."""
    with bench.store.database.write() as connection:
        connection.execute(update(STEP).where(STEP.c.state == State.READY).values(lease_until_ms=0))


class Slow(FakeDecoder):
    """Waits in the middle of its work for something to happen to the job."""

    def __init__(self, happening: Callable[[], None]) -> None:
        self.happening = happening

    def decode(self, *arguments: Any, **options: Any) -> Any:
        self.happening()
        return super().decode(*arguments, **options)


def test_what_is_cancelled_while_it_runs_writes_nothing(bench: Bench) -> None:
    job_id = bench.submit()
    slow = Slow(lambda: cancel_job(bench.store, job_id))
    bench.engines = with_engine(bench.engines, decoder=slow)
    bench.work()
    assert bench.state(job_id).state is State.CANCELLED
    assert bench.count(STAGE_RESULT) == 0


def test_a_step_that_is_put_back_is_done_by_the_next_worker(bench: Bench) -> None:
    job_id = bench.submit()
    slow = Slow(bench.worker.put_back)
    bench.engines = with_engine(bench.engines, decoder=slow)
    assert bench.worker.work("cpu")
    step = bench.state(job_id).whole("ingest")
    assert (step.state, step.tries) == (State.READY, 0)
    assert bench.count(STAGE_RESULT) == 0
    slow.happening = lambda: None
    bench.work()
    assert bench.state(job_id).state is State.DONE


KILLED = """
import os, signal, sys
from pathlib import Path
from transcriber.storage.scratch import Scratch
with Scratch(Path(sys.argv[1])).mark(sys.argv[2]):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_of_this_machine_held_is_free_at_once(bench: Bench) -> None:
    job_id = bench.submit()
    claim = bench.store.leases.claim("cpu")
    assert claim is not None
    with bench.scratch.mark(mark_of_claim(claim.step_id, claim.attempt)):
        bench.worker.free_abandoned()
    assert bench.store.leases.claim("cpu") is None  # whoever is alive keeps it
    mark = mark_of_claim(claim.step_id, claim.attempt)
    subprocess.run([sys.executable, "-c", KILLED, str(bench.folder), mark], check=False)
    bench.worker.free_abandoned()
    assert bench.state(job_id).whole("ingest").state is State.READY
    bench.work()
    assert bench.state(job_id).state is State.DONE
    with pytest.raises(LeaseLost):
        bench.store.leases.renew(claim)


def test_a_mark_of_an_earlier_attempt_frees_nothing(bench: Bench) -> None:
    bench.submit()
    first = bench.store.leases.claim("cpu")
    assert first is not None
    bench.store.leases.release(first)
    second = bench.store.leases.claim("cpu")
    assert second is not None
    mark = mark_of_claim(first.step_id, first.attempt)
    subprocess.run([sys.executable, "-c", KILLED, str(bench.folder), mark], check=False)
    bench.worker.free_abandoned()
    bench.store.leases.renew(second)


class BrokenDiariser(FakeDiariser):
    def diarise(self, *_: object) -> Diarisation:
        raise EngineFailed("broken", "It broke.")


def test_without_speakers_there_is_a_transcript_that_says_so(bench: Bench) -> None:
    bench.engines = with_engine(bench.engines, diariser=BrokenDiariser())
    job_id = bench.submit()
    for _ in range(3):
        bench.work()
        hurry(bench)
    bench.work()
    assert bench.state(job_id).state is State.DONE
    with bench.worker.finished(job_id, (ALIGN,)) as work:
        made_by = work.of(ALIGN).provenance["diarisation"]
    assert made_by == {"engine": "fake", "failed": "broken"}


def test_two_workers_share_a_job(bench: Bench) -> None:
    jobs = [bench.submit(str(number).encode()) for number in range(4)]
    other = bench.worker.beside()

    def work(worker: StepWorker) -> None:
        while any(worker.work(queue) for queue in QUEUES):
            pass

    threads = [threading.Thread(target=work, args=(w,)) for w in (bench.worker, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bench.work()
    assert {bench.state(job_id).state for job_id in jobs} == {State.DONE}
