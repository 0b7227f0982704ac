"""What encryption costs: `python -m tests.benchmarks.encryption [--rounds N] [--seconds S]`.

Bytes alone: 256 MiB written and read, plain and encrypted. Work: a stretch of the sample goes
through every step of a job as a worker does them, with files stored plain and encrypted in turn;
what differs is encryption and nothing else. Keys: changing the master key of a store with 10,000
recordings. Processor seconds are those of this process and its children.
"""

import argparse
import io
import os
import resource
import shutil
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from tests.stores import Stored, add_bare_recordings
from transcriber.bootstrap import build_engines
from transcriber.domain.recording import SAMPLE_RATE_HZ, Kind
from transcriber.domain.roster import Roster
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.pipeline.order import State
from transcriber.sample import sample_audio
from transcriber.services.jobs import list_jobs
from transcriber.services.keys import rotate_key
from transcriber.services.policy_file import DEFAULT, load_policies
from transcriber.services.settings import load_settings
from transcriber.services.step_work import StepWorker
from transcriber.services.store import Store, open_store
from transcriber.services.submit import Submission, study_for, submit
from transcriber.stages.pcm import read_samples
from transcriber.storage.blobs.framing import Blob, Purpose, Readable
from transcriber.storage.blobs.store import BlobStore, Staged, open_blobs
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.master_key import KeyFile
from transcriber.storage.scratch import Scratch
from transcriber.storage.stage_results import StageResults

MIB = 1 << 20
BYTES = 256 * MIB
RECORDINGS = 10_000
QUEUES = ("cpu", "interactive", "gpu")


class PlainStaged(Staged):
    """Puts files as they are."""

    def put(
        self,
        key: Key,
        recording_id: str,
        purpose: Purpose,
        source: Readable,
        blob_id: str | None = None,
    ) -> Blob:
        blob_id, size = blob_id or new_id(), 0

        def pieces() -> Iterator[bytes]:
            nonlocal size
            while piece := source.read(MIB):
                size += len(piece)
                yield piece

        self._place.write(blob_id, pieces())
        self._put.append(blob_id)
        return Blob(blob_id, recording_id, purpose, size)


class PlainBlobs(BlobStore):
    """Stores files as they are, to compare with."""

    @contextmanager
    def staged(self) -> Iterator[Staged]:
        yield PlainStaged(self.place)

    def open(self, key: Key, blob: Blob) -> BinaryIO:
        return cast(BinaryIO, self.place.open(blob.id)[0])


def main() -> None:
    """Print three Markdown tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=60)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _bytes(Path(folder), wanted.rounds)
        _work(Path(folder), wanted.rounds, wanted.seconds)
        _keys(Path(folder))


def _bytes(folder: Path, rounds: int) -> None:
    data, key, recording_id = os.urandom(BYTES), Key.random(new_id()), new_id()
    stores = {"plain": PlainBlobs, "encrypted": BlobStore}
    took: dict[str, list[float]] = {f"{act} {kind}": [] for kind in stores for act in "wr"}
    for _ in range(rounds):
        for kind, store in stores.items():
            blobs = store(open_blobs((folder / kind).as_uri()).place)
            with blobs.staged() as staged:
                started_s = _processor_s()
                blob = staged.put(key, recording_id, Purpose.SOURCE, io.BytesIO(data))
                took[f"w {kind}"].append(_processor_s() - started_s)
            started_s = _processor_s()
            with blobs.open(key, blob) as file:
                while file.read(MIB):
                    pass
            took[f"r {kind}"].append(_processor_s() - started_s)
            shutil.rmtree(folder / kind)
    print("| 256 MiB | plain | encrypted | encryption alone |\n|---|---|---|---|")
    for act, name in (("w", "written"), ("r", "read")):
        plain, encrypted = (min(took[f"{act} {kind}"]) for kind in stores)
        rate = BYTES / MIB / max(encrypted - plain, 1e-9)
        print(f"| {name} | {plain:.2f} s | {encrypted:.2f} s | {rate:.0f} MiB/s |", flush=True)


def _work(folder: Path, rounds: int, seconds: int) -> None:
    recording = _stretch(folder, seconds)
    settings = load_settings({"TRANSCRIBER_HOME": str(folder / "home")})
    encrypted = open_store(settings)
    blobs = PlainBlobs(encrypted.blobs.place)
    plain = replace(
        encrypted,
        blobs=blobs,
        results=StageResults(encrypted.database, blobs, encrypted.keyring),
    )
    engines = build_engines()
    took: dict[str, list[float]] = {"plain": [], "encrypted": []}
    for number in range(rounds + 1):
        for kind, store in (("plain", plain), ("encrypted", encrypted)):
            worker = StepWorker(store, Scratch(settings.scratch), lambda _: engines)
            seconds_taken = _job_s(store, worker, recording)
            if number:  # the first round loads models
                took[kind].append(seconds_taken)
    cheapest = {kind: min(values) for kind, values in took.items()}
    cost = cheapest["encrypted"] / cheapest["plain"] - 1
    print(f"\n| {seconds} s of talk, {rounds} jobs each | least | all |\n|---|---|---|")
    for kind, values in took.items():
        every = " ".join(f"{value:.2f}" for value in values)
        print(f"| {kind} | {cheapest[kind]:.2f} s | {every} |")
    print(f"\nEncryption costs {100 * cost:+.1f} % of the work.", flush=True)


def _job_s(store: Store, worker: StepWorker, recording: Path) -> float:
    """Do a whole job in a study of its own; return the processor seconds that it took."""
    study = study_for(store, new_id(), Roster(), load_policies([DEFAULT]))
    started_s = _processor_s()
    submit(store, study, Submission((recording,), Kind.GROUP))
    while any(worker.work(queue) for queue in QUEUES):
        pass
    (job,) = list_jobs(store, study)
    assert job.state.state is State.DONE, job.state.failure
    return _processor_s() - started_s


def _keys(folder: Path) -> None:
    settings = load_settings({"TRANSCRIBER_HOME": str(folder / "many")})
    opened = open_store(settings)
    stored = Stored(opened.database, opened.blobs, KeyFile(settings.key_file))
    study = stored.study()
    first = stored.recording(study)
    with opened.database.write() as connection:
        add_bare_recordings(opened.keyring, connection, first, RECORDINGS - 1)
    took_s = _wall_s(lambda: rotate_key(opened))
    print(f"\nA new master key for {RECORDINGS} recordings: {took_s:.2f} s.")


def _stretch(folder: Path, seconds: int) -> Path:
    audio = PyAvDecoder().decode(sample_audio(), folder / "s16", lambda *_: None).audio
    path = folder / "talk.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(read_samples(audio)[: seconds * SAMPLE_RATE_HZ].tobytes())
    return path


def _processor_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _wall_s(act: Callable[[], object]) -> float:
    started_s = time.monotonic()
    act()
    return time.monotonic() - started_s


if __name__ == "__main__":
    main()
