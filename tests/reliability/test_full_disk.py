"""A disk that is really full, at every stage: nothing half-written, and on it goes with room."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tests.fakes import fake_engines
from transcriber.domain.recording import Kind
from transcriber.domain.roster import Roster
from transcriber.pipeline import Engines
from transcriber.pipeline.order import State, needed_for
from transcriber.services.integrity import check_store
from transcriber.services.jobs import list_jobs
from transcriber.services.policy_file import load_policies
from transcriber.services.recording_files import WRITTEN_FROM
from transcriber.services.settings import QUEUES, load_settings
from transcriber.services.step_work import StepWorker
from transcriber.services.store import Store, open_store
from transcriber.services.stored_job import StoredJob
from transcriber.services.submit import Submission, study_for, submit
from transcriber.storage.database.tables import BLOB, STAGE_RESULT, STEP
from transcriber.storage.keys.master_key import KeyFile
from transcriber.storage.scratch import Scratch

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk"),
]

DISK_MIB = 8


class SmallDisk:
    """A disk of a few MiB that can be filled to the last byte."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self) -> None:
        with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"\0" * 4096)

    def empty(self) -> None:
        self._ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    path = tmp_path / "disk"
    path.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(path)], check=True
    )
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


@pytest.mark.parametrize("what", ["files", "database"])
def test_a_disk_that_is_full_at_any_stage_loses_nothing(
    disk: SmallDisk, tmp_path: Path, what: str
) -> None:
    given = {"TRANSCRIBER_HOME": str(tmp_path / "home")}
    if what == "files":
        given["TRANSCRIBER_BLOB_URL"] = (disk.path / "blobs").as_uri()
    else:
        (disk.path / "db").mkdir()
        given["TRANSCRIBER_DATABASE_URL"] = f"sqlite:///{disk.path}/db/transcriber.sqlite"
    settings = load_settings(given)
    KeyFile(settings.key_file).create()
    store = open_store(settings)
    fills = False

    def engines(_: StoredJob) -> Engines:
        """Fill the disk once a step was claimed, before anything of it is written."""
        if fills:
            disk.fill()
        return fake_engines()

    worker = StepWorker(store, Scratch(tmp_path / "scratch"), engines)
    source = tmp_path / "talk.wav"
    source.write_bytes(b"decoded by a fake")
    study = study_for(store, "S", Roster(), load_policies(["default"]))
    submit(store, study, Submission((source,), Kind.INDIVIDUAL))

    def work() -> bool:
        return any(worker.work(queue) for queue in QUEUES)

    refused = 0
    while _state(store) is State.RUNNING:
        before = _there(store)
        fills = True
        assert work()
        fills = False
        refused += 1
        assert _there(store) == before, "something was written by half"
        disk.empty()
        _hurry(store)
        assert work()
        assert _there(store) != before
    assert refused == len(needed_for(WRITTEN_FROM))
    assert _state(store) is State.DONE
    assert check_store(store, thorough=True, progress=lambda *_: None).is_whole
    files = {file.name for file in store.blobs.place.listed()}
    with store.database.read() as connection:
        rows = set(connection.execute(select(BLOB.c.id)).scalars())
    # Where the database went away in a commit, nobody can tell whether it was made: such files stay
    # for the integrity check.
    assert files == rows if what == "files" else files >= rows


def _state(store: Store) -> State:
    (job,) = list_jobs(store)
    return job.state.state


def _there(store: Store) -> tuple[int, int, int]:
    (job,) = list_jobs(store)
    with store.database.read() as connection:
        blobs = connection.execute(select(func.count()).select_from(BLOB)).scalar_one()
        results = connection.execute(select(func.count()).select_from(STAGE_RESULT)).scalar_one()
    return blobs, results, job.state.done


def _hurry(store: Store) -> None:
    """Let no step wait after a failure, nor for the lease of one that could not even say so."""
    with store.database.write() as connection:
        connection.execute(
            update(STEP)
            .where(STEP.c.state.in_((State.READY, State.RUNNING)))
            .values(lease_until_ms=0)
        )
