"""One step of a job done by itself: a stage, or one part of a stage that fans out.

A worker is given what the stages before it recorded and gives one record back. The same steps in
any order that their needs allow, on any machines, give what `transcriber.pipeline.run` gives.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transcriber.domain.errors import EngineFailed, TranscriberError
from transcriber.pipeline.plan import STAGES
from transcriber.pipeline.result import from_record, to_record
from transcriber.pipeline.run import fingerprint
from transcriber.pipeline.work import Stage, StageProgress, Work
from transcriber.stages.protocols import Record

WHOLE = 0
"""The part that is a stage itself; the parts that it fans out into count from 1."""

STAGE_NAMED: Mapping[str, Stage[Any]] = {stage.name: stage for stage in STAGES}


@dataclass(frozen=True, slots=True)
class Given:
    """What a finished step left: its record and the fingerprint that this was made under."""

    fingerprint: str
    record: Record


def mark_of(stage: Stage[Any], work: Work, needed: Mapping[str, str | TranscriberError]) -> str:
    """Return the fingerprint of a stage's result, before anything that it needs is read.

    `needed` holds, by the name of each stage that is needed, the fingerprint of what it left or
    why it failed. What rests on a failure has a fingerprint of its own, so that it never stands
    for the whole.
    """
    marks = []
    for other in stage.needs_for(work.job.recording.source):
        left = needed[other.name]
        marks.append(f"failed {left.code}" if isinstance(left, TranscriberError) else left)
    return fingerprint(stage.name, stage.depends_on(work), marks)


def bring(
    stages: Sequence[Stage[Any]], work: Work, given: Mapping[str, Record | TranscriberError]
) -> None:
    """Bring what `stages` left into `work`, or what stands instead of those that failed."""
    workspace = work.journal.workspace
    for needed in stages:
        if work.job.recording.source not in needed.of:
            continue
        left = given[needed.name]
        if isinstance(left, TranscriberError):
            work.failures[needed.name] = left
            work.results[needed.name] = needed.instead
        else:
            work.results[needed.name] = from_record(needed.result, left, workspace)
            work.took_ms[needed.name] = left.took_ms


def part_count(stage: Stage[Any], work: Work) -> int:
    """Return how many parts a stage whose needs are recalled fans out into; 0 for none."""
    count = stage.fan_out.count(work) if stage.fan_out else 0
    return count if count > 1 else 0


def do_part(stage: Stage[Any], part: int, work: Work, progress: StageProgress) -> Record:
    """Do one step, a part numbered from 1 or the WHOLE of a stage, and return its record."""

    def told(done: int, total: int) -> None:
        progress(stage.name, done, total)

    started_s = time.monotonic()
    if part == WHOLE:
        kind, result = stage.result, stage.run(work, told)
    else:
        assert stage.fan_out is not None
        kind, result = stage.fan_out.result, stage.fan_out.run_part(work, part - 1, told)
    return to_record(kind, result, _since_ms(started_s), work.journal.workspace)


def merge_parts(stage: Stage[Any], mark: str, parts: Sequence[Given], work: Work) -> Record:
    """Join what the parts of a stage left, in order, into the record of the stage.

    `mark` is the stage's fingerprint. Raises EngineFailed where a part was done by other means, a
    worker with another model, because one transcript must not be made by two.
    """
    if any(part.fingerprint != mark for part in parts):
        raise EngineFailed(
            "workers_differ",
            "The workers that heard this recording do not have the same speech model, so its parts "
            "do not fit together. Give all workers the same models and retry.",
        )
    assert stage.fan_out is not None
    started_s = time.monotonic()
    workspace = work.journal.workspace
    results = [from_record(stage.fan_out.result, part.record, workspace) for part in parts]
    merged = stage.fan_out.merge(work, results)
    heard_ms = sum(part.record.took_ms for part in parts)
    return to_record(stage.result, merged, heard_ms + _since_ms(started_s), workspace)


def _since_ms(started_s: float) -> int:
    return round((time.monotonic() - started_s) * 1000)
