"""What the steps before one left, or why they failed.

Fingerprints are read by themselves: what an earlier job made already is found by them, without
reading any of what it rests on.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from transcriber.domain.errors import StorageError, TranscriberError
from transcriber.pipeline import Stage
from transcriber.pipeline.order import State
from transcriber.pipeline.step import Given
from transcriber.services.stored_job import StoredJob
from transcriber.stages.protocols import Record
from transcriber.storage.database.jobs import StepState
from transcriber.storage.stage_results import ResultForgotten, StageResults


class EarlierSteps:
    """The steps of one job as they were when it was loaded."""

    def __init__(self, results: StageResults, job: StoredJob) -> None:
        self._results = results
        self._state = job.state
        self._source = job.recording.source

    def marks(self, stages: Sequence[Stage[Any]]) -> Mapping[str, str | TranscriberError]:
        """Return the fingerprints of what stages left. Raises ResultForgotten, StorageError."""
        return {
            stage.name: _failure(step) or self._results.fingerprint(_result_id(step))
            for stage, step in self._steps(stages)
        }

    def records(
        self, stages: Sequence[Stage[Any]], workspace: Path
    ) -> Mapping[str, Record | TranscriberError]:
        """Return what stages left, with its files put into the workspace.

        Raises ResultForgotten, StorageError.
        """
        return {
            stage.name: _failure(step) or self._results.load(_result_id(step), workspace)
            for stage, step in self._steps(stages)
        }

    def parts(self, stage: Stage[Any], workspace: Path) -> list[Given]:
        """Return what the parts of a stage left, in order. Raises StorageError."""
        ids = [_result_id(part) for part in self._state.parts(stage.name)]
        return [
            Given(self._results.fingerprint(left), self._results.load(left, workspace))
            for left in ids
        ]

    def forgotten(self, stages: Sequence[Stage[Any]]) -> list[str]:
        """Return the stages that are done and whose results are not kept any more."""
        return [
            stage.name
            for stage, step in self._steps(stages)
            if step.state is State.DONE
            and (step.stage_result_id is None or self._results.is_forgotten(step.stage_result_id))
        ]

    def _steps(self, stages: Sequence[Stage[Any]]) -> list[tuple[Stage[Any], StepState]]:
        known = {step.stage for step in self._state.steps}
        if any(stage.name not in known for stage in stages if self._source in stage.of):
            raise StorageError(
                "contribution_withdrawn",
                "Somebody withdrew what they had said in this recording, so what was made of it by "
                "then is not kept any more. Check it in the browser, or take its release.",
            )
        return [
            (stage, self._state.whole(stage.name)) for stage in stages if self._source in stage.of
        ]


def _failure(step: StepState) -> TranscriberError | None:
    if step.state is not State.FAILED:
        return None
    return TranscriberError(step.failure_code or "", step.failure_sentence or "")


def _result_id(step: StepState) -> str:
    """Return the id of what a step left. Raises ResultForgotten where it is to be done again."""
    if step.stage_result_id is None:
        raise ResultForgotten
    return step.stage_result_id
