"""A long recording over a network that breaks, to a server that is killed, by the tus client.

python -m tests.service.big_upload --full     2 GiB, 50 cuts, 5 kills
python -m tests.service.big_upload            32 MiB, 10 cuts, 2 kills, as in CI
"""

import argparse
import hashlib
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import IO

import httpx
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.uploader.uploader import Uploader

from tests.service.cutting import CuttingNetwork, cutting_network
from tests.service.serving import Server, serving
from tests.stores import AGREED
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.storage.database.blob_rows import all_blobs
from transcriber.storage.database.studies import Study

MIB = 1 << 20
MARK = b"Zebedee Quillfeather said so. "
REQUEST_BYTES = 64 * MIB


@dataclass(frozen=True)
class Size:
    """How hard it is made."""

    size_mib: int
    cuts: int
    kills: int


CI = Size(32, 10, 2)
FULL = Size(2048, 50, 5)


@dataclass
class Outcome:
    """What came of it."""

    sha256_is_that_of_sha256sum: bool
    what_is_stored_is_the_file: bool
    cuts: int
    kills: int
    sent_again_mib: float
    took_s: float
    memory_after_start_mib: float
    most_memory_mib: float
    plain_bytes_found_in: list[str]
    files_of_no_use: int


def write_recording(path: Path, size_mib: int) -> None:
    """Write a file that looks like a long WAV, with the mark all over it."""
    block = bytearray(Random(size_mib).randbytes(MIB))
    block[1000 : 1000 + len(MARK)] = MARK
    with path.open("wb") as file:
        for number in range(size_mib):
            block[:12] = b"RIFF\xff\xff\xff\xffWAVE" if not number else number.to_bytes(12, "big")
            file.write(block)


def run(folder: Path, size: Size) -> Outcome:
    source = folder / "Interview with Zebedee Quillfeather.wav"
    write_recording(source, size.size_mib)
    sums = subprocess.run(["sha256sum", source], capture_output=True, text=True, check=True)
    expected = sums.stdout.split()[0]
    home = folder / "home"
    store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
    with store.database.write() as connection:
        study = store.studies.add(connection, "Study", AGREED)
    begun_s = time.monotonic()
    with serving(home, study.id) as server, cutting_network(server.port) as network:
        at_start_mib = server.resident_mib()
        upload_id = send(source, size, server, network)
        answer = httpx.post(
            f"{server.url}/api/v1/studies/{study.id}/recordings",
            json={"kind": "individual", "uploads": [upload_id]},
            timeout=600,
        )
        assert answer.status_code == 201, answer.text
        took_s = time.monotonic() - begun_s
        most_mib = max([*server.peaks_mib, server.peak_mib()])
        kills = len(server.peaks_mib)
    told, stored = _hash_stored(store, study)
    return Outcome(
        sha256_is_that_of_sha256sum=told == expected,
        what_is_stored_is_the_file=stored == expected,
        cuts=network.cuts,
        kills=kills,
        sent_again_mib=(network.passed_bytes - source.stat().st_size) / MIB,
        took_s=took_s,
        memory_after_start_mib=at_start_mib,
        most_memory_mib=most_mib,
        plain_bytes_found_in=[path.name for path in _plain(home)],
        files_of_no_use=_files_of_no_use(store),
    )


def send(source: Path, size: Size, server: Server, network: CuttingNetwork) -> str:
    """Send a file whatever happens on the way; return the id of its upload."""
    random = Random(7)
    client = TusClient(f"http://127.0.0.1:{network.port}/api/v1/studies/{server.study_id}/uploads")
    places = sorted(random.sample(range(1, source.stat().st_size), size.cuts + size.kills))
    kills = set(random.sample(places, size.kills))
    with source.open("rb") as file:
        uploader = _uploader(client, file, source.name)
        url = str(uploader.create_url())
        uploader.set_url(url)
        for place in places:
            # Where it broke off later than this already, it breaks off again at once.
            network.cut_after(
                max(1, place - uploader.offset), server.kill if place in kills else None
            )
            try:
                uploader.upload()
            except (TusCommunicationError, TusUploadFailed):
                if place in kills:
                    server.start()
            uploader = _uploader(client, file, source.name, url)
        uploader.upload()
    return url.rpartition("/")[2]


def _uploader(client: TusClient, file: IO[bytes], name: str, url: str | None = None) -> Uploader:
    """Return an uploader that knows nothing but the address, as after a restart of the client."""
    return client.uploader(
        file_stream=file, chunk_size=REQUEST_BYTES, metadata={"filename": name}, url=url
    )


def _hash_stored(store: Store, study: Study) -> tuple[str, str]:
    """Return the hash that was told of the only recording, and that of what is stored."""
    with store.database.read() as connection:
        (recording,) = store.recordings.all(connection, study)
        key = store.keyring.recording(connection, recording.id)
    (part,) = recording.parts
    digest = hashlib.sha256()
    for piece in store.blobs.pieces(key, part.blobs):
        digest.update(piece)
    return part.sha256, digest.hexdigest()


def _plain(folder: Path) -> list[Path]:
    """Return the files in which a piece of the recording, or its name, stands in the clear."""
    return [path for path in folder.rglob("*") if path.is_file() and _holds(path, b"Quillfeather")]


def _holds(path: Path, mark: bytes) -> bool:
    before = b""
    with path.open("rb") as file:
        while piece := file.read(16 * MIB):
            if mark in before + piece:
                return True
            before = piece[-len(mark) :]
    return False


def _files_of_no_use(store: Store) -> int:
    """Count the stored files that no row names."""
    with store.database.read() as connection:
        known = {blob.id for blob in all_blobs(connection)}
    return sum(file.name not in known for file in store.blobs.place.listed())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    size = FULL if parser.parse_args().full else CI
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), size)
    for name, value in vars(outcome).items():
        print(f"{name:32} {value:.1f}" if isinstance(value, float) else f"{name:32} {value}")


if __name__ == "__main__":
    main()
