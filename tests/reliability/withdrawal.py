"""Participants who withdraw while workers are at work, and withdrawals that are killed.

    python -m tests.reliability.withdrawal --full      25 participants, on SQLite and PostgreSQL

Each takes part in a study of its own with four recordings: an interview, a group, a group in which
others name them, and an interview that has nothing of them. Most withdrawals are killed at a random
moment and ended by the next process. Then every byte is searched: the folder with files, database,
Redis (its log of writes, its dump, and what MONITOR saw of it), logs of the workers and a backup
made afterwards; the files of the database server, and a dump of it. All that the keys open is
decrypted, sound decoded, and searched too. A backup of before is put back at the end.
"""

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.databases import MEMORY
from tests.debian_redis import watched_redis
from tests.postgres import PostgresServer, postgres_server
from tests.reliability.service import Service
from tests.security.test_erasure import pg_dump
from tests.taken_back import (
    LABELS,
    Traces,
    kept_of_others,
    killed,
    lying_about,
    readable,
    server_files,
    taken_back,
    traces_of,
)
from tests.taking_part import TakingPart, taking_part
from transcriber.services.backup import back_up
from transcriber.services.restore import restore
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.studies import show_study
from transcriber.services.withdrawal.withdraw import finish_withdrawals

FULL, FEW = 25, 2
KILLED = 0.8
"""The share of withdrawals that are killed."""

PATIENCE_S = 300


@dataclass
class Trial:
    """What was found of whom, and how long it took from the order to the end of the withdrawal."""

    participants: int
    killed: int = 0
    took_s: list[float] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    came_back: list[str] = field(default_factory=list)
    searched_bytes: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing is left, nothing of others is lost, and nothing came back."""
        return not (self.found or self.lost or self.came_back)


@contextmanager
def database(kind: str) -> Iterator[tuple[str | None, PostgresServer | None]]:
    """Give the URL of an empty database of a kind and its server; None is a file of our own."""
    if kind == "sqlite":
        yield None, None
        return
    with (
        tempfile.TemporaryDirectory(prefix="pg", dir=MEMORY if MEMORY.is_dir() else None) as folder,
        postgres_server(Path(folder)) as server,
    ):
        yield server.new_database(), server


def trial(kind: str, participants: int, seed: int, minutes: int) -> Trial:
    """Let participants withdraw on a backend of a kind, and search for each of them."""
    random_, result = random.Random(seed), Trial(participants)
    with (
        tempfile.TemporaryDirectory(prefix="wdr", dir=MEMORY if MEMORY.is_dir() else None) as path,
        watched_redis(Path(path) / "redis") as broker,
        database(kind) as (url, server),
    ):
        folder = Path(path)
        service = Service(folder / "s", database_url=url, broker_url=broker, lease_s=5)
        worlds = [taking_part(service.store, folder / "work", minutes) for _ in range(participants)]
        traces = [traces_of(world) for world in worlds]
        before = folder.with_name(f"{folder.name}-before")
        back_up(service.store, before, lambda done, total: None)
        try:
            service.beat()
            service.worker(children=1)
            for number, world in enumerate(worlds):
                service.submit(f"recording {number}".encode())
                _withdraw(service, world, result, random_)
            service.wait(service.all_ended, PATIENCE_S)
        finally:
            service.kill_all()
        _search(service, folder, server, list(zip(worlds, traces, strict=True)), result)
        _put_back(service, before, worlds, result)
        shutil.rmtree(before)
    return result


def _withdraw(service: Service, world: TakingPart, result: Trial, random_: random.Random) -> None:
    """Withdraw one participant; where it is killed, the next process ends it."""
    begun_s = time.monotonic()
    if random_.random() < KILLED:
        usual_s = sorted(result.took_s)[len(result.took_s) // 2] if result.took_s else 5.0
        whole = killed(lambda: taken_back(world), random_.random() * usual_s * 1000)
        result.killed += not whole
        finish_withdrawals(open_store(service.settings))
        if not _is_known(world):
            result.took_s.append(time.monotonic() - begun_s)
            return
        taken_back(world)
    else:
        taken_back(world)
    result.took_s.append(time.monotonic() - begun_s)


def _is_known(world: TakingPart) -> bool:
    """Whether the roster has P03 still: then the withdrawal was killed before it had begun."""
    roster = show_study(world.store, world.study.id).agreed.roster
    return any(participant.label in LABELS for participant in roster.participants)


def _search(
    service: Service,
    folder: Path,
    server: PostgresServer | None,
    sought: Sequence[tuple[TakingPart, Traces]],
    result: Trial,
) -> None:
    """Search every byte that is there, and all that the keys open."""
    back_up(service.store, folder / "after", lambda done, total: None)
    places, files = [folder], None
    if server is not None:
        name = str(service.store.database.url.database)
        (folder / "dump.sql").write_bytes(pg_dump(name, server))
        files = server_files(service.store, server)
    result.searched_bytes = sum(
        path.stat().st_size
        for place in (*places, *([files] if files else ()))
        for path in place.rglob("*")
        if path.is_file()
    )
    for world, traces in sought:
        result.found += lying_about(places, traces, files)
        result.found += readable(world, service.store)
        result.lost += [str(each) for lost in kept_of_others(world, service.store) for each in lost]


def _put_back(service: Service, before: Path, worlds: Sequence[TakingPart], result: Trial) -> None:
    """Put the backup of before back, and see what can be read of anybody who withdrew."""
    there = before.with_name(f"{before.name}-there")
    keys = there / "keys"
    keys.mkdir(parents=True)
    shutil.copy(service.folder / "master.key", keys / "master.key")
    shutil.copy(service.settings.erased_list, keys / "erased.list")
    settings = load_settings({"TRANSCRIBER_HOME": str(there)})
    restore(settings, before, lambda done, total: None)
    store = open_store(settings)
    for world in worlds:
        found = readable(world, store)
        result.came_back += found
    shutil.rmtree(there)


def main() -> int:
    """Run the trial on each kind of database and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.withdrawal")
    parser.add_argument("--full", action="store_true", help=f"{FULL} participants, not {FEW}")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--participants", type=int, help="how many, if not that")
    parser.add_argument("--minutes", type=int, default=0, help="how long others go on in a group")
    arguments = parser.parse_args()
    participants = arguments.participants or (FULL if arguments.full else FEW)
    good = True
    for kind in [arguments.only] if arguments.only else ["sqlite", "postgresql"]:
        result = trial(kind, participants, arguments.seed, arguments.minutes)
        good = good and result.is_good
        took_s = sorted(result.took_s)
        usual_s = took_s[len(took_s) // 2]
        print(
            f"{datetime.now(UTC):%Y-%m-%d} {kind}: {participants} participants, "
            f"{4 * participants} recordings, {result.killed} withdrawals killed and ended; "
            f"{result.searched_bytes / 1e6:.0f} MB searched: {len(result.found)} found, "
            f"{len(result.lost)} of others lost, {len(result.came_back)} in a backup of before; "
            f"gone after {usual_s:.1f} s in the middle, {took_s[-1]:.1f} s at most",
            flush=True,
        )
        for each in sorted({*result.found, *result.lost, *result.came_back}):
            print(f"  {each}", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
