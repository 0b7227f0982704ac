"""All trials of a whole service, on each backend: `python -m tests.reliability [--full]`.

Without `--full` a few of each, in minutes; with it as many as docs/measurements.md tells of, in
hours. `--only kill_children` runs one kind, `--lease 60` changes the lease, `--times 5` the count.
The backends are SQLite with a Redis of our own, PostgreSQL with Debian's Redis, and, where it is
asked for, SQLite with Debian's RabbitMQ.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis
from kombu import Connection

from tests.databases import MEMORY
from tests.debian_redis import debian_redis
from tests.postgres import postgres_server, programs
from tests.rabbitmq import rabbitmq_server
from tests.reliability import trials
from tests.reliability.service import Service
from transcriber.services.settings import QUEUES
from workers.schedule import SWEEP_QUEUE

FULL = {
    "kill_children": 100,
    "kill_workers": 100,
    "freeze_workers": 100,
    "kill_broker": 20,
    "empty_broker": 5,
    "kill_submitters": 100,
    "poison": 1,
    "stop_database": 10,
    "many_jobs": 200,
    "outlast_redelivery": 1,
}

REDELIVERY_S = 60
LONG_STAGE_S = 200.0
"""Of a trial in which every message is given away again before its stage ends: three times."""

NOT_HERE = {
    ("postgresql", "kill_broker"),  # Debian's Redis is kept running by its operator, not by us
    ("sqlite", "stop_database"),  # a file is always there
    ("sqlite", "outlast_redelivery"),  # our own Redis gives nothing away again
    *(
        ("rabbitmq", kind)  # it is run by its operator, and has no such time
        for kind in ("kill_broker", "stop_database", "outlast_redelivery")
    ),
}


@contextmanager
def service_on(database: str, lease_s: float, **more: Any) -> Iterator[Service]:
    """Give a service on a backend; `more` is what is special about it."""
    with tempfile.TemporaryDirectory(prefix="rel", dir=MEMORY if MEMORY.is_dir() else None) as path:
        folder = Path(path)
        if database == "sqlite":
            service = Service(folder / "s", lease_s=lease_s, **more)
            try:
                yield service
            finally:
                service.kill_all()
            return
        folder.chmod(0o755)
        if database == "rabbitmq":
            broker = folder / "mq"
            broker.mkdir()
            with rabbitmq_server(broker) as url:
                service = Service(folder / "s", broker_url=url, lease_s=lease_s, **more)
                try:
                    yield service
                finally:
                    service.kill_all()
            return
        postgres = folder / "pg"
        postgres.mkdir()
        with postgres_server(postgres) as server, debian_redis(folder) as url:
            service = Service(
                folder / "s",
                database_url=server.new_database(),
                broker_url=url if url else None,
                lease_s=lease_s,
                **more,
            )
            service.postgres = server
            try:
                yield service
            finally:
                service.kill_all()


def flush_of(service: Service) -> Callable[[], None]:
    """Return what deletes every message of a service's broker."""
    url = service.settings.broker
    if url.startswith("amqp"):
        return lambda: _purge(url)
    client = redis.Redis(unix_socket_path=url.removeprefix("redis+socket://"))

    def flush() -> None:
        for key in client.scan_iter("*"):
            client.delete(key)

    return flush


def _purge(url: str) -> None:
    with Connection(url) as connection, connection.channel() as channel:
        for name in (*QUEUES, SWEEP_QUEUE):
            channel.queue_purge(name)


def run(kind: str, database: str, times: int, lease_s: float) -> str:
    """Run one kind of trial and return its line of the table."""
    more: dict[str, Any] = {}
    if kind == "outlast_redelivery":
        more = {"stage_s": LONG_STAGE_S, "more": {"redelivery_s": REDELIVERY_S}}
    with service_on(database, lease_s, **more) as service:
        if service.settings.has_own_broker and kind not in ("kill_broker", "kill_submitters"):
            service.broker()
        if kind == "poison":
            found = trials.poison(service)
            return str({name: (str(state), code, n) for name, (state, code, n) in found.items()})
        if kind == "empty_broker":
            return str(trials.empty_broker(service, times, flush_of(service)))
        trial: Callable[[Service, int], object] = getattr(trials, kind)
        return str(trial(service, times))


def main() -> None:
    """Run what was asked for and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", choices=FULL, action="append")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "rabbitmq"), action="append")
    parser.add_argument("--times", type=int)
    parser.add_argument("--lease", type=float, default=2.0, help="in seconds")
    arguments = parser.parse_args()
    databases = arguments.database or ["sqlite", *(["postgresql"] if programs() else [])]
    for database in databases:
        for kind in arguments.only or FULL:
            if (database, kind) in NOT_HERE:
                continue
            few = 30 if kind == "many_jobs" else min(FULL[kind], 3)
            times = arguments.times or (FULL[kind] if arguments.full else few)
            began_s = time.monotonic()
            line = run(kind, database, times, arguments.lease)
            took_s = time.monotonic() - began_s
            print(f"{database:<11} {kind:<16} {line} ({took_s:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
