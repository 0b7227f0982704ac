"""Unique names go through everything; then every place where they must not be is searched."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.databases import MEMORY
from tests.debian_redis import watched_redis
from tests.reliability.service import Service
from transcriber.bootstrap import build_worker
from transcriber.domain.roster import Roster
from transcriber.pipeline.order import State
from transcriber.services.jobs import list_jobs
from transcriber.services.policy_file import load_policies
from transcriber.services.recording_files import Writing
from transcriber.services.study_run import Export, export
from transcriber.services.submit import study_for
from transcriber.storage.study_folder import StudyFolder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs Debian's redis-server"),
]


def canary() -> str:
    """Return a name that nobody has."""
    return "Zq" + "".join(secrets.choice("abcdefghijklmnoprstuvw") for _ in range(10))


def forms(name: str) -> list[bytes]:
    """Return how a name may be written."""
    return [
        form.encode(encoding)
        for form in (name, name.lower(), name.upper())
        for encoding in ("utf-8", "utf-16-le")
    ]


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="can", dir=MEMORY if MEMORY.is_dir() else None) as path:
        yield Path(path)


@pytest.fixture
def redis_url(folder: Path) -> Iterator[str]:
    """A Redis that writes everything down, and what MONITOR says of it."""
    with watched_redis(folder / "redis") as url:
        yield url


def arguments_and_environments() -> bytes:
    """Return what every process on the machine shows of itself."""
    shown = []
    for process in psutil.process_iter():
        for name in ("cmdline", "environ"):
            try:
                shown.append(Path(f"/proc/{process.pid}/{name}").read_bytes())
            except OSError:
                continue
    return b"\n".join(shown)


def hits(root: Path, wanted: dict[str, list[bytes]]) -> list[str]:
    """Return what of `wanted` is in which file or file name below `root`."""
    found = []
    for path in root.rglob("*"):
        content = path.read_bytes() if path.is_file() and not path.is_socket() else b""
        place = str(path.relative_to(root)).encode()
        for name, written in wanted.items():
            if any(form in content or form in place for form in written):
                found.append(f"{name} in {path.name}")
    return found


def test_no_name_is_anywhere_but_encrypted(folder: Path, redis_url: str) -> None:
    names = {what: canary() for what in ("spoken", "surname", "rostered", "file", "study")}
    wanted = {what: forms(name) for what, name in names.items()}
    temporary = folder / "tmp"
    temporary.mkdir()
    service = Service(folder / "s", broker_url=redis_url)
    service.extra = {"TMPDIR": str(temporary), "QUICK_DETECTORS": "1"}
    study_for(
        service.store,
        names["study"],
        Roster(people=(f"{names['rostered']} {names['surname']}",)),
        load_policies(["default"]),
    )
    said = f"my name is {names['spoken']} {names['surname']} and {names['rostered']} came too"
    try:
        service.beat()
        service.worker()
        for content in (said, f"explode {said}", f"poison {said}"):
            service.submit(content.encode(), names["study"], file_name=f"{names['file']}.wav")
        seen = b""
        deadline_s = time.monotonic() + 300
        while not service.all_ended() and time.monotonic() < deadline_s:
            seen += arguments_and_environments()
            time.sleep(0.5)
        states = sorted(job.state.state for job in list_jobs(service.store))
        assert states == [State.DONE, State.FAILED, State.FAILED]
    finally:
        service.kill_all()

    for what, written in wanted.items():
        assert not any(form in seen for form in written), f"{what} shown by a process"
    assert hits(folder, wanted) == []
    assert hits(MEMORY / f"transcriber-{os.getuid()}", wanted) == []
    (folder / "log").write_text(names["spoken"])
    assert hits(folder, wanted) == ["spoken in log"], "the search itself must find what is there"


def test_the_names_were_really_there(folder: Path) -> None:
    """The same text, exported from the store, holds the name in private and not in redacted."""
    name, out = canary(), folder / "out"
    service = Service(folder / "s")
    service.extra = {"QUICK_DETECTORS": "1"}
    service.broker()
    study_for(service.store, "S", Roster(people=(name,)), load_policies(["default"]))
    try:
        service.beat()
        service.worker()
        service.submit(f"we met {name} there".encode(), "S")
        assert service.wait(service.all_ended, 240)
    finally:
        service.kill_all()
    (job,) = list_jobs(service.store)
    assert job.state.state is State.DONE
    worker = build_worker(service.store, 1)
    export(worker, job.state.id, Export(StudyFolder(out), Writing()), Path("x"))
    private = b"".join(path.read_bytes() for path in (out / "private").iterdir())
    redacted = (out / "redacted" / "INT01.txt").read_bytes()
    assert name.encode() in private
    assert name.encode() not in redacted
