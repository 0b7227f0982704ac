"""How far recordings are and how long they will take: states, stages and times, never a name."""

import os
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Connection

from transcriber.domain.recording_state import RecordingState
from transcriber.pipeline.order import State, needed_for
from transcriber.services.eta import (
    LEARN_FROM,
    MINUTE_MS,
    NOTHING,
    Eta,
    Machine,
    Speeds,
    fraction_done,
    learnt,
    remaining,
    whole_work,
    work_left,
)
from transcriber.services.recording_files import WRITTEN_FROM
from transcriber.services.recording_list import StageSummary, stages_of
from transcriber.services.store import Store
from transcriber.storage.database.jobs import JobState, jobs_named
from transcriber.storage.database.recording_states import RecordingRow, rows_of
from transcriber.storage.database.stage_times import (
    Queued,
    changed_rows,
    database_now_ms,
    erased_since,
    queue,
    stage_times,
)

LEARN_EVERY_S = 60.0
LATE_COMMIT_MS = 5_000
"""What is committed now may carry a time of some seconds ago; looks overlap by as much."""

NO_IDEA = "no idea yet"

_MOVING = (RecordingState.WAITING, RecordingState.WORKING)


@dataclass(frozen=True, slots=True)
class RecordingProgress:
    """How far a recording is: `fraction` from 0 to 1, and the stages that are being done.

    `eta` counts what waits before it; None where that is not known. Times are rounded so that they
    change when something does.
    """

    recording_id: str
    study_id: str
    state: RecordingState
    stages: tuple[str, ...]
    fraction: float
    eta: Eta | None
    failure_code: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What changed by a moment, in the database's time; `gone` are study and recording."""

    as_of_ms: int
    changed: tuple[RecordingProgress, ...]
    gone: tuple[tuple[str, str], ...]


class ProgressWatch:
    """Looks at how far recordings are; what past jobs took is learnt anew once a minute."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._speeds: Speeds = {}
        self._learnt_at_s: float | None = None
        children, _ = store.settings.workers.sized(os.cpu_count() or 1)
        self._machine = Machine(children)

    def look(self, study_ids: Collection[str], since_ms: int | None = None) -> Look:
        """Return the recordings of studies that are at work or changed since a moment.

        Without `since_ms`, those that are at work or ended within the last minute.
        """
        with self._store.database.read() as connection:
            now_ms = database_now_ms(connection)
            begin_ms = (now_ms - MINUTE_MS if since_ms is None else since_ms) - LATE_COMMIT_MS
            rows = changed_rows(connection, study_ids, begin_ms)
            return Look(
                now_ms,
                tuple(self._progress(connection, rows, now_ms)),
                tuple(erased_since(connection, study_ids, begin_ms)),
            )

    def of(self, recording_ids: Collection[str]) -> Mapping[str, RecordingProgress]:
        """Return how far some recordings are, by their ids."""
        with self._store.database.read() as connection:
            now_ms = database_now_ms(connection)
            found = self._progress(connection, rows_of(connection, recording_ids), now_ms)
            return {progress.recording_id: progress for progress in found}

    def _progress(
        self, connection: Connection, rows: Sequence[RecordingRow], now_ms: int
    ) -> Iterable[RecordingProgress]:
        speeds = self._learn(connection)
        moving = [row for row in rows if row.state in _MOVING]
        waiting = queue(connection) if moving else []
        begun = [job.job_id for job in waiting if job.begun]
        shown = [
            row.job_id for row in rows if row.job_id and row.state is not RecordingState.WAITING
        ]
        jobs = {job.id: job for job in jobs_named(connection, sorted({*begun, *shown}))}
        ahead = self._ahead(waiting, jobs, speeds, now_ms)
        for row in rows:
            job = jobs.get(row.job_id or "")
            stages = stages_of(job) if job else _untouched()
            yield self._of_row(row, job, stages, ahead.get(row.job_id or ""), now_ms)

    def _of_row(
        self,
        row: RecordingRow,
        job: JobState | None,
        stages: Sequence[StageSummary],
        ahead: Eta | None,
        now_ms: int,
    ) -> RecordingProgress:
        eta, fraction = None, 1.0
        if row.state in _MOVING:
            fraction = fraction_done(stages, row.duration_ms, self._speeds, now_ms)
            own = remaining(stages, row.duration_ms, self._speeds, now_ms, self._machine)
            eta = rounded(ahead + own) if ahead and own else None
        failure = job.failure if job and row.state is RecordingState.FAILED else None
        return RecordingProgress(
            recording_id=row.id,
            study_id=row.study_id,
            state=row.state,
            stages=tuple(stage.stage for stage in stages if stage.state is State.RUNNING),
            fraction=round(fraction, 2),
            eta=eta,
            failure_code=failure.failure_code if failure else None,
        )

    def _ahead(
        self, waiting: Sequence[Queued], jobs: Mapping[str, JobState], speeds: Speeds, now_ms: int
    ) -> Mapping[str, Eta]:
        """Return for each job what is done before it; nothing from the first that nobody knows.

        A recording that was not read yet is taken to be as long as most of them.
        """
        lengths = [job.duration_ms for job in waiting if job.duration_ms is not None]
        usual_ms = median(lengths) if lengths else None
        before: Eta | None = NOTHING
        ahead: dict[str, Eta] = {}
        for job in waiting:
            if before is None:
                break
            ahead[job.job_id] = before
            length_ms = usual_ms if job.duration_ms is None else job.duration_ms
            work = None
            if length_ms is not None and job.job_id in jobs:
                stages = stages_of(jobs[job.job_id])
                work = work_left(stages, round(length_ms), speeds, now_ms, self._machine)
            elif length_ms is not None:
                work = whole_work(needed_for(WRITTEN_FROM), round(length_ms), speeds)
            before = before + work.times(1 / self._machine.at_once) if work else None
        return ahead

    def _learn(self, connection: Connection) -> Speeds:
        with self._lock:
            now_s = time.monotonic()
            if self._learnt_at_s is None or now_s - self._learnt_at_s > LEARN_EVERY_S:
                self._speeds = learnt(stage_times(connection, needed_for(WRITTEN_FROM), LEARN_FROM))
                self._learnt_at_s = now_s
            return self._speeds


def rounded(eta: Eta) -> Eta:
    """Return times that people can use: whole minutes, from ten minutes on in steps of five."""
    return Eta(*(_rounded(value) for value in (eta.low_ms, eta.likely_ms, eta.high_ms)))


def eta_words(eta: Eta | None) -> str:
    """Say how long it takes: `about 12 minutes (10 to 20)`, or that nobody knows."""
    if eta is None:
        return NO_IDEA
    low, likely, high = (
        round(value / MINUTE_MS) for value in (eta.low_ms, eta.likely_ms, eta.high_ms)
    )
    if high <= 1:
        return "about a minute"
    span = f" ({low} to {high})" if low != high else ""
    if likely >= 120:
        hours = round(likely / 30) / 2
        return f"about {hours:g} hours"
    return f"about {likely} minutes{span}"


def _rounded(value_ms: float) -> float:
    minutes = max(1, round(value_ms / MINUTE_MS))
    return (minutes if minutes < 10 else round(minutes / 5) * 5) * MINUTE_MS


def _untouched() -> tuple[StageSummary, ...]:
    return tuple(
        StageSummary(stage, State.WAITING, 0, 1, None) for stage in needed_for(WRITTEN_FROM)
    )
