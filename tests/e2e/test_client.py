"""A script with the client, a web server and workers: from a file to findings."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.debian_redis import debian_redis
from tests.postgres import postgres_server
from tests.service.listener import listening
from tests.service.served_process import serving
from transcriber.client import Client, Progress
from transcriber.domain.access import Principal, Role
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.members import grant
from transcriber.services.principals import allowed_scopes
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.tokens import create_token
from transcriber.services.webhooks import create_webhook
from transcriber.storage.keys.master_key import KeyFile

pytestmark = pytest.mark.slow


WORKERS: Mapping[str, Sequence[Sequence[str]]] = {
    "one machine": [[]],
    "PostgreSQL and Redis": [["--queue=cpu"], ["--queue=interactive", "--beat"]],
}
"""The options of each `transcriber worker`, by where the parts keep what they share."""


@contextmanager
def shared(place: str, folder: Path) -> Iterator[dict[str, str]]:
    """Give what the parts of a service are told that they share."""
    if place == "one machine":
        yield {}
        return
    (folder / "pg").mkdir()
    with postgres_server(folder / "pg") as server, debian_redis(folder) as redis:
        assert redis is not None
        yield {
            "TRANSCRIBER_DATABASE_URL": server.new_database(),
            "TRANSCRIBER_BROKER_URL": redis,
            "TRANSCRIBER_BLOB_URL": (folder / "blobs").as_uri(),
        }


@pytest.fixture(params=WORKERS)
def environment(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Workers and what they share; the folder has a short path, because of the sockets in it."""
    with tempfile.TemporaryDirectory(prefix="cl") as path, ExitStack() as running:
        folder = Path(path)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        config, key = folder / "own.yaml", folder / "keys" / "master.key"
        config.write_text(f"webhooks: {{loopback: true}}\nmaster_key_file: {key}\n")
        KeyFile(key).create()
        environment = {
            "TRANSCRIBER_HOME": str(folder / "home"),
            "TRANSCRIBER_CONFIG": str(config),
            **running.enter_context(shared(request.param, folder)),
        }
        for options in WORKERS[request.param]:
            running.enter_context(working(environment, options))
        yield environment


@contextmanager
def working(environment: dict[str, str], options: Sequence[str]) -> Iterator[None]:
    """Run `transcriber worker` until the block ends."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "transcriber", "worker", *options],
        env={**os.environ, **environment, "PYTHONWARNINGS": "ignore"},
        start_new_session=True,
    )
    try:
        yield
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait()


def test_a_script_uploads_a_recording_and_reads_what_was_found(
    environment: dict[str, str], sample_clip: Path
) -> None:
    store = open_store(load_settings(environment))
    lead, reader = (
        create_account(store, NewAccount(f"{name}@example.org", name, begins_studies=True)).id
        for name in ("ada", "ben")
    )

    def token(account: str, study: str, role: Role) -> str:
        who = Principal(account, begins_studies=True, roles={study: role})
        return create_token(store, who, "script", allowed_scopes(who), days=1)[1]

    seen: list[Progress] = []
    with serving(environment) as served, listening() as listener:
        with Client(served.url, token(lead, "0" * 32, Role.DATA_MANAGER)) as client:
            roster = {"participants": [{"name": "Sarah Whitfield", "label": "P01"}]}
            study = client.create_study("Peer support", roster=roster)
            _, secret = create_webhook(
                store, lead, study.id, listener.url, [WebhookEvent.JOB_FINISHED]
            )
            uploaded = client.upload(study.id, sample_clip, kind="group", speakers="2")
            recording = client.wait(study.id, uploaded.id, seen.append)
        assert recording.state == "draft", recording.failure
        assert recording.duration_ms == pytest.approx(16_000, abs=200)
        grant(store, study.id, reader, Role.REVIEWER)
        with Client(served.url, token(reader, study.id, Role.REVIEWER)) as client:
            words = client.transcript(study.id, recording.id)["words"]
            findings = client.findings(study.id, recording.id)
        while not listener.heard:  # the clock of the workers sends every few seconds
            time.sleep(0.2)
    message = Webhook(secret).verify(listener.heard[0][1], listener.heard[0][0])
    assert message["data"]["recording_id"] == recording.id
    assert words
    assert all(finding["start"] < finding["end"] for finding in findings)
    fractions = [progress.fraction for progress in seen]
    assert fractions[-1] == 1.0
    assert any(0 < fraction < 1 for fraction in fractions)
