"""The same recordings give the same texts in a folder, with `run --study` and out of workers."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.fakes import FakeDecoder, FakeRecogniser, fake_engines
from tests.unit.test_batch import POLICY, SAID, Log, Names, grouping, written
from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.domain.recording import ANY_COUNT, WHOLE, Audio, Kind, Trim
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import RecognisedWord
from transcriber.pipeline import DETECT, PROPAGATE, PSEUDONYMISE, Engines
from transcriber.pipeline.order import State
from transcriber.services.batch import BatchRequest, run_batch
from transcriber.services.erase import erase_recording
from transcriber.services.jobs import cancel_job, job_on, latest_jobs, list_jobs, retry_job
from transcriber.services.outcome import Failed, Outcome
from transcriber.services.recording_files import Writing
from transcriber.services.settings import QUEUES
from transcriber.services.step_work import StepWorker
from transcriber.services.store import Store
from transcriber.services.study_run import Export, StudyRun, export, run_in_study
from transcriber.services.submit import Submission, study_for, study_named, submit
from transcriber.stages.protocols import Decoded, Hints, Progress
from transcriber.storage.database.tables import STAGE_RESULT, STEP
from transcriber.storage.scratch import Scratch
from transcriber.storage.study_folder import StudyFolder

pytestmark = pytest.mark.slow

BROKEN = "broken"
WRITING = Writing(("txt",))


class Decoder(FakeDecoder):
    """Hides the words of a recording in its samples, which any worker is given."""

    def decode(
        self,
        source: Path,
        destination: Path,
        progress: Progress,
        trim: Trim = WHOLE,
        track: int | None = None,
    ) -> Decoded:
        words = source.read_bytes()
        if words.decode() == BROKEN:
            raise InputError("broken", "It is broken.")
        decoded = super().decode(source, destination, progress, trim, track)
        with destination.open("r+b") as samples:
            samples.write(words)
        return decoded


class Recogniser(FakeRecogniser):
    """Reads them out of the samples, one word every 300 ms."""

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], hints: Hints
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        words = audio.path.read_bytes().rstrip(b"\0").decode().split()
        yield tuple(
            RecognisedWord(word, 600 + 300 * n, 800 + 300 * n, 0.9) for n, word in enumerate(words)
        )
        yield from ((),) * (len(regions) - 1)


def engines() -> Engines:
    return replace(fake_engines(), decoder=Decoder(), recogniser=Recogniser(), detectors=(Names(),))


class Desk:
    """Recordings, a store for them, and folders to write to."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.worker = StepWorker(store, Scratch(folder / "scratch"), lambda _: engines())
        for name, words in (*SAID.items(), (BROKEN, BROKEN)):
            (folder / f"{name}.wav").write_text(words)

    def request(self, names: Sequence[str], out: str) -> BatchRequest:
        return BatchRequest(
            inputs=[(self.folder / f"{name}.wav",) for name in names],
            out=self.folder / out,
            study="S",
            kind=Kind.INDIVIDUAL,
            speakers=ANY_COUNT,
            roster=Roster(),
            policies=(POLICY,),
            keep_names=True,
            writing=WRITING,
        )

    def in_folder(self, names: Sequence[str], out: str = "plain") -> list[Outcome]:
        """What `run` does."""
        return run_batch(self.request(names, out), engines(), Log())

    def in_study(self, names: Sequence[str], out: str = "study") -> list[Outcome]:
        """What `run --study` does."""
        workers = (self.worker, self.worker.beside())
        return run_in_study(StudyRun(self.request(names, out)), self.store, workers, Log())

    def add(self, names: Sequence[str]) -> None:
        """What `recording add` does."""
        study = study_for(self.store, "S", Roster(), (POLICY,))
        for name in names:
            submission = Submission((self.folder / f"{name}.wav",), Kind.INDIVIDUAL, code=name)
            submit(self.store, study, submission)

    def work(self, workers: int = 1) -> None:
        """What workers do until nothing is left to do."""

        def until_nothing_is_left(worker: StepWorker) -> None:
            while any(job.state.state is State.RUNNING for job in list_jobs(self.store)):
                if not any(worker.work(queue) for queue in QUEUES):
                    ended.wait(0.01)

        ended = threading.Event()
        threads = [
            threading.Thread(target=until_nothing_is_left, args=(self.worker.beside(),))
            for _ in range(workers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def step(self, queue: str | None = None) -> bool:
        """Do one step."""
        return any(self.worker.work(name) for name in ([queue] if queue else QUEUES))

    def export(self, out: str = "stored") -> dict[str, str]:
        """Write what is done and return the texts."""
        to = Export(StudyFolder(self.folder / out), WRITING)
        for job in latest_jobs(list_jobs(self.store)):
            if job.state.state is State.DONE:
                export(self.worker, job.state.id, to, Path(job.code))
        return self.texts(out)

    def texts(self, out: str) -> dict[str, str]:
        return written(self.folder, out)

    def stage(self, code: str, stage: str) -> State:
        study = study_named(self.store, "S")
        return job_on(self.store, study, code).state.whole(stage).state

    def results(self) -> list[str]:
        """The stages of everything that was computed."""
        with self.store.database.read() as connection:
            return sorted(connection.execute(select(STAGE_RESULT.c.stage)).scalars())


@pytest.fixture
def desk(opened: Store, tmp_path: Path) -> Desk:
    return Desk(opened, tmp_path)


def names_are_gone(texts: Mapping[str, str]) -> bool:
    said = " ".join(texts.values())
    return not any(name in said for name in ("sarah", "nowak", "whitfield", "agnieszka", "jones"))


@pytest.mark.parametrize("order", ["abc", "bca", "cab"])
def test_the_texts_are_the_same_whoever_does_it_and_in_any_order(desk: Desk, order: str) -> None:
    desk.in_folder(order)
    desk.add(order)
    desk.work(workers=3)
    texts = desk.export()
    assert texts == desk.texts("plain")
    assert names_are_gone(texts)
    desk.in_folder("abc", "in order")
    assert grouping(texts) == grouping(desk.texts("in order"))


def test_a_study_run_writes_what_a_folder_has(desk: Desk) -> None:
    desk.in_folder("bca")
    desk.in_study("bca")
    assert desk.texts("study") == desk.texts("plain")
    assert names_are_gone(desk.texts("study"))


def test_nothing_is_written_before_all_are_searched(desk: Desk) -> None:
    desk.add("abc")
    while desk.step("cpu") or desk.step("interactive"):
        searched = [desk.stage(code, DETECT.name) is State.DONE for code in "abc"]
        begun = {desk.stage(code, PROPAGATE.name) for code in "abc"}
        assert all(searched) or begun == {State.WAITING}
    assert {desk.stage(code, PSEUDONYMISE.name) for code in "abc"} == {State.DONE}


def test_a_name_that_comes_later_is_found_in_what_was_done_before(desk: Desk) -> None:
    desk.add("a")
    desk.work()
    assert "nowak" in desk.export()["a"]
    desk.add("b")
    desk.work()
    texts = desk.export()
    assert names_are_gone(texts)
    desk.in_folder("a")
    desk.in_folder("ab")
    assert texts == desk.texts("plain")


def test_a_later_study_run_mends_earlier_recordings_too(desk: Desk) -> None:
    desk.in_study("a")
    desk.in_study("b")
    assert {job.state.state for job in list_jobs(desk.store)} == {State.DONE}
    assert "nowak" in desk.texts("study")["a"]  # that file is as it was given away
    assert names_are_gone(desk.export())


def test_what_is_searched_again_can_be_read_meanwhile_and_is_not_heard_again(desk: Desk) -> None:
    desk.add("a")
    desk.work()
    before = desk.results()
    desk.add("b")
    while desk.stage("b", DETECT.name) is not State.DONE:
        assert desk.step()
    (job, _) = latest_jobs(list_jobs(desk.store))
    assert job.state.state is State.RUNNING
    with desk.worker.finished(job.state.id, (PSEUDONYMISE,)) as work:
        assert "nowak" in " ".join(turn.text for turn in work.of(PSEUDONYMISE)[0].redacted.turns)
    desk.work()
    alone = Desk(desk.store, desk.folder)
    assert alone.results().count("transcribe") == 2 * before.count("transcribe")
    assert alone.results().count("propagate") == 3


def test_a_recording_without_new_names_leaves_the_others_alone(desk: Desk) -> None:
    desk.add("b")
    desk.work()
    done = job_on(desk.store, study_named(desk.store, "S"), "b").state
    (desk.folder / "a.wav").write_text("we met sarah whitfield again")
    desk.add("a")
    desk.work()
    assert job_on(desk.store, study_named(desk.store, "S"), "b").state == done


def test_who_is_at_a_text_that_has_to_be_searched_again_writes_nothing(desk: Desk) -> None:
    desk.add("a")
    while desk.stage("a", PROPAGATE.name) is not State.READY:
        assert desk.step()
    claim, others = desk.store.leases.claim("interactive"), []
    while claim is not None and claim.stage != PROPAGATE.name:  # of equals, any may be first
        others.append(claim)
        claim = desk.store.leases.claim("interactive")
    for other in others:
        desk.store.leases.release(other)
    assert claim is not None
    assert claim.stage == PROPAGATE.name
    desk.add("b")
    while desk.stage("b", DETECT.name) is not State.DONE:
        assert desk.step()
    with desk.store.database.read() as connection:
        row = connection.execute(select(STEP).where(STEP.c.id == claim.step_id)).one()
    assert row.state == State.READY
    desk.work()
    assert names_are_gone(desk.export())


@pytest.mark.parametrize("end", ["fails", "is cancelled", "is erased"])
def test_nobody_waits_for_a_recording_that_ends_otherwise(desk: Desk, end: str) -> None:
    other = BROKEN if end == "fails" else "c"
    desk.add(["b", other])
    study = study_named(desk.store, "S")
    while desk.stage("b", DETECT.name) is not State.DONE:
        assert desk.step()
    if end == "is cancelled":
        cancel_job(desk.store, job_on(desk.store, study, other).state.id)
    if end == "is erased":
        erase_recording(desk.store, study, other)
    desk.work()
    assert desk.stage("b", PSEUDONYMISE.name) is State.DONE
    if end == "is cancelled":
        retry_job(desk.store, job_on(desk.store, study, other).state.id)
        desk.work()
        assert names_are_gone(desk.export())


def test_one_that_is_broken_does_not_keep_a_study_run(desk: Desk) -> None:
    outcomes = desk.in_study(["b", BROKEN, "a"])
    assert [isinstance(outcome, Failed) for outcome in outcomes] == [False, True, False]
    assert names_are_gone(desk.texts("study"))
