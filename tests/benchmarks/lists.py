"""How long lists take with 10,000 recordings in the store, through the interface.

    python -m tests.benchmarks.lists [--recordings 10000]

One study has half of them, nineteen others share the rest; every recording has a job of all stages,
nine of ten a transcript and three of ten a release. Wanted: under 100 ms on PostgreSQL and 200 ms
on SQLite.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Connection, create_engine, insert, select, text

from tests.postgres import postgres_server, programs
from tests.service.apps import Served
from tests.stores import ROSTER, Stored, add_bare_recordings
from transcriber.domain.access import Principal, Role
from transcriber.pipeline.order import needed_for
from transcriber.services.recording_files import WRITTEN_FROM
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import StudyDraft, create_study
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.tables import (
    BLOB,
    JOB,
    RECORDING,
    RELEASE,
    STEP,
    TRANSCRIPT,
)
from transcriber.storage.ids import new_id
from transcriber.storage.keys.master_key import KeyFile
from transcriber.storage.keys.sealing import Sealed

STUDIES = 20
ROUNDS = 20
STAGES = needed_for(WRITTEN_FROM)


def fill(store: Store, account: str, recordings: int) -> list[str]:
    """Fill a store and return its studies, the largest first."""
    key_file = KeyFile(store.settings.key_file)
    stored = Stored(store.database, store.blobs, key_file)
    counts = [recordings // 2, *[recordings // 2 // (STUDIES - 1)] * (STUDIES - 1)]
    ids = []
    for number, count in enumerate(counts):
        study = create_study(store, account, StudyDraft(f"Study {number}", ROSTER))
        first = stored.recording(study)
        with store.database.write() as connection:
            add_bare_recordings(store.keyring, connection, first, count - 1)
            found = select(RECORDING.c.id).where(RECORDING.c.study_id == study.id)
            _work(connection, list(connection.execute(found).scalars()))
        ids.append(study.id)
    return ids


def _work(connection: Connection, recording_ids: list[str]) -> None:
    """Give each recording a job that ended somehow, and what it left."""
    rows: dict[Any, list[dict[str, Any]]] = {t: [] for t in (JOB, STEP, BLOB, TRANSCRIPT, RELEASE)}
    for number, recording_id in enumerate(recording_ids):
        job_id, blob_id, words_id = new_id(), new_id(), new_id()
        failed = number % 100 == 0
        state = "failed" if failed else "running" if number % 100 == 1 else "done"
        job = {"id": job_id, "recording_id": recording_id, "state": state}
        rows[JOB].append({**job, "request": Sealed(b"x"), "finished_at_ms": 1})
        rows[STEP] += [
            {
                "id": new_id(),
                "job_id": job_id,
                "stage": stage,
                "part": 0,
                "queue": "cpu",
                "state": "failed" if failed and stage == "detect" else "done",
                "failure_sentence": "It failed." if failed and stage == "detect" else None,
            }
            for stage in STAGES
        ]
        if number % 10:
            blob = {"id": blob_id, "recording_id": recording_id, "purpose": "result"}
            rows[BLOB].append({**blob, "size_bytes": 1})
            words = {"id": words_id, "recording_id": recording_id, "version": 1}
            quality = "draft" if number % 10 == 9 else "full"
            rows[TRANSCRIPT].append({**words, "quality": quality, "blob_id": blob_id})
        if number % 10 in (1, 2, 3):
            rows[RELEASE].append(
                {"id": new_id(), "transcript_id": words_id, "number": 1, "blob_id": blob_id}
            )
    for table, values in rows.items():
        timed = {} if table is STEP else {"created_at_ms": now_ms()}
        connection.execute(insert(table).values(**timed), values)


Took = tuple[list[float], list[float]]
"""By the clock, and processor time of this process and the database's, both in milliseconds."""


def _busy_s(server: int | None) -> float:
    """Return the processor time so far; `server` is the process of PostgreSQL."""
    backends = psutil.Process(server).children() if server else []
    times = [backend.cpu_times() for backend in backends]
    return time.process_time() + sum(float(each.user + each.system) for each in times)


def measure(
    store: Store, account: str, study_ids: list[str], server: int | None
) -> Iterator[tuple[str, Took]]:
    """Yield what was asked and how long it took."""
    served = Served(store)
    served.asks = Principal(account, roles=dict.fromkeys(study_ids, Role.DATA_MANAGER))
    client, largest = served.client(), f"/api/v1/studies/{study_ids[0]}"
    cursor = ""
    for _ in range(10):
        query = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
        cursor = client.get(f"{largest}/recordings", params=query).json()["cursor"] or ""
    asked = {
        "studies, with counts": "/api/v1/studies",
        "counts of one study": f"{largest}/recording-counts",
        "recordings, first page": f"{largest}/recordings",
        "recordings, page after 2,000": f"{largest}/recordings?cursor={cursor}",
        "recordings, newest first": f"{largest}/recordings?order=newest",
        "recordings, those that failed": f"{largest}/recordings?state=failed",
        "recordings, a state that none has": f"{largest}/recordings?state=cancelled",
        "releases": f"{largest}/releases",
    }
    for what, path in asked.items():
        took_ms: list[float] = []
        busy_s = _busy_s(server)
        for _ in range(ROUNDS):
            began_s = time.perf_counter()
            assert client.get(path).status_code == 200
            took_ms.append((time.perf_counter() - began_s) * 1000)
        # The system counts the processor time of others in steps of 10 ms, so all rounds at once.
        yield what, (took_ms, [(_busy_s(server) - busy_s) * 1000 / ROUNDS])


def run(kind: str, environment: dict[str, str], recordings: int, server: int | None = None) -> None:
    """Fill a store on one database and print a table."""
    store = open_store(load_settings(environment))
    account = Served(store).somebody()
    study_ids = fill(store, account, recordings)
    if server:  # what the server does by itself within a minute
        administrator = create_engine(store.database.url, isolation_level="AUTOCOMMIT")
        with administrator.connect() as connection:
            connection.execute(text("ANALYZE"))
        administrator.dispose()
    print(f"{kind}: {recordings} recordings, load {os.getloadavg()[0]:.1f}")
    for what, (took_ms, busy_ms) in measure(store, account, study_ids, server):
        median, worst, busy = statistics.median(took_ms), max(took_ms), statistics.median(busy_ms)
        print(f"  {what:35} median {median:6.1f} ms, slowest {worst:6.1f}, processor {busy:6.1f}")


def main() -> None:
    """Measure on SQLite and, where it is installed, on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=10_000)
    recordings = parser.parse_args().recordings
    with tempfile.TemporaryDirectory() as folder:
        run("SQLite", {"TRANSCRIBER_HOME": folder}, recordings)
    if programs() is None:
        print("PostgreSQL is not installed")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory(prefix="pg", dir="/dev/shm") as data,
        postgres_server(Path(data)) as server,
    ):
        KeyFile(Path(folder) / "keys" / "master.key").create()
        process = int((Path(data) / "data" / "postmaster.pid").read_text().split()[0])
        run(
            "PostgreSQL",
            {"TRANSCRIBER_HOME": folder, "TRANSCRIBER_DATABASE_URL": server.new_database()},
            recordings,
            process,
        )


if __name__ == "__main__":
    main()
