"""What a worker does with a step: claim it, do it, and write what it gave in one commit."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from transcriber.domain.errors import (
    Defect,
    EngineMissing,
    InputError,
    RedactionRefused,
    StorageError,
    TranscriberError,
    UsageError,
)
from transcriber.domain.known_name import KnownName
from transcriber.domain.recording import Source
from transcriber.pipeline import DETECT, PROPAGATE, Engines, Job, Stage, Work
from transcriber.pipeline.result import from_record
from transcriber.pipeline.step import (
    STAGE_NAMED,
    WHOLE,
    bring,
    do_part,
    mark_of,
    merge_parts,
    part_count,
)
from transcriber.services.abandoned import free_abandoned, mark_of_claim
from transcriber.services.earlier_steps import EarlierSteps
from transcriber.services.forget import forget_finished
from transcriber.services.heartbeat import Heartbeat
from transcriber.services.known_names import introduce_names
from transcriber.services.stage_rows import READ_AGAIN, WITH_ROWS, known_names, write_rows
from transcriber.services.store import Store
from transcriber.services.stored_job import StoredJob, load_job, put_sources
from transcriber.services.uploads import sweep_uploads
from transcriber.stages.protocols import Record
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.entities import StoreRegister
from transcriber.storage.database.leases import Claim, LeaseLost, Leases
from transcriber.storage.database.outbox import Outbox
from transcriber.storage.folder_journal import FolderJournal
from transcriber.storage.scratch import Scratch
from transcriber.storage.stage_results import ResultForgotten, Slot

NO_ATTEMPT_MENDS = (InputError, UsageError, EngineMissing, RedactionRefused)
"""Another try would give the same."""

AWAY = frozenset({"database_unavailable", "disk_full", "not_writable", "storage_failed"})
"""Of the store: no fault of the step. It waits, without losing a try, until that is mended."""

ROOM_BYTES = 64 << 20
"""What a step needs besides the sound itself."""

BuildEngines = Callable[[StoredJob], Engines]

_log = logging.getLogger(__name__)


class StepWorker:
    """Does steps, one at a time."""

    def __init__(self, store: Store, scratch: Scratch, engines: BuildEngines) -> None:
        self._store = store
        self._scratch = scratch
        self._engines = engines
        self._current: Claim | None = None

    def beside(self) -> "StepWorker":
        """Return another worker with the same store and engines, for another thread."""
        return StepWorker(self._store, self._scratch, self._engines)

    @property
    def store(self) -> Store:
        """Where the jobs are kept that it does."""
        return self._store

    @property
    def leases(self) -> Leases:
        """Who works on what."""
        return self._store.leases

    @property
    def outbox(self) -> Outbox:
        """Messages that are yet to be sent."""
        return self._store.outbox

    def work_for(self, step_id: str) -> bool:
        """Do the most urgent step of the queue that a step waits in. Return whether one was."""
        queue = self.leases.queue_of(step_id)
        return queue is not None and self.work(queue)

    def work(self, queue: str, of_study: str | None = None) -> bool:
        """Do the most urgent step of a queue, of one study only. Return whether there was one.

        Whatever goes wrong with it is written down, not raised; StorageError where the database
        itself is away.
        """
        claim = self.leases.claim(queue, of_study)
        if claim is None:
            return False
        self._current = claim
        _log.info("step %s: %s, part %d, attempt %d", *_told(claim))
        try:
            with (
                self._scratch.mark(mark_of_claim(claim.step_id, claim.attempt)),
                Heartbeat(self.leases, claim) as heartbeat,
            ):
                self._do(claim, heartbeat)
            self.forget(claim.job_id)
        except LeaseLost:
            _log.warning("step %s: taken over or cancelled, nothing written", claim.step_id)
        except TranscriberError as error:
            self._give_up(claim, error)
        except Exception as error:  # noqa: BLE001 - its own text could quote an interview
            self._give_up(claim, Defect.of(error))
        finally:
            self._current = None
        return True

    def free_abandoned(self) -> None:
        """Free what killed processes of this machine held. Raises StorageError."""
        free_abandoned(self._store, self._scratch)

    def forget(self, job_id: str | None = None) -> None:
        """Erase the sound and the voice prints of a job that is done, or of all that are."""
        try:
            forget_finished(self._store, job_id)
        except StorageError as error:
            _log.warning("not everything that is done was forgotten yet: %s", error.code)

    def sweep_uploads(self) -> None:
        """Delete uploads that nobody went on with in time."""
        try:
            sweep_uploads(self._store)
        except StorageError as error:
            _log.warning("not every upload that is late was deleted yet: %s", error.code)

    @contextmanager
    def finished(
        self, job_id: str, wanted: Sequence[Stage[Any]], *, with_sources: bool = False
    ) -> Iterator[Work]:
        """Give a job that is done with the results of some stages, to write files from.

        `with_sources` it can be listened to as well. All files are gone afterwards. Raises
        StorageError.
        """
        job = load_job(self._store, job_id)
        room_bytes = ROOM_BYTES + job.size_bytes * with_sources
        with self._scratch.workspace(room_bytes) as workspace:
            work = self._work(job, workspace, None)
            if with_sources:
                self._put_sources(work, job)
            bring(wanted, work, EarlierSteps(self._store.results, job).records(wanted, workspace))
            yield work

    def put_back(self) -> None:
        """Give the step in hand to the next worker at once: this process is about to end."""
        claim = self._current
        if claim is not None:
            self.leases.release(claim)

    def _give_up(self, claim: Claim, error: TranscriberError) -> None:
        _log.warning("step %s: %s: %s", claim.step_id, error.code, error.sentence)
        try:
            if error.code in AWAY or isinstance(error, Conflict):
                self.leases.postpone(claim, error)
            else:
                self.leases.fail(claim, error, final=isinstance(error, NO_ATTEMPT_MENDS))
        except StorageError:
            # The lease runs out by itself, and then another worker tries.
            _log.warning("step %s: the database did not take that", claim.step_id)

    def _do(self, claim: Claim, heartbeat: Heartbeat) -> None:
        stage = STAGE_NAMED[claim.stage]
        job = load_job(self._store, claim.job_id)
        with self._scratch.workspace(job.size_bytes + ROOM_BYTES) as workspace:
            work = self._work(job, workspace, claim)
            earlier = EarlierSteps(self._store.results, job)
            try:
                mark = mark_of(stage, work, earlier.marks(stage.needs))
                slot = Slot(job.recording_id, stage.name, claim.part, mark)
                known = self._store.results.find(slot)
                if known is not None:
                    self._take(claim, job, known, workspace)
                    return
                bring(stage.needs, work, earlier.records(stage.needs, workspace))
            except ResultForgotten:
                self.leases.go_back(claim, earlier.forgotten(stage.needs))
                return
            if not stage.needs:
                self._put_sources(work, job)
            made = self._made(claim, earlier, work, mark, heartbeat)
            if made is not None:
                if stage is DETECT:
                    introduce_names(work, from_record(DETECT.result, made, workspace))
                self._store.results.keep(
                    slot,
                    made,
                    workspace,
                    lambda connection, result_id: self._finish(
                        connection, claim, job, result_id, made
                    ),
                )

    def _take(self, claim: Claim, job: StoredJob, known: str, workspace: Path) -> None:
        """Finish a step with what an earlier job left; that is read only where rows need it."""
        with_rows = claim.part == WHOLE and claim.stage in READ_AGAIN
        record = self._store.results.load(known, workspace) if with_rows else None
        with self._store.database.write() as connection:
            self._finish(connection, claim, job, known, record)

    def _finish(
        self,
        connection: Connection,
        claim: Claim,
        job: StoredJob,
        result_id: str,
        record: Record | None,
    ) -> None:
        """Write all that becomes true with a step's end, in one transaction. Raises LeaseLost."""
        self.leases.finish(connection, claim, result_id)
        if record is not None and claim.part == WHOLE and claim.stage in WITH_ROWS:
            result = from_record(STAGE_NAMED[claim.stage].result, record, Path())
            write_rows(self._store, connection, job, claim.stage, result_id, result)

    def _made(
        self, claim: Claim, earlier: EarlierSteps, work: Work, mark: str, heartbeat: Heartbeat
    ) -> Record | None:
        """Return what the step gave; None where the stage was divided into parts instead."""
        stage = STAGE_NAMED[claim.stage]
        if claim.part == WHOLE:
            parts = earlier.parts(stage, work.journal.workspace)
            if parts:
                return merge_parts(stage, mark, parts, work)
            count = part_count(stage, work)
            if count:
                self.leases.fan_out(claim, count)
                return None
        return do_part(stage, claim.part, work, heartbeat.progress)

    def _put_sources(self, work: Work, job: StoredJob) -> None:
        sources = put_sources(self._store, job, work.journal.workspace)
        written = None
        if job.recording.source is not Source.SOUND:
            *sound, written = sources
            sources = tuple(sound)
        work.job = replace(work.job, sources=sources, written=written)

    def _work(self, job: StoredJob, workspace: Path, claim: Claim | None) -> Work:
        register = StoreRegister(
            self._store.database,
            self._store.keyring,
            job.study.id,
            lambda connection: self.leases.require(connection, claim),
        )
        known = self._known(job) if claim and claim.stage == PROPAGATE.name else ()
        request = job.request
        return Work(
            Job(
                job.recording,
                (),
                request.roster,
                request.policies,
                request.edits,
                known,
                request.told,
                request.labels,
            ),
            self._engines(job),
            register,
            FolderJournal(workspace),
        )

    def _known(self, job: StoredJob) -> tuple[KnownName, ...]:
        with self._store.database.read() as connection:
            return known_names(self._store, connection, job.study.id)


def _told(claim: Claim) -> tuple[str, str, int, int]:
    return claim.step_id, claim.stage, claim.part, claim.attempt
