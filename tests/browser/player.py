"""A page in Chromium that plays review copies and hands over what is heard."""

import base64
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

PAGE = Path(__file__).with_name("listen.html")
FLAGS = [
    "--headless",
    "--no-sandbox",  # root in a container has no other choice
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


class Server(BaseHTTPRequestHandler):
    """Serves the page and a folder's copies, ranges included: else a browser cannot seek."""

    protocol_version = "HTTP/1.1"
    folder: Path

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Keep the test's output clean."""

    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        path, kind = (self.folder / name, "audio/mp4") if name else (PAGE, "text/html")
        size = path.stat().st_size
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first = int(asked[1]) if asked else 0
        last = int(asked[2]) if asked and asked[2] else size - 1
        self.send_response(206 if asked else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(last - first + 1))
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.end_headers()
        with path.open("rb") as file:
            file.seek(first)
            try:
                self.wfile.write(file.read(last - first + 1))
            except ConnectionError:  # the browser has what it wanted
                self.close_connection = True


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser drops connections at will."""


@dataclass(frozen=True)
class Player:
    """The page in the browser."""

    page: Any
    url: str

    def duration_s(self, name: str) -> float:
        return float(self.page.evaluate("duration", f"{self.url}/{name}"))

    def listen(self, name: str, at_s: float, count: int) -> NDArray[np.float64]:
        """Return what is heard from `at_s` on: `count` samples at 16 kHz, or what is left."""
        heard = self.page.evaluate("listen", [f"{self.url}/{name}", at_s, count])
        return np.frombuffer(base64.b64decode(heard), "<f4").astype(np.float64)


@contextmanager
def playing(folder: Path, profile: Path) -> Iterator[Player]:
    """Serve the copies in `folder` to a browser; skips where there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs Debian's chromium")
    server = QuietServer(("127.0.0.1", 0), type("CopyServer", (Server,), {"folder": folder}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=FLAGS
        )
        page = browser.new_page()
        page.goto(url)
        yield Player(page, url)
        browser.close()
    server.shutdown()
    server.server_close()
