"""Blobs in a bucket that speaks S3, through fsspec's s3fs.

An object is there when a put, or the completion of its parts, has returned, and not before
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, cast

import fsspec

from transcriber.domain.errors import StorageError, UsageError
from transcriber.storage.blobs.framing import Seekable
from transcriber.storage.blobs.place import Listed, missing

PART_BYTES = 16 << 20
"""What is shorter is one put; 10,000 parts, the most that S3 takes, are 160 GB."""

READ_BYTES = 1 << 20
"""Read at a time: a seek must not fetch much more than the chunk that it goes to."""

PATIENCE = {"connect_timeout": 5, "read_timeout": 60, "retries": {"max_attempts": 3}}


class Bucket:
    """Implements `BlobPlace`. Parts of an upload that is given up are taken back.

    Credentials come from the files that S3's clients share (AWS_SHARED_CREDENTIALS_FILE).
    """

    def __init__(self, path: str, endpoint: str | None = None) -> None:
        """Take `bucket/prefix`, and the server's URL where it is not Amazon's."""
        self._path = path
        self._endpoint = endpoint

    def write(self, name: str, pieces: Iterator[bytes]) -> None:
        """Write an object whole or not at all."""
        with _reported():
            file = self._files().open(self._at(name), "wb", block_size=PART_BYTES)
            try:
                for piece in pieces:
                    file.write(piece)
            except BaseException:
                # Closing it would make an object of what was written so far.
                file.closed = True
                file.discard()
                raise
            file.close()

    def open(self, name: str) -> tuple[Seekable, int]:
        """Open an object. Raises StorageError when it is not there or cannot be read."""
        with _reported():
            try:
                file = self._files().open(
                    self._at(name), "rb", block_size=READ_BYTES, cache_type="readahead"
                )
            except FileNotFoundError:
                raise missing() from None
        return _Reported(file), int(file.size)

    def delete(self, name: str) -> None:
        """Delete an object, or nothing where there is none."""
        with _reported(), suppress(FileNotFoundError):
            self._files().rm_file(self._at(name))

    def listed(self) -> Iterator[Listed]:
        """Yield every object under the prefix."""
        with _reported():
            found: dict[str, Any] = self._files().find(self._path, detail=True, refresh=True)
        for path, entry in found.items():
            modified: datetime = entry["LastModified"]
            name = path.rpartition("/")[2]
            yield Listed(name, int(entry["size"]), round(modified.timestamp() * 1000))

    def free_bytes(self) -> int | None:
        """Return None: a bucket does not say."""
        return None

    def sweep(self, before_ms: int) -> int:
        """Take back uploads that were begun before a time and never completed."""
        bucket = self._path.partition("/")[0]
        files = self._files()
        with _reported():
            left = [
                upload
                for upload in files.list_multipart_uploads(bucket)
                if upload["Initiated"].timestamp() * 1000 < before_ms
                and f"{bucket}/{upload['Key']}".startswith(f"{self._path}/")
            ]
            for upload in left:
                files.abort_mpu(bucket, upload["Key"], upload["UploadId"])
        return len(left)

    def _at(self, name: str) -> str:
        return f"{self._path}/{name}"

    def _files(self) -> Any:
        """Return the file system of this process: fsspec keeps one, and a fork makes another."""
        try:
            return fsspec.filesystem(
                "s3",
                endpoint_url=self._endpoint,
                use_listings_cache=False,
                config_kwargs=PATIENCE,
            )
        except ImportError:
            raise UsageError(
                "s3_missing",
                "What speaks to S3 is not installed. Run: pip install 'transcriber[s3]'.",
            ) from None


class _Reported:
    """A file in the bucket whose troubles are told like those of a disk."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        with _reported():
            return cast(bytes, self._file.read(size))

    def seek(self, place: int, /) -> int:
        with _reported():
            return int(self._file.seek(place))

    def close(self) -> None:
        self._file.close()


@contextmanager
def _reported() -> Iterator[None]:
    """Turn what the server or the network says into a StorageError without a name in it."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (OSError, BotoCoreError, ClientError) as error:
        raise StorageError(
            "bucket_unavailable",
            f"The bucket of stored files cannot be used ({type(error).__name__}). Nothing "
            "half-written was left behind. Check its URL, its credentials and the network.",
        ) from None
