"""How voices sound, and sound in the clear, are kept for no longer than a job needs them.

As in a folder (`transcriber.services.batch`): once a recording is done, its samples and the records
that hold voice prints are erased. Their fingerprints stay, so that a later job does not make them
again for what has not changed.
"""

from sqlalchemy import ColumnElement, Connection, and_, distinct, exists, func, select, true

from transcriber.pipeline import BIOMETRIC, INGEST
from transcriber.pipeline.order import State
from transcriber.services.store import Store
from transcriber.storage.database.tables import JOB, RECORDING, STAGE_RESULT

FORGOTTEN = frozenset({INGEST.name, *(stage.name for stage in BIOMETRIC)})
"""Stages whose results are erased once a recording is done."""


def forget_finished(store: Store, job_id: str | None = None) -> int:
    """Erase what recordings that are done need no more: that of a job's recording, or of all.

    A recording is done when its latest job is and none is at work. Return how many results were
    erased. Raises StorageError; what is left then is erased the next time.
    """
    with store.database.read() as connection:
        found = _found(connection, job_id)
    for result_id in found:
        store.results.forget(result_id)
    return len(found)


def with_prints(connection: Connection, study_id: str) -> int:
    """Count the recordings of a study of which the store holds how voices sound."""
    biometric = STAGE_RESULT.c.stage.in_([stage.name for stage in BIOMETRIC])
    counted: int = connection.execute(
        select(func.count(distinct(STAGE_RESULT.c.recording_id)))
        .join(RECORDING, RECORDING.c.id == STAGE_RESULT.c.recording_id)
        .where(RECORDING.c.study_id == study_id, biometric, STAGE_RESULT.c.blob_id.is_not(None))
    ).scalar_one()
    return counted


def _found(connection: Connection, job_id: str | None) -> list[str]:
    of_job: ColumnElement[bool] = true()
    if job_id is not None:
        its = select(JOB.c.recording_id).where(JOB.c.id == job_id).scalar_subquery()
        of_job = STAGE_RESULT.c.recording_id == its
    job, later = JOB.alias("job"), JOB.alias("later")
    followed = exists().where(
        later.c.recording_id == job.c.recording_id, later.c.created_at_ms > job.c.created_at_ms
    )
    its_jobs = job.c.recording_id == STAGE_RESULT.c.recording_id
    done = exists().where(its_jobs, job.c.state == State.DONE, ~followed)
    at_work = exists().where(its_jobs, job.c.state == State.RUNNING)
    wanted = and_(STAGE_RESULT.c.stage.in_(FORGOTTEN), STAGE_RESULT.c.blob_id.is_not(None))
    return list(
        connection.execute(
            select(STAGE_RESULT.c.id).where(of_job, wanted, done, ~at_work)
        ).scalars()
    )
