"""`transcriber serve`: one command, ready soon, told plainly when it cannot be, gone on Ctrl-C."""

import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.served import Serve, environment, free_port, serving, start

pytestmark = pytest.mark.slow


def everything(serve: Serve) -> list[psutil.Process]:
    parent = psutil.Process(serve.process.pid)
    return [parent, *parent.children(recursive=True)]


def left(processes: list[psutil.Process], within_s: float) -> list[psutil.Process]:
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        there = [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        if not there:
            return []
        time.sleep(0.1)
    return there


def all_parts(serve: Serve) -> list[psutil.Process]:
    """Wait until web, two workers, beat and Redis are there, and the workers have children."""
    deadline_s = time.monotonic() + 120
    while time.monotonic() < deadline_s:
        processes = everything(serve)
        if len(processes) >= 8:
            return processes
        time.sleep(0.2)
    raise AssertionError([p.cmdline() for p in everything(serve)])


def test_one_command_starts_all_parts_and_ctrl_c_ends_them() -> None:
    with serving() as serve:
        assert serve.address.startswith("http://127.0.0.1:")
        health = httpx.get(f"{serve.address}/api/v1/health")
        assert health.json() == {"database": True}
        processes = all_parts(serve)
        assert serve.stop(signal.SIGINT) == 0
        assert left(processes, 20) == []
        assert "Traceback" not in "".join(serve.said)


def test_nothing_outlives_a_killed_service() -> None:
    with serving() as serve:
        processes = all_parts(serve)
        serve.process.kill()
        assert left(processes, 20) == []


def test_a_port_in_use_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        serve = start(tmp_path / "h", [f"--port={port}"])
        assert serve.process.wait(60) == 2
    (line,) = serve.said
    assert line.startswith(f"transcriber: Port {port} cannot be used")


def test_others_reach_it_only_under_a_certificate_whose_fingerprint_was_printed() -> None:
    port = free_port()
    with serving(["--host=0.0.0.0", f"--port={port}"]) as serve:
        shown = "".join(serve.said)
        pem = ssl.get_server_certificate(("127.0.0.1", port))
        print_of_it = x509.load_pem_x509_certificate(pem.encode()).fingerprint(hashes.SHA256())
        assert print_of_it.hex(":").upper() in shown
        assert serve.address.startswith("https://")
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"http://127.0.0.1:{port}/api/v1/health")
        key = serve.home / "tls" / "key.pem"
        assert key.stat().st_mode & 0o777 == 0o600
        serve.stop()
        again = start(serve.home, ["--host=0.0.0.0", f"--port={port}"])
        assert print_of_it.hex(":").upper() in "".join(again.said)
        again.stop()


def test_the_web_server_alone_logs_routes_and_never_what_was_asked_for(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    options = ["--web-only", "--proxy=127.0.0.1", "--host=0.0.0.0", f"--port={port}"]
    with log.open("wb") as out:
        web = subprocess.Popen(
            [sys.executable, "-m", "transcriber", "serve", *options],
            env=environment(tmp_path / "h"),
            stdout=out,
            stderr=out,
        )
    address = f"http://127.0.0.1:{port}"
    while web.poll() is None:
        try:
            httpx.get(f"{address}/api/v1/health")
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    secret = "0123456789abcdef" * 2
    httpx.get(f"{address}/studies/{secret}?name=Quillfeather", headers={"accept": "text/html"})
    secure = httpx.get(
        f"{address}/help", headers={"x-forwarded-proto": "https", "accept": "text/html"}
    )
    assert "strict-transport-security" in secure.headers
    web.send_signal(signal.SIGTERM)
    web.wait(30)
    lines = log.read_text()
    assert "GET /studies/{study_id} 303" in lines
    assert secret not in lines
    assert "Quillfeather" not in lines
    assert "/link/" not in lines
