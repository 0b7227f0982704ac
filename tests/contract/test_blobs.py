"""What stored files promise, in a folder and in a bucket."""

import io
import os
import resource
import signal
import socket
import stat
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.buckets import BucketServer
from transcriber.domain.errors import StorageError, UsageError
from transcriber.storage.blobs.bucket import PART_BYTES, Bucket
from transcriber.storage.blobs.framing import CHUNK_BYTES, Blob, Purpose
from transcriber.storage.blobs.store import BlobStore, open_blobs
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key

pytestmark = pytest.mark.slow

RECORDING = new_id()
KEY = Key.random(new_id())
LONG = Random(1).randbytes(2 * CHUNK_BYTES + 12_345)
LATER_MS = 2**50


@pytest.fixture
def blobs(blob_url: str) -> BlobStore:
    return open_blobs(blob_url)


def put(blobs: BlobStore, data: bytes, key: Key = KEY) -> Blob:
    with blobs.staged() as staged:
        return staged.put_bytes(key, RECORDING, Purpose.SOURCE, data)


def stored(blobs: BlobStore, blob: Blob) -> bytes:
    file, size_bytes = blobs.place.open(blob.id)
    with closing(file):
        data = file.read(size_bytes)
    assert len(data) == size_bytes
    return data


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, len(LONG)])
def test_what_is_put_is_there_again_and_not_readable_in_its_place(
    blobs: BlobStore, size: int
) -> None:
    blob = put(blobs, LONG[:size])
    assert blob.size_bytes == size
    assert blobs.read(KEY, blob) == LONG[:size]
    written = stored(blobs, blob)
    assert len(written) == blob.stored_bytes
    assert size < 32 or all(LONG[n : n + 32] not in written for n in range(0, size - 32, 997))


def test_any_place_is_read_by_itself(blobs: BlobStore) -> None:
    blob, places = put(blobs, LONG), Random(2)
    with blobs.open(KEY, blob) as file:
        for _ in range(40):
            start = places.randrange(len(LONG) + 10)
            length = places.choice([1, 100, 70_000])
            file.seek(start)
            assert file.read(length) == LONG[start : start + length]
        file.seek(-5, io.SEEK_END)
        assert file.tell() == len(LONG) - 5
        assert file.read() == LONG[-5:]


def test_a_file_longer_than_a_part_is_put_together(blobs: BlobStore) -> None:
    data = LONG[:CHUNK_BYTES] * (2 * PART_BYTES // CHUNK_BYTES + 1)
    blob = put(blobs, data)
    assert blobs.read(KEY, blob) == data


def test_another_key_does_not_open_it(blobs: BlobStore) -> None:
    blob = put(blobs, b"words")
    with pytest.raises(StorageError) as refused:
        blobs.read(Key.random(new_id()), blob)
    assert refused.value.code == "blob_damaged"


def test_what_is_not_there_is_told(blobs: BlobStore) -> None:
    blob = put(blobs, b"words")
    blobs.delete(blob.id)
    blobs.delete(blob.id)
    with pytest.raises(StorageError) as refused:
        blobs.open(KEY, blob)
    assert refused.value.code == "blob_missing"


class Breaking:
    """A file that cannot be read beyond a place."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int, /) -> bytes:
        if not self._left:
            raise ZeroDivisionError
        self._left -= (given := min(size, self._left))
        return bytes(given)


@pytest.mark.parametrize("size", [10, CHUNK_BYTES * 3, PART_BYTES + 2 * CHUNK_BYTES])
def test_a_write_that_breaks_leaves_nothing(blobs: BlobStore, size: int) -> None:
    with pytest.raises(ZeroDivisionError), blobs.staged() as staged:
        staged.put(KEY, RECORDING, Purpose.SOURCE, Breaking(size))
    assert list(blobs.place.listed()) == []
    assert blobs.place.sweep(LATER_MS) == 0


def break_after_putting(blobs: BlobStore, error: Exception) -> None:
    with blobs.staged() as staged:
        staged.put_bytes(KEY, RECORDING, Purpose.RESULT, b"{}")
        raise error


def test_what_was_put_goes_when_its_rows_do_not_come(blobs: BlobStore) -> None:
    with pytest.raises(ZeroDivisionError):
        break_after_putting(blobs, ZeroDivisionError())
    assert list(blobs.place.listed()) == []


def test_it_stays_when_nobody_knows_whether_the_rows_came(blobs: BlobStore) -> None:
    with pytest.raises(StorageError):
        break_after_putting(blobs, StorageError("database_unavailable", "gone"))
    assert len(list(blobs.place.listed())) == 1


def test_what_is_there_is_listed_with_its_time(blobs: BlobStore) -> None:
    made = {put(blobs, LONG[:size]) for size in (0, 10, CHUNK_BYTES)}
    listed = list(blobs.place.listed())
    assert {(file.name, file.size_bytes) for file in listed} == {
        (blob.id, blob.stored_bytes) for blob in made
    }
    assert all(abs(file.modified_ms - time.time() * 1000) < 600_000 for file in listed)


def test_a_forked_process_reads_it_too(blobs: BlobStore) -> None:
    blob = put(blobs, LONG)
    child = os.fork()
    if not child:
        os._exit(0 if blobs.read(KEY, blob) == LONG else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_a_plain_copy_is_whole_and_private(blobs: BlobStore, tmp_path: Path) -> None:
    blobs.copy_to(KEY, put(blobs, LONG), tmp_path / "samples.s16")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["samples.s16"]
    assert (tmp_path / "samples.s16").read_bytes() == LONG
    assert stat.S_IMODE((tmp_path / "samples.s16").stat().st_mode) == 0o600


def test_a_folder_is_its_owners_and_forgets_what_was_half_written(tmp_path: Path) -> None:
    blobs = open_blobs(f"file://{tmp_path / 'blobs'}")
    blob = put(blobs, b"words")
    (path,) = (tmp_path / "blobs").glob("*/*")
    assert path.name == blob.id
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.with_name(f"{new_id()}.part").write_bytes(b"cut off by kill -9")
    assert [file.name for file in blobs.place.listed()] == [blob.id]
    assert blobs.place.sweep(before_ms=0) == 0
    assert blobs.place.sweep(LATER_MS) == 1
    assert list((tmp_path / "blobs").glob("*/*")) == [path]


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "50% of Sarah's files"
    blobs = open_blobs(folder.as_uri())
    assert blobs.read(KEY, put(blobs, b"words")) == b"words"
    assert folder.is_dir()


def test_a_disk_that_refuses_midway_is_left_with_nothing(tmp_path: Path) -> None:
    """A file may not grow beyond a limit."""
    blobs = open_blobs(f"file://{tmp_path / 'blobs'}")
    child = os.fork()
    if not child:
        os._exit(refused_by_limit(blobs))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert [path for path in (tmp_path / "blobs").glob("*/*") if path.is_file()] == []


def refused_by_limit(blobs: BlobStore) -> int:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (CHUNK_BYTES, CHUNK_BYTES))
    try:
        put(blobs, LONG)
    except StorageError as error:
        return 0 if error.code == "file_too_big" else 2
    return 1


def put_until_killed(blobs: BlobStore, told: int) -> None:
    """Put blobs and tell the id of each that is stored for good."""
    while True:
        os.write(told, put(blobs, LONG).id.encode())


@pytest.mark.parametrize("after_s", [0.0, 0.01, 0.05, 0.1, 0.2])
def test_what_was_stored_survives_kill_9_and_nothing_is_half_there(
    tmp_path: Path, after_s: float
) -> None:
    blobs = open_blobs((tmp_path / "blobs").as_uri())
    ours, childs = os.pipe()
    child = os.fork()
    if not child:
        put_until_killed(blobs, childs)
    os.close(childs)
    with os.fdopen(ours, "rb") as pipe:
        told = pipe.read(32)
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told += pipe.read()
    ids = {told[start : start + 32].decode() for start in range(0, len(told), 32)}
    listed = {file.name for file in blobs.place.listed()}
    assert ids <= listed
    for name in listed:
        assert blobs.read(KEY, Blob(name, RECORDING, Purpose.SOURCE, len(LONG))) == LONG
    blobs.place.sweep(LATER_MS)
    assert {path.name for path in (tmp_path / "blobs").glob("*/*")} == listed


def test_a_bucket_takes_back_uploads_that_were_never_completed(
    bucket_server: BucketServer,
) -> None:
    url = bucket_server.new_bucket()
    blobs = open_blobs(url)
    place = blobs.place
    assert isinstance(place, Bucket)
    upload = place._files().open(place._at(new_id()), "wb", block_size=PART_BYTES)
    upload.write(bytes(PART_BYTES + 1))  # and the process is killed
    upload.closed = True
    assert list(place.listed()) == []
    assert place.sweep(before_ms=0) == 0
    assert place.sweep(LATER_MS) == 1
    assert place.sweep(LATER_MS) == 0


def test_a_bucket_that_is_away_is_told_without_its_name(bucket_server: BucketServer) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
    blobs = open_blobs(f"s3://secret-bucket/x?endpoint=http://127.0.0.1:{port}")
    with pytest.raises(StorageError) as refused:
        put(blobs, b"words")
    assert refused.value.code == "bucket_unavailable"
    assert "secret" not in refused.value.sentence


@pytest.mark.parametrize("url", ["", "secret", "file://host/secret", "s3://", "ftp://secret/x"])
def test_a_url_that_will_not_do_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        open_blobs(url)
    assert "secret" not in refused.value.sentence
