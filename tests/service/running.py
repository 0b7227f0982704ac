"""Real servers in processes of their own: the app under uvicorn with TLS, and others."""

import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.service.certificate import make_certificate
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store

ROOT = Path(__file__).parents[2]
_ADDRESS = re.compile(r"running on (https?://[\d.]+:\d+)")


@dataclass
class Running:
    """The app under uvicorn, in one process or several, and the store that they serve."""

    urls: tuple[str, ...]
    log: Path
    store: Store
    certificate: Path

    @property
    def url(self) -> str:
        """The address of the first process."""
        return self.urls[0]

    def browser(self) -> httpx.Client:
        """A client that keeps cookies as browsers do and says where its requests come from."""
        return self.script(headers={"sec-fetch-site": "same-origin"})

    def script(self, headers: Mapping[str, str] | None = None) -> httpx.Client:
        """A client that sends nothing by itself."""
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        return httpx.Client(base_url=self.url, verify=trusted, headers=headers, timeout=60)


@contextmanager
def running_app(folder: Path, config: str = "", processes: int = 1) -> Iterator[Running]:
    """Serve a new store in a folder, with a configuration file of this content."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = make_certificate(folder)
    environment = {"TRANSCRIBER_HOME": str(folder / "home")}
    if config:
        (folder / "config.yaml").write_text(config)
        environment["TRANSCRIBER_CONFIG"] = str(folder / "config.yaml")
    store = open_store(load_settings(environment))
    command = ["-m", "tests.service.run_app", str(certificate), str(key)]
    logs = [folder / f"app{number}.log" for number in range(processes)]
    with ExitStack() as servers:
        urls = [servers.enter_context(running_server(command, log, environment)) for log in logs]
        yield Running(tuple(urls), logs[0], store, certificate)


@contextmanager
def running_server(
    command: Sequence[str], log: Path, environment: Mapping[str, str]
) -> Iterator[str]:
    """Run a Python program that serves with uvicorn; give its address once it says it."""
    kept = {name: value for name, value in os.environ.items() if "TRANSCRIBER" not in name}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**kept, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while (found := _ADDRESS.search(log.read_text())) is None:
                assert server.poll() is None, log.read_text()
                time.sleep(0.05)
            yield found[1]
        finally:
            server.terminate()
            server.wait()
