"""Bring a job through its stages, doing nothing twice.

A finished stage is written to the journal under a fingerprint of everything its result depends
on; what is recorded is never computed again, so a killed run goes on where it stopped, and a
changed roster repeats detection but not recognition.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from transcriber import __version__
from transcriber.domain.errors import Defect, TranscriberError
from transcriber.pipeline.plan import STAGES
from transcriber.pipeline.result import from_record, to_record
from transcriber.pipeline.work import Stage, StageProgress, Work


def run(work: Work, targets: Sequence[Stage[Any]], progress: StageProgress) -> None:
    """Bring `targets` of its source into `work.results`, doing only what is not recorded yet.

    A stage that fails does not stop the one beside it: what that one finishes is recorded before
    the error is raised.
    """
    fingerprints = _fingerprints(work)
    missing: set[Stage[Any]] = set()
    for target in [target for target in targets if work.job.recording.source in target.of]:
        _recall(target, work, fingerprints, missing)
    for stage in STAGES:
        if stage.name in work.results:
            progress(stage.name, 1, 1)

    with ThreadPoolExecutor(max_workers=2) as side_by_side:
        running: dict[Future[Any], Stage[Any]] = {}
        while missing or running:
            for stage in [s for s in STAGES if s in missing and _is_ready(s, work)]:
                missing.remove(stage)
                fingerprint = fingerprints[stage.name]
                running[side_by_side.submit(_finish, stage, work, fingerprint, progress)] = stage
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                work.results[running.pop(done).name] = done.result()


def _finish(stage: Stage[Any], work: Work, fingerprint: str, progress: StageProgress) -> Any:
    """Do a stage's work and record it; return its result, or what stands instead of it."""
    started_s = time.monotonic()
    try:
        result = stage.run(work, lambda done, total: progress(stage.name, done, total))
    except Exception as error:
        if stage.instead is None:
            raise
        known = error if isinstance(error, TranscriberError) else Defect.of(error)
        work.failures[stage.name] = known
        return stage.instead
    took_ms = work.took_ms[stage.name] = round((time.monotonic() - started_s) * 1000)
    if not _rests_on_failure(stage, work):
        record = to_record(stage.result, result, took_ms, work.journal.workspace)
        work.journal.record(stage.name, fingerprint, record)
    progress(stage.name, 1, 1)
    return result


def _recall(
    stage: Stage[Any], work: Work, fingerprints: dict[str, str], missing: set[Stage[Any]]
) -> None:
    """Load a stage's recorded result, or add it and what it needs to `missing`."""
    if stage.name in work.results or stage in missing:
        return
    recorded = work.journal.load(stage.name, fingerprints[stage.name])
    if recorded is not None:
        work.results[stage.name] = from_record(stage.result, recorded, work.journal.workspace)
        work.took_ms[stage.name] = recorded.took_ms
        return
    missing.add(stage)
    for needed in stage.needs_for(work.job.recording.source):
        _recall(needed, work, fingerprints, missing)


def _rests_on_failure(stage: Stage[Any], work: Work) -> bool:
    return any(
        needed.name in work.failures or _rests_on_failure(needed, work)
        for needed in stage.needs_for(work.job.recording.source)
    )


def _is_ready(stage: Stage[Any], work: Work) -> bool:
    needs = stage.needs_for(work.job.recording.source)
    return all(needed.name in work.results for needed in needs)


def _fingerprints(work: Work) -> dict[str, str]:
    """Hash, stage by stage, everything that a result depends on."""
    fingerprints: dict[str, str] = {}
    source = work.job.recording.source
    for stage in STAGES:
        if source not in stage.of:
            continue
        needed = [fingerprints[other.name] for other in stage.needs_for(source)]
        fingerprints[stage.name] = fingerprint(stage.name, stage.depends_on(work), needed)
    return fingerprints


def fingerprint(*ingredients: object) -> str:
    """Hash, with the version of this program, what a recorded result depends on."""
    canonical = json.dumps([__version__, *ingredients], sort_keys=True, default=dict)
    return hashlib.sha256(canonical.encode()).hexdigest()
