"""What a stage of a recording left, whichever of its jobs did it last."""

from pathlib import Path
from typing import TypeVar

from transcriber.pipeline import Stage
from transcriber.pipeline.order import State
from transcriber.pipeline.result import from_record
from transcriber.services.recording_list import not_in_study
from transcriber.services.store import Store
from transcriber.stages.protocols import Record
from transcriber.storage.database.jobs import jobs_of
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.stage_results import ResultForgotten

T = TypeVar("T")


def result_id_of(store: Store, study_id: str, recording_id: str, stage: str) -> str | None:
    """Return the id of what a stage left last, None where it left nothing.

    Raises UsageError where the study has no such recording.
    """
    with store.database.read() as connection:
        if not any(row.study_id == study_id for row in rows_of(connection, [recording_id])):
            raise not_in_study()
        jobs = jobs_of(connection, [recording_id])
    for job in reversed(jobs):
        for step in job.steps:
            is_it = step.stage == stage and not step.part and step.state is State.DONE
            if is_it and step.stage_result_id is not None:
                return step.stage_result_id
    return None


def left_by(store: Store, study_id: str, recording_id: str, stage: Stage[T]) -> T | None:
    """Return what a stage without files left, None where it left nothing or it was forgotten.

    Raises UsageError where the study has no such recording, StorageError.
    """
    result_id = result_id_of(store, study_id, recording_id, stage.name)
    if result_id is None:
        return None
    try:
        record = Record(store.results.result(result_id), 0, ())
    except ResultForgotten:
        return None
    left: T = from_record(stage.result, record, Path())
    return left
