"""`run --study`: recordings into the store, worked on here and now, and written to a folder.

The command is a worker for the jobs of its study, because none of them is written before all are
searched. Other workers may take some of their steps; what it finds at work elsewhere it waits for.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from transcriber.domain.edit import version
from transcriber.domain.errors import StorageError, TranscriberError, UsageError
from transcriber.domain.recording import Source
from transcriber.pipeline import LABEL, PSEUDONYMISE, Pseudonymised, StageProgress, Work
from transcriber.pipeline.order import GIVES_NAMES, State
from transcriber.services.batch import (
    BatchRequest,
    Reporter,
    attempt,
    given_twice,
    whole_sha256,
)
from transcriber.services.consent.doors import (
    require_drafts_may_leave,
    require_study_compares_voices,
    require_voices_may_be_compared,
    voices_left_out,
)
from transcriber.services.consent_file import Consent, voice_consent
from transcriber.services.edits_file import read_edits
from transcriber.services.outcome import Done, Failed, Outcome
from transcriber.services.recording_files import WRITTEN_FROM, Writing, write_recording
from transcriber.services.settings import QUEUES
from transcriber.services.step_work import StepWorker
from transcriber.services.store import Store
from transcriber.services.submit import Submission, Submitted, study_for, submit
from transcriber.services.voices import compare_voices
from transcriber.storage.database.jobs import JobState, job, jobs_of
from transcriber.storage.database.studies import Study
from transcriber.storage.study_folder import StudyFolder

LOOK_S = 0.2
"""Between two looks at the database."""


@dataclass(frozen=True)
class StudyRun:
    """What a person asked for, and by what means the recordings are heard."""

    batch: BatchRequest
    engine: str = "auto"
    model: str | None = None


def run_in_study(
    run: StudyRun, store: Store, workers: Sequence[StepWorker], reporter: Reporter
) -> list[Outcome]:
    """Process every input in the store; one that fails never stops the others.

    Each of `workers` works by itself. Raises StorageError when the folder or the store itself
    cannot be used, and ConsentError when voices are to be compared without consent on record.
    """
    request, inputs = run.batch, run.batch.inputs
    folder = StudyFolder(request.out)
    with folder.only_one():
        consent = voice_consent(folder.private) if request.compare_voices else None
        to = Export(folder, request.writing, consent, reporter.stage)

        def follow(job_id: str, path: Path) -> Done:
            return _written(_ended(store, job_id, reporter.stage), workers[0], to, path)

        study = study_for(store, request.study, request.roster, request.policies)
        if request.compare_voices:
            require_study_compares_voices(store, study)
        submitted: list[Submitted | Failed] = []
        for parts in inputs:
            submission = _submission(run, parts, folder)
            made = attempt(parts[0], partial(submit, store, study, submission))
            submitted.append(_first_time(made, submitted, parts[0]))
        outcomes: list[Outcome] = []
        with _at_work(store, workers, study):
            for number, (parts, made) in enumerate(zip(inputs, submitted, strict=True), start=1):
                reporter.searching(number, len(inputs), parts[0])
                outcome: Outcome = (
                    attempt(parts[0], partial(follow, made.job_id, parts[0]))
                    if isinstance(made, Submitted)
                    else made
                )
                reporter.ended(outcome)
                outcomes.append(outcome)
            for job_id in _searched_again(store, study):
                _ended(store, job_id)
        workers[0].forget()
        return outcomes


@dataclass(frozen=True)
class Export:
    """Where the files of recordings go and how they are written.

    With `consent`, voices are compared with those of the recordings whose prints the folder holds;
    they are taken from the sound here and now, and the store never has them.
    """

    folder: StudyFolder
    writing: Writing
    consent: Consent | None = None
    progress: StageProgress = lambda stage, done, total: None


def export(worker: StepWorker, job_id: str, to: Export, path: Path) -> Done:
    """Write the files of a recording, whose input was `path`, from its finished job.

    Raises StorageError, InputError when the folder has another recording of that code, and
    ConsentError where somebody in it did not agree to be quoted or to voices being compared.
    """
    with worker.finished(job_id, WRITTEN_FROM, with_sources=to.consent is not None) as work:
        recording = work.job.recording
        if recording.source is not Source.SOUND:
            raise UsageError(
                "brought_transcript",
                "This recording is a transcript that was brought. Check and release it in the "
                "browser; files like those of a heard recording are not written of it.",
            )
        to.folder.keep_name(recording.code, whole_sha256(recording.parts_sha256), path.name)
        recording_id = _require_consent(worker.store, job_id, work, compares=to.consent is not None)
        if to.consent is not None:
            is_left_out = voices_left_out(worker.store, recording_id)
            compare_voices(work, to.folder.private, to.consent, to.progress, is_left_out)
        return write_recording(work, to.folder, to.writing, path)


def _require_consent(store: Store, job_id: str, work: Work, *, compares: bool) -> str:
    """Return the id of a recording that its job is on, where all agreed to what is done with it.

    Raises ConsentError.
    """
    with store.database.read() as connection:
        state = job(connection, job_id)
    assert state is not None
    results: tuple[Pseudonymised, ...] = work.of(PSEUDONYMISE)
    written = zip(work.job.policies, results, strict=True)
    texts = {policy.name: result.redacted for policy, result in written}
    require_drafts_may_leave(store, state.recording_id, texts)
    if compares:
        speakers = version(work.of(LABEL), work.job.edits).speakers
        labels = [speaker.label for speaker in speakers]
        require_voices_may_be_compared(store, state.recording_id, labels)
    return state.recording_id


def _submission(run: StudyRun, parts: tuple[Path, ...], folder: StudyFolder) -> Submission:
    request = run.batch
    return Submission(
        files=parts,
        kind=request.kind,
        speakers=request.speakers,
        language=request.language,
        trim=request.trim,
        tracks=request.tracks,
        side_by_side=request.side_by_side,
        told=request.told,
        labels=request.labels,
        may_wait=True,
        code=parts[0].stem if request.keep_names else None,
        engine=run.engine,
        model=run.model,
        edits_of=lambda code: read_edits(folder.private, code),
    )


def _first_time(
    made: Submitted | Failed, before: Sequence[Submitted | Failed], path: Path
) -> Submitted | Failed:
    known = {other.stored.id for other in before if isinstance(other, Submitted)}
    if isinstance(made, Submitted) and made.stored.id in known:
        return Failed(path, given_twice())
    return made


@contextmanager
def _at_work(store: Store, workers: Sequence[StepWorker], study: Study) -> Iterator[None]:
    """Let each worker take steps of this study, in a thread of its own, until the block ends."""
    ended = threading.Event()

    def work(worker: StepWorker) -> None:
        while not ended.is_set():
            try:
                store.leases.expire()
                if any(worker.work(queue, study.id) for queue in QUEUES):
                    continue
            except StorageError:
                pass  # the database is away: the one who waits for the jobs says so
            ended.wait(LOOK_S)

    threads = [threading.Thread(target=work, args=(worker,), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for worker in workers:
            worker.put_back()


def _searched_again(store: Store, study: Study) -> list[str]:
    """Return the jobs of earlier recordings that are only searched for names of these ones."""
    with store.database.read() as connection:
        recordings = [stored.id for stored in store.recordings.all(connection, study)]
        jobs = jobs_of(connection, recordings)
    return [
        state.id
        for state in jobs
        if state.state is State.RUNNING and state.whole(GIVES_NAMES).state is State.DONE
    ]


def _ended(
    store: Store, job_id: str, tell: StageProgress = lambda stage, done, total: None
) -> JobState:
    """Wait until nothing more happens to a job, telling which stages are done."""
    told: set[str] = set()
    while True:
        with store.database.read() as connection:
            state = job(connection, job_id)
        assert state is not None
        for step in state.steps:
            if not step.part and step.stage not in told:
                done = step.state is State.DONE
                if done or step.state is State.RUNNING:
                    tell(step.stage, int(done), 1)
                told |= {step.stage} if done else set()
        if state.state is not State.RUNNING:
            return state
        time.sleep(LOOK_S)


def _written(state: JobState, worker: StepWorker, to: Export, path: Path) -> Done:
    """Write what a job gave. Raises TranscriberError with the reason when it failed."""
    if state.state is State.DONE:
        return export(worker, state.id, to, path)
    failure = state.failure
    if failure is None or failure.failure_code is None:
        raise UsageError(
            "cancelled",
            "Somebody cancelled this recording. `transcriber recording retry` takes it up again.",
        )
    raise TranscriberError(failure.failure_code, failure.failure_sentence or "")
