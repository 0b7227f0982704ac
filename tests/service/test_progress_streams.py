"""Progress as it happens, over a real web server: nothing is lost, nothing but ids is told."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.served_process import ServedProcess, serving
from transcriber.domain.access import Permission, Principal, Role
from transcriber.domain.recording import Kind
from transcriber.sample import sample_audio
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.recording_actions import (
    cancel_recording,
    erase_recording,
)
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import StudyDraft, create_study
from transcriber.services.submit import Submission, submit
from transcriber.services.tokens import create_token

pytestmark = pytest.mark.slow

NAME = "Zebedee Quillfeather"


@dataclass
class Stream:
    """A study with a recording, watched through a web server."""

    store: Store
    served: ServedProcess
    account: str
    study: str
    recording: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def url(self, what: str = "progress") -> str:
        return f"{self.served.url}/api/v1/studies/{self.study}/{what}"

    def events(
        self, count: int, last: str | None = None, what: str = "progress"
    ) -> list[dict[str, Any]]:
        """Return the next events of a stream; `last` is where to go on."""
        headers = self.headers | ({"Last-Event-ID": last} if last else {})
        with httpx.stream(
            "GET", self.url(what), headers=headers, timeout=60, trust_env=False
        ) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            return _read(answer.iter_lines(), count)


def _read(lines: Iterator[str], count: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            events.append({**json.loads(fields["data"]), "id": fields["id"], "is": fields["event"]})
            fields = {}
            if len(events) == count:
                break
    return events


@pytest.fixture
def stream(tmp_path: Path) -> Iterator[Stream]:
    environment = {"TRANSCRIBER_HOME": str(tmp_path)}
    store = open_store(load_settings(environment))
    account = create_account(store, NewAccount("ada@example.org", "Ada", begins_studies=True)).id
    study = create_study(store, account, StudyDraft(NAME))
    recording = submit(store, study, Submission((sample_audio(),), Kind.GROUP)).stored.id
    who = Principal(account, roles={study.id: Role.DATA_MANAGER})
    _, token = create_token(store, who, "watch", frozenset({Permission.SEE_RECORDINGS}), days=1)
    with serving(environment) as served:
        yield Stream(store, served, account, study.id, recording, token)


def test_what_happens_is_told_as_it_happens(stream: Stream) -> None:
    def act() -> None:
        cancel_recording(stream.store, stream.account, stream.study, stream.recording)

    threading.Timer(2, act).start()
    first, second = stream.events(2)
    assert (first["state"], second["state"]) == ("waiting", "cancelled")
    assert first["recording_id"] == stream.recording
    assert NAME not in json.dumps([first, second])


def test_a_stream_that_broke_off_loses_nothing(stream: Stream) -> None:
    (before,) = stream.events(1)
    cancel_recording(stream.store, stream.account, stream.study, stream.recording)
    (after,) = stream.events(1, last=before["id"])
    assert after["state"] == "cancelled"
    erase_recording(stream.store, stream.account, stream.study, stream.recording)
    (gone,) = stream.events(1, last=after["id"])
    assert (gone["is"], gone["recording_id"]) == ("gone", stream.recording)


def test_one_recording_is_watched_by_itself(stream: Stream) -> None:
    (told,) = stream.events(1, what=f"recordings/{stream.recording}/progress")
    assert told["recording_id"] == stream.recording


def test_who_may_not_see_recordings_gets_no_stream(stream: Stream) -> None:
    answer = httpx.get(stream.url(), trust_env=False)
    assert answer.status_code == 401


def test_forty_streams_share_the_looks_and_end_with_the_server(stream: Stream) -> None:
    told: list[str] = []
    opened = threading.Barrier(41)

    def watch() -> None:
        with httpx.stream(
            "GET", stream.url(), headers=stream.headers, timeout=60, trust_env=False
        ) as answer:
            lines = answer.iter_lines()
            _read(lines, 1)
            opened.wait()
            told.append(_read(lines, 1)[0]["state"])
            for _ in lines:  # until the server ends the stream
                pass

    threads = [threading.Thread(target=watch, daemon=True) for _ in range(40)]
    for thread in threads:
        thread.start()
    opened.wait()
    cancel_recording(stream.store, stream.account, stream.study, stream.recording)
    while len(told) < 40:
        assert any(thread.is_alive() for thread in threads)
    assert set(told) == {"cancelled"}
    assert stream.served.stop() in (0, -15)
    for thread in threads:
        thread.join()
