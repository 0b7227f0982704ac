"""A year of retention under clocks that jump, looks that are missed and workers that are killed.

    python -m tests.reliability.retention --full        500 recordings, on SQLite and PostgreSQL

Every hour or two somebody looks; the schedule does it more often. What should have happened is
told by this file alone: an item is due when the rules say so, and late only for as long as nobody
looked, the clock had jumped some hours before, or a hold stood.
"""

import argparse
import contextlib
import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.databases import MEMORY
from tests.postgres import postgres_server
from tests.reliability.retention_world import Item, World, build

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
START_MS = 1_700_000_000_000
YEAR_DAYS = 365
SETTLED_MS = 6 * HOUR_MS
"""After a disturbance nothing is destroyed for so long."""
KILLED = 0.8
"""The share of looks that are killed, of those that have something to destroy."""
MARGIN_MS = 3 * HOUR_MS
"""After it is due nothing is destroyed for so long."""


@dataclass
class Disturbance:
    """From when to when the clock was off by how much; None: nobody looked."""

    start_ms: int
    end_ms: int
    offset_ms: int | None


@dataclass
class Trial:
    """What happened in a year."""

    looks: int = 0
    missed: int = 0
    wrong_clock: int = 0
    killed: int = 0
    destroyed: int = 0
    early: list[Item] = field(default_factory=list)
    held: list[Item] = field(default_factory=list)
    late: list[Item] = field(default_factory=list)
    most_late_ms: int = 0
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        return not (self.early or self.held or self.late)


def disturbances(random_: random.Random, days: int) -> list[Disturbance]:
    """Outages of hours to weeks, and clocks that are wrong for some hours, either way."""
    found = []
    for _ in range(days // 6):
        start_ms = START_MS + random_.randrange(days * DAY_MS)
        if random_.random() < 0.4:
            length_ms = random_.randrange(4 * HOUR_MS, max(days // 26, 1) * DAY_MS)
            found.append(Disturbance(start_ms, start_ms + length_ms, None))
        else:
            length_ms = random_.randrange(HOUR_MS, 5 * HOUR_MS)
            off_ms = random_.choice((-1, 1)) * random_.randrange(4 * HOUR_MS, 500 * DAY_MS)
            found.append(Disturbance(start_ms, start_ms + length_ms, off_ms))
    return sorted(found, key=lambda one: one.start_ms)


def run_year(world: World, seed: int, every_ms: int, days: int) -> Trial:
    """Look at a world for some days, and judge each look by what is known to be true."""
    random_, trial, begun_s = random.Random(seed), Trial(), time.monotonic()
    disturbed = disturbances(random_, days)
    settled_at_ms, gone, deadlines = START_MS, set[Item](), dict[Item, int]()
    now_ms, last_end_ms, seen_ms = START_MS, START_MS, START_MS
    while now_ms < START_MS + days * DAY_MS:
        world.live_until(now_ms)
        current = next((one for one in disturbed if one.start_ms <= now_ms < one.end_ms), None)
        ended = max((one.end_ms for one in disturbed if one.end_ms <= now_ms), default=last_end_ms)
        settled_at_ms = max(settled_at_ms, ended + SETTLED_MS + 3 * every_ms)
        due, held = world.due(now_ms - MARGIN_MS), world.held()
        # Whoever should be gone by this look, were it not killed.
        expected = (
            {item for item in due if item not in held}
            if current is None and now_ms >= settled_at_ms
            else set()
        )
        clean = True
        if current is not None and current.offset_ms is None:
            trial.missed += 1
        else:
            offset_ms = current.offset_ms if current and current.offset_ms else 0
            trial.wrong_clock += bool(offset_ms)
            trial.looks += 1
            busy = bool(due - held - gone)
            clean = _look(world, now_ms + offset_ms, random_, KILLED if busy else 0)
            trial.killed += not clean
            if now_ms - seen_ms > MARGIN_MS:  # of several that were killed in a row
                settled_at_ms = max(settled_at_ms, now_ms + SETTLED_MS + 3 * every_ms)
            seen_ms = now_ms if clean else seen_ms
        fresh = world.destroyed() - gone
        gone |= fresh
        trial.destroyed += len(fresh)
        trial.early += [item for item in fresh if item not in world.due(now_ms)]
        trial.held += [item for item in fresh if item in held]
        for item in fresh:
            trial.most_late_ms = max(trial.most_late_ms, now_ms - deadlines.get(item, now_ms))
        if clean:
            trial.late += [item for item in expected if item not in gone]
        for item in due - held:
            deadlines.setdefault(item, now_ms)
        now_ms += every_ms + random_.randrange(-every_ms // 10, every_ms // 10)
    trial.seconds = time.monotonic() - begun_s
    return trial


def _look(world: World, clock_ms: int, random_: random.Random, kill_chance: float) -> bool:
    """Look once, in a process of its own where it is to be killed; return whether it ended."""
    if random_.random() >= kill_chance:
        world.look(clock_ms)
        return True
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            world.look(clock_ms)
            os._exit(0)
        os._exit(1)
    time.sleep(random_.random() * 0.1)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


@contextlib.contextmanager
def databases(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty database of a kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'store' / 'transcriber.sqlite'}"
        return
    with (
        tempfile.TemporaryDirectory(prefix="pg", dir=MEMORY if MEMORY.is_dir() else None) as server,
        postgres_server(Path(server)) as running,
    ):
        yield running.new_database()


def trial(kind: str, recordings: int, seed: int, every_ms: int, days: int) -> Trial:
    """Run some days on a backend of a kind; raise AssertionError where the store is not whole."""
    with (
        tempfile.TemporaryDirectory(prefix="ret", dir=MEMORY if MEMORY.is_dir() else None) as path,
        databases(kind, Path(path)) as url,
    ):
        world = build(Path(path), url, recordings, START_MS, days, seed)
        result = run_year(world, seed, every_ms, days)
        world.require_whole()
        return result


FULL = (500, 1, 2 * HOUR_MS, YEAR_DAYS)
CI = (20, 2, HOUR_MS, 20)
"""Recordings, what random numbers begin with, time between looks, days."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="500 recordings, a look an hour")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    arguments = parser.parse_args()
    size = FULL if arguments.full else CI
    good = True
    for kind in [arguments.only] if arguments.only else ["sqlite", "postgresql"]:
        result = trial(kind, *size)
        good = good and result.is_good
        print(
            f"{datetime.now(UTC):%Y-%m-%d} {kind}: {size[0]} recordings, {result.looks} looks, "
            f"{result.missed} missed, {result.wrong_clock} by a wrong clock, {result.killed} "
            f"killed; {result.destroyed} items destroyed, {len(result.early)} early, "
            f"{len(result.held)} under hold, {len(result.late)} late; {result.seconds:.0f} s"
        )
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
