"""Taguette's own server on this machine, and somebody who uses it with a browser's requests."""

import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from tests.served import free_port
from tests.tools.environments import TAGUETTE

_ADDRESS = re.compile(r"http://localhost:\d+/\?token=\w+")


@dataclass
class Taguette:
    """A running server: whoever is signed in, and the database behind it."""

    client: httpx.Client
    database: Path

    def new_project(self) -> str:
        """Begin a project and return its address."""
        made = self.client.post(
            "/project/new", data={"_xsrf": self._xsrf(), "name": "p", "description": ""}
        )
        assert made.is_redirect, made.text
        location: str = made.headers["location"]
        return location

    def add(self, project: str, path: Path) -> httpx.Response:
        """Add a document as its form does."""
        form = {
            "_xsrf": self._xsrf(),
            "name": path.stem,
            "description": "",
            "text_direction": "LEFT_TO_RIGHT",
        }
        with path.open("rb") as file:
            given = {"file": (path.name, file)}
            return self.client.post(f"/api{project}/document/new", data=form, files=given)

    def documents(self) -> list[tuple[str, str]]:
        """Return the names and the texts, as HTML, that it keeps."""
        with sqlite3.connect(self.database) as database:
            found: list[tuple[str, str]] = database.execute(
                "select name, contents from documents order by id"
            ).fetchall()
            return found

    def _xsrf(self) -> str:
        self.client.get("/project/new")
        return self.client.cookies["_xsrf"]


@contextmanager
def taguette(folder: Path) -> Iterator[Taguette]:
    """Serve a new database."""
    database = folder / "taguette.sqlite3"
    port = free_port()
    command = [TAGUETTE.program("taguette"), "--no-browser", "--bind", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--database", str(database)],
        env={**os.environ, "HOME": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        token = _token(process.stdout)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            client.get(f"/?{token}")
            yield Taguette(client, database)
    finally:
        process.terminate()
        process.communicate()


def _token(output: IO[str]) -> str:
    for line in output:
        if found := _ADDRESS.search(line):
            return found[0].partition("?")[2]
    raise AssertionError("Taguette ended before it said where it is")
