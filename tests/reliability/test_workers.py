"""Jobs are never lost, done twice or stuck, whatever is killed: small counts of the full trials.

All counts: `python -m tests.reliability --full` (docs/workers.md).
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from tests.databases import MEMORY
from tests.reliability import trials
from tests.reliability.service import Service
from transcriber.pipeline.order import State

pytestmark = pytest.mark.slow

TIMES = 3


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    """A service on a database of each kind, with a Redis of our own."""
    url = None
    if request.param == "postgresql":
        new_database: Callable[[], str] = request.getfixturevalue("postgres").new_database
        url = new_database()
    with tempfile.TemporaryDirectory(prefix="rel", dir=MEMORY if MEMORY.is_dir() else None) as path:
        service = Service(Path(path), database_url=url)
        try:
            yield service
        finally:
            service.kill_all()


def expect_all_done(count: trials.Count) -> None:
    assert (count.lost, count.doubled, count.stuck) == (0, 0, 0), str(count)
    assert count.trials == TIMES
    assert count.jobs


def test_a_killed_child_loses_nothing(service: Service) -> None:
    service.broker()
    expect_all_done(trials.kill_children(service, TIMES))


def test_a_killed_worker_loses_nothing(service: Service) -> None:
    service.broker()
    expect_all_done(trials.kill_workers(service, TIMES))


def test_a_frozen_worker_writes_nothing_stale(service: Service) -> None:
    service.broker()
    expect_all_done(trials.freeze_workers(service, TIMES))


def test_a_killed_broker_loses_nothing(service: Service) -> None:
    expect_all_done(trials.kill_broker(service, TIMES))


def test_an_emptied_broker_loses_nothing(service: Service) -> None:
    service.broker()
    client = redis.Redis(unix_socket_path=str(service.settings.socket))

    def flush() -> None:
        for key in client.scan_iter("*"):
            client.delete(key)

    expect_all_done(trials.empty_broker(service, TIMES, flush))


def test_no_recording_is_without_a_job(service: Service) -> None:
    count = trials.kill_submitters(service, TIMES)
    assert count.lost == 0
    assert count.jobs


def test_a_recording_that_kills_workers_fails_alone(service: Service) -> None:
    service.broker()
    found = trials.poison(service)
    assert found["poison"] == (State.FAILED, "worker_lost", 3)
    assert found["before"][0] is State.DONE
    assert found["after"][0] is State.DONE
