"""Which steps of a job may be taken next, and what has become of the job."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from transcriber.pipeline.plan import DETECT, PROPAGATE, PSEUDONYMISE, STAGES
from transcriber.pipeline.work import Stage

GIVES_NAMES = DETECT.name
"""Until a job is past this, other recordings of its study may have to be searched for its names."""

SEARCHES_NAMES = PROPAGATE.name
"""Waits until no job of the study may give away names any more (docs/decisions/0005)."""

WRITES = PSEUDONYMISE.name
"""Is done job by job, older ones first: labels are numbered in the order in which this is done."""

ACROSS_STUDY = frozenset({SEARCHES_NAMES, WRITES})
"""Stages that wait for other jobs of the study as well."""


class State(StrEnum):
    """Of a step. A job is `running`, `done`, `failed` or `cancelled`."""

    WAITING = "waiting"
    """For other steps."""
    READY = "ready"
    """Any worker may take it."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


def unlocked(states: Mapping[str, State]) -> list[str]:
    """Return the stages that wait for nothing any more, given the state of the job's stages."""
    return [
        stage.name
        for stage in STAGES
        if states.get(stage.name) is State.WAITING
        and all(_is_past(needed, states) for needed in stage.needs)
    ]


def job_state(states: Mapping[str, State]) -> State:
    """Return what has become of a job, given the state of its stages.

    A stage with something that stands instead of its result may fail; the job goes on.
    """
    if State.CANCELLED in states.values():
        return State.CANCELLED
    mine = [stage for stage in STAGES if stage.name in states]
    if any(states[stage.name] is State.FAILED and stage.instead is None for stage in mine):
        return State.FAILED
    if all(_is_past(stage, states) for stage in mine):
        return State.DONE
    return State.RUNNING


def needed_for(targets: Sequence[Stage[Any]]) -> list[str]:
    """Return the stages that a job with these targets consists of, in order."""
    wanted: set[str] = set()

    def want(stage: Stage[Any]) -> None:
        if stage.name not in wanted:
            wanted.add(stage.name)
            for needed in stage.needs:
                want(needed)

    for target in targets:
        want(target)
    return [stage.name for stage in STAGES if stage.name in wanted]


def resting_on(stage: str) -> set[str]:
    """Return the stages that need `stage`, directly or through others."""
    resting: set[str] = set()
    for later in STAGES:
        if any(needed.name == stage or needed.name in resting for needed in later.needs):
            resting.add(later.name)
    return resting


def _is_past(stage: Stage[Any], states: Mapping[str, State]) -> bool:
    state = states[stage.name]
    return state is State.DONE or (state is State.FAILED and stage.instead is not None)
