"""What people see of jobs and may do to them: list, show, retry, cancel."""

from collections.abc import Sequence
from dataclasses import dataclass

from transcriber.domain.errors import UsageError
from transcriber.services.consent.doors import require_may_be_worked_on
from transcriber.services.store import Store
from transcriber.storage.database.job_steps import cancel_steps, retry_steps
from transcriber.storage.database.jobs import JobState, job, jobs_of
from transcriber.storage.database.studies import Study

SHORTEST_ID = 6
"""Of the start of an id that is typed instead of all of it."""


@dataclass(frozen=True)
class CodedJob:
    """A job, the study that it belongs to, and the code of its recording."""

    study: str
    code: str
    state: JobState


def list_jobs(store: Store, study: Study | None = None) -> list[CodedJob]:
    """Return the jobs of a study, or of all, older ones first."""
    found: list[CodedJob] = []
    with store.database.read() as connection:
        studies = (study,) if study else store.studies.all(connection)
        for its_study in studies:
            recordings = store.recordings.all(connection, its_study)
            codes = {stored.id: stored.recording.code for stored in recordings}
            found += [
                CodedJob(its_study.name, codes[state.recording_id], state)
                for state in jobs_of(connection, list(codes))
            ]
    return sorted(found, key=lambda coded: coded.state.created_at_ms)


def latest_jobs(jobs: Sequence[CodedJob]) -> list[CodedJob]:
    """Return the last job on each recording, in the order of the recordings' codes."""
    latest = {(job.study, job.code): job for job in jobs}
    return [latest[place] for place in sorted(latest)]


def job_by_id(store: Store, start: str) -> CodedJob:
    """Return a job by its id or the start of it. Raises UsageError where that is not one job."""
    found = [job for job in list_jobs(store) if job.state.id.startswith(start)]
    if len(start) < SHORTEST_ID or len(found) != 1:
        raise UsageError(
            "no_such_job",
            "There is no such job, or more than one begins like this. `transcriber job list` shows "
            "their ids.",
        )
    return found[0]


def job_on(store: Store, study: Study, code: str) -> CodedJob:
    """Return the last job on a recording. Raises UsageError where the study has no such code."""
    found = [job for job in list_jobs(store, study) if job.code == code]
    if not found:
        raise no_such_recording()
    return found[-1]


def no_such_recording() -> UsageError:
    """Say that a study has no recording of a code."""
    return UsageError(
        "no_such_recording",
        "This study has no recording of that code. `transcriber recording list` shows those that "
        "it has.",
    )


def retry_job(store: Store, job_id: str) -> None:
    """Take up a job from its last finished stage.

    Raises UsageError where nothing stopped it, ConsentError where somebody who takes part did not
    agree to it.
    """
    with store.database.write() as connection:
        state = job(connection, job_id)
        if state is not None:
            require_may_be_worked_on(store, connection, state.recording_id)
        if not retry_steps(connection, job_id):
            raise UsageError(
                "nothing_to_retry", "This job did not fail and was not cancelled. It goes on."
            )


def cancel_job(store: Store, job_id: str) -> None:
    """Stop a job. Raises UsageError where it has ended."""
    with store.database.write() as connection:
        if not cancel_steps(connection, job_id):
            raise UsageError("job_ended", "This job has ended already. There is nothing to stop.")
