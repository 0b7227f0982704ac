"""Jobs as they are stored, put together for a worker."""

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from transcriber.domain.errors import StorageError
from transcriber.domain.recording import Recording
from transcriber.services.store import Store
from transcriber.storage.database.jobs import JobRequest, JobState, job, request_of
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.studies import Study
from transcriber.storage.database.tables import RECORDING


@dataclass(frozen=True)
class StoredJob:
    """A job with all that it rests on."""

    study: Study
    stored: StoredRecording
    request: JobRequest
    state: JobState

    @property
    def recording(self) -> Recording:
        """What is to be heard, and how this job hears it."""
        return replace(
            self.stored.recording,
            speakers=self.request.speakers,
            language=self.request.language,
            trim=self.request.trim,
            tracks=self.request.tracks,
            side_by_side=self.request.side_by_side,
        )

    @property
    def recording_id(self) -> str:
        """Its id in the store."""
        return self.stored.id

    @property
    def size_bytes(self) -> int:
        """How large its files are together."""
        return sum(part.size_bytes for part in self.stored.parts)


def load_job(store: Store, job_id: str) -> StoredJob:
    """Return a job, read anew: a worker keeps no text between steps.

    Raises StorageError when it was erased or cannot be read.
    """
    with store.database.read() as connection:
        state = job(connection, job_id)
        if state is None:
            raise _gone()
        study_id = connection.execute(
            select(RECORDING.c.study_id).where(RECORDING.c.id == state.recording_id)
        ).scalar_one()
        study = store.studies.get(connection, study_id)
        if study is None:
            raise _gone()
        stored = store.recordings.get(connection, study, state.recording_id)
        if stored is None:
            raise _gone()
        key = store.keyring.recording(connection, stored.id)
        return StoredJob(study, stored, request_of(connection, job_id, key), state)


def put_sources(store: Store, job: StoredJob, workspace: Path) -> tuple[Path, ...]:
    """Put the files of a recording into the workspace, under names that tell nothing.

    Raises StorageError.
    """
    with store.database.read() as connection:
        key = store.keyring.recording(connection, job.recording_id)
    paths = []
    for number, part in enumerate(job.stored.parts):
        paths.append(workspace / f"source-{number}")
        store.blobs.copy_to(key, part.blob, paths[-1], part.further)
    return tuple(paths)


def _gone() -> StorageError:
    return StorageError("job_gone", "This job or its recording was erased meanwhile.")
