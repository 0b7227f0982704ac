"""New recordings and their jobs: stored, encrypted and queued in one commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.consent import NOBODY_SAID
from transcriber.domain.edit import Edit
from transcriber.domain.errors import UsageError, disk_errors
from transcriber.domain.labels import Labels
from transcriber.domain.policy import Policy
from transcriber.domain.recording import (
    ANY_COUNT,
    WHOLE,
    Kind,
    Recording,
    Source,
    SpeakerCount,
    Trim,
)
from transcriber.domain.roster import Roster
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.pipeline.order import State, needed_for
from transcriber.services.consent.doors import (
    has_to_wait,
    require_may_be_made,
    require_may_be_worked_on,
    taking_part,
)
from transcriber.services.consent.work import NO_CONSENT
from transcriber.services.recording_files import WRITTEN_FROM
from transcriber.services.source import identify
from transcriber.services.store import Store
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.job_steps import refuse_steps, retry_steps
from transcriber.storage.database.jobs import JobRequest, add_job, jobs_of, request_of
from transcriber.storage.database.recordings import NewRecording, StoredPart, StoredRecording
from transcriber.storage.database.studies import Agreed, Study
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key

PRIORITIES = {"low": -1, "normal": 0, "high": 1}
"""Of two steps that wait, the one with the higher number is taken first."""


@dataclass(frozen=True)
class Submission:
    """The files of one recording, and what is known about it.

    The files are its parts in order, or with `side_by_side` one for each speaker; none where they
    were uploaded. `code` is None where the study allots one.
    """

    files: tuple[Path, ...]
    kind: Kind
    speakers: SpeakerCount = ANY_COUNT
    language: str = "en"
    trim: Trim = WHOLE
    tracks: bool = False
    side_by_side: bool = False
    told: ToldSpeakers | None = None
    labels: Labels = Labels.UNLINKED
    code: str | None = None
    priority: str = "normal"
    engine: str = "auto"
    model: str | None = None
    source: Source = Source.SOUND
    roster: Roster | None = None
    """Where it is to be another than the study's."""
    takes_part: tuple[str, ...] = ()
    """Labels of the participants in it, as transcripts carry them; none where nobody said it."""
    may_wait: bool = False
    """Whether it is kept, and nothing made of it, where the study has to be told who takes part."""
    edits_of: Callable[[str], tuple[Edit, ...]] = lambda code: ()
    """Gives what people changed in the recording of a code."""


@dataclass(frozen=True)
class Submitted:
    """A recording of a study and the job on it; `is_new` unless its files were there already.

    One that `waits` is worked on once somebody says who takes part in it.
    """

    stored: StoredRecording
    job_id: str
    is_new: bool
    waits: bool = False


def study_named(store: Store, name: str) -> Study:
    """Return a study by its name. Raises UsageError where there is none."""
    with store.database.read() as connection:
        study = store.studies.named(connection, name)
    if study is None:
        raise UsageError(
            "no_such_study",
            "There is no study of this name. `transcriber study list` shows those that there are.",
        )
    return study


def study_for(store: Store, name: str, roster: Roster, policies: tuple[Policy, ...]) -> Study:
    """Return the study of this name as it is agreed on now, making it where there is none.

    Raises StorageError.
    """
    with store.database.write() as connection:
        known = store.studies.named(connection, name)
        agreed = Agreed(roster, policies)
        if known is None:
            study, action = store.studies.add(connection, name, agreed), Action.STUDY_CREATED
        else:
            agreed = replace(known.agreed, roster=roster, policies=policies)
            if known.agreed == agreed:
                return known
            study, action = store.studies.agree(connection, known, agreed), Action.CHANGED
        store.audit.record(connection, AuditEvent(action, None, study.id))
    return study


def submit(store: Store, study: Study, submission: Submission) -> Submitted:
    """Store a recording and queue a job on it; workers hear of it from the outbox.

    Files that the study has already are not stored again: the job goes over the recording that is
    there, and what is unchanged is not done twice. Raises InputError when a file cannot be read,
    UsageError when the code is taken, ConsentError where somebody who takes part did not agree to
    it, StorageError.
    """
    hashes = tuple(identify(path) for path in submission.files)
    known = _known(store, study, hashes)
    if known is None:
        try:
            return _submit_new(store, study, submission, hashes)
        except Conflict:  # somebody was faster with the same files
            known = _known(store, study, hashes)
            if known is None:
                raise
    request = _request(study, submission, known.recording.code)
    with store.database.write() as connection:
        key = store.keyring.recording(connection, known.id)
        if submission.takes_part:
            labels = taking_part(submission.takes_part, None, study.agreed.roster)
            store.consents.say_taking_part(connection, known.id, labels)
        require_may_be_worked_on(store, connection, known.id)
        job_id = _taken_up(connection, known.id, key, request)
        if job_id is None:
            job_id = _queue(store, connection, (known.id, key), request, submission.priority)
        store.audit.record(connection, AuditEvent(Action.JOB_RETRIED, None, study.id, known.id))
    return Submitted(known, job_id, is_new=False)


def _taken_up(
    connection: Connection, recording_id: str, key: Key, request: JobRequest
) -> str | None:
    """Return the last job on a recording where it was asked for the same and is not done.

    One that failed goes on.
    """
    jobs = jobs_of(connection, [recording_id])
    if not jobs or jobs[-1].state is State.DONE:
        return None
    last = jobs[-1].id
    if request_of(connection, last, key) != request:
        return None
    retry_steps(connection, last)
    return last


def _known(store: Store, study: Study, hashes: Sequence[str]) -> StoredRecording | None:
    with store.database.read() as connection:
        return store.recordings.with_content(connection, study, hashes)


def _submit_new(
    store: Store, study: Study, submission: Submission, hashes: tuple[str, ...]
) -> Submitted:
    recording_id, key = new_id(), Key.random(new_id())
    with store.blobs.staged() as staged:
        parts = []
        for path, sha256 in zip(submission.files, hashes, strict=True):
            with disk_errors(), path.open("rb") as file:
                blob = staged.put(key, recording_id, Purpose.SOURCE, file)
            parts.append(StoredPart(path.name, sha256, blob))
        with store.database.write() as connection:
            made = add_recording(
                store, connection, study, submission, (recording_id, key, tuple(parts))
            )
            event = AuditEvent(Action.RECORDING_ADDED, None, study.id, recording_id)
            store.audit.record(connection, event)
        return made


def add_recording(
    store: Store,
    connection: Connection,
    study: Study,
    submission: Submission,
    stored: tuple[str, Key, tuple[StoredPart, ...]],
) -> Submitted:
    """Keep a recording whose files are stored, with its id and key, and queue a job on it.

    With `may_wait` the job waits where consent is asked of each and nobody said who takes part.
    Raises UsageError when the code is taken, ConsentError where somebody who takes part did not
    agree to it, Conflict when the study has these files already.
    """
    recording_id, key, parts = stored
    labels = taking_part(
        submission.takes_part, submission.told, submission.roster or study.agreed.roster
    )
    waits = submission.may_wait and has_to_wait(store, connection, study.id, labels)
    if not waits:
        require_may_be_made(store, connection, study.id, labels)
    code = submission.code
    if code is None:
        code = store.recordings.free_code(connection, study, submission.kind)
    else:
        store.recordings.require_free(connection, study, code)
    hashes = tuple(part.sha256 for part in parts)
    recording = _recording(study, submission, code, hashes)
    kept = store.recordings.add(
        connection, study, NewRecording(recording_id, key, recording, parts)
    )
    store.consents.say_taking_part(connection, recording_id, labels)
    request = _request(study, submission, code)
    job_id = _queue(
        store, connection, (recording_id, key), request, submission.priority, submission.source
    )
    if waits:
        refuse_steps(connection, job_id, NO_CONSENT, NOBODY_SAID)
    return Submitted(kept, job_id, is_new=True, waits=waits)


def _queue(
    store: Store,
    connection: Connection,
    recording: tuple[str, Key],
    request: JobRequest,
    priority: str,
    source: Source = Source.SOUND,
) -> str:
    return add_job(
        connection,
        recording,
        request,
        {
            stage: store.settings.queue_of(stage, interactive=False)
            for stage in needed_for(WRITTEN_FROM, source)
        },
        PRIORITIES[priority],
    )


def _request(study: Study, submission: Submission, code: str) -> JobRequest:
    return JobRequest(
        roster=submission.roster or study.agreed.roster,
        policies=study.agreed.policies,
        speakers=submission.speakers,
        language=submission.language,
        trim=submission.trim,
        tracks=submission.tracks,
        side_by_side=submission.side_by_side,
        told=submission.told,
        labels=submission.labels,
        engine=submission.engine,
        model=submission.model,
        edits=submission.edits_of(code),
    )


def _recording(
    study: Study, submission: Submission, code: str, hashes: tuple[str, ...]
) -> Recording:
    return Recording(
        code=code,
        study=study.name,
        kind=submission.kind,
        parts_sha256=hashes,
        speakers=submission.speakers,
        language=submission.language,
        trim=submission.trim,
        tracks=submission.tracks,
        side_by_side=submission.side_by_side,
        source=submission.source,
    )
