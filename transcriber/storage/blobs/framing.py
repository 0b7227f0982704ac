"""How a stored file looks: a header, and chunks that each stand alone (docs/encryption.md).

    header   magic 8 | version 2 | chunk size 4 | blob id 16 | recording 16 | purpose 16 | salt 32
    chunk    ciphertext as long as the text | tag 16        (AES-256-GCM)

Each blob has a key of its own, derived from the recording's key and the salt, and a chunk's nonce
is its number, so that no nonce is used twice under a key. The header, the chunk's number and
whether it is the last are authenticated with each chunk: what was flipped, cut, moved, doubled or
exchanged does not decrypt. Any chunk is read without the others, which is how playback seeks.
"""

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from transcriber.domain.errors import StorageError
from transcriber.storage.keys.key import Key

MAGIC = b"TRSCBLOB"
VERSION = 1
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
SALT_BYTES = 32
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES

_HEADER = struct.Struct(">8sHI16s16s16s32s")
HEADER_BYTES = _HEADER.size


class Readable(Protocol):
    """Anything that bytes come out of, fewer than asked for only where it likes."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""


class Seekable(Readable, Protocol):
    """A stored file, opened."""

    def seek(self, place: int, /) -> int:
        """Go to a place, counted in bytes from the start."""

    def close(self) -> None:
        """Let it go."""


class Purpose(StrEnum):
    """What a blob is for; at most 16 characters."""

    SOURCE = "source"
    """A file as it was uploaded."""
    RESULT = "result"
    """What a stage gave, as JSON."""
    STAGE_FILE = "stage file"
    """A file that a stage made, such as samples or the copy to listen to."""
    TRANSCRIPT = "transcript"
    RELEASE = "release"


UPLOAD_KEY = "upload"
"""What a key is called that sealed bytes while they arrived, before there was a recording."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """The upload that a blob came with, and its key, wrapped by the recording's."""

    upload_id: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file: its id, whose it is, what for, and the length of its text in bytes.

    Of an upload that is no recording's yet, `recording_id` is the upload's own id. Where a
    recording took it over, `arrival` has the key that it is sealed with.
    """

    id: str
    recording_id: str
    purpose: Purpose
    size_bytes: int
    arrival: Arrival | None = None

    @property
    def sealed_for(self) -> str:
        """The id in its header: the recording's, or that of the upload that it came with."""
        return self.arrival.upload_id if self.arrival else self.recording_id

    def sealed_with(self, key: Key) -> Key:
        """Return the key that opens it, given the recording's. Raises StorageError."""
        if self.arrival is None:
            return key
        return key.unwrap(self.arrival.wrapped, self.arrival.upload_id, UPLOAD_KEY)

    @property
    def stored_bytes(self) -> int:
        """The length of its file. An empty blob has one chunk, which is empty."""
        return HEADER_BYTES + self.size_bytes + TAG_BYTES * self.chunk_count

    @property
    def chunk_count(self) -> int:
        """How many chunks it has, one at least."""
        return max(1, -(-self.size_bytes // CHUNK_BYTES))


class _Cipher:
    """Encrypts and decrypts the chunks of one blob."""

    def __init__(self, key: Key, header: bytes, salt: bytes) -> None:
        self._cipher = AESGCM(key.derive(b"blob", salt))
        self._header = header

    def encrypt(self, number: int, text: bytes, is_last: bool) -> bytes:
        return self._cipher.encrypt(*self._place(number, text, is_last))

    def decrypt(self, number: int, sealed: bytes, is_last: bool) -> bytes:
        """Return a chunk's text. Raises StorageError when anything about it is not as written."""
        try:
            return self._cipher.decrypt(*self._place(number, sealed, is_last))
        except InvalidTag:
            raise damaged() from None

    def _place(self, number: int, data: bytes, is_last: bool) -> tuple[bytes, bytes, bytes]:
        nonce = number.to_bytes(12, "big")
        return nonce, data, self._header + struct.pack(">Q?", number, is_last)


def encrypted(
    key: Key, blob_id: str, recording_id: str, purpose: Purpose, source: Readable
) -> Iterator[bytes]:
    """Yield the file of a blob, header first, reading `source` to its end."""
    salt = os.urandom(SALT_BYTES)
    header = _header(blob_id, recording_id, purpose, salt)
    cipher = _Cipher(key, header, salt)
    yield header
    number, text = 0, _read_fully(source, CHUNK_BYTES)
    while True:
        following = _read_fully(source, CHUNK_BYTES) if len(text) == CHUNK_BYTES else b""
        yield cipher.encrypt(number, text, not following)
        if not following:
            return
        number, text = number + 1, following


class DecryptedFile(io.RawIOBase):
    """The text of a blob as a file that can be read and sought.

    Opening it decrypts the last chunk, so its length is what was written. Nothing is handed out
    before it is authenticated, and nothing is written anywhere. Raises StorageError with the code
    `blob_damaged` wherever the file is not as it was written.
    """

    def __init__(self, key: Key, blob: Blob, stored: Seekable, stored_bytes: int) -> None:
        """Take over `stored`, which is `stored_bytes` long; it is closed with this file."""
        super().__init__()
        self._stored, self._blob, self._position = stored, blob, 0
        header = _read_fully(stored, HEADER_BYTES)
        salt = header[-SALT_BYTES:]
        if (
            stored_bytes != blob.stored_bytes
            or len(header) != HEADER_BYTES
            or header != _header(blob.id, blob.sealed_for, blob.purpose, salt)
        ):
            raise damaged()
        self._cipher = _Cipher(blob.sealed_with(key), header, salt)
        self._number = -1
        self._text = b""
        self._load(blob.chunk_count - 1)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be sought."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, which may lie behind the end, as files do."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._blob.size_bytes}
        position = start[whence] + offset
        if position < 0:
            raise ValueError("a file has no place before its start")
        self._position = position
        return position

    def tell(self) -> int:
        """Return the place that is read next."""
        return self._position

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Read up to the end of a chunk; 0 at the end of the file."""
        if self._position >= self._blob.size_bytes:
            return 0
        number, offset = divmod(self._position, CHUNK_BYTES)
        self._load(number)
        piece = self._text[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        """Close the stored file too, and forget what was decrypted."""
        self._text = b""
        self._stored.close()
        super().close()

    def _load(self, number: int) -> None:
        if number != self._number:
            is_last = number == self._blob.chunk_count - 1
            self._stored.seek(HEADER_BYTES + number * SEALED_CHUNK_BYTES)
            sealed = _read_fully(self._stored, SEALED_CHUNK_BYTES)
            self._text = self._cipher.decrypt(number, sealed, is_last)
            self._number = number


def damaged() -> StorageError:
    """Say that a stored file is not what was stored."""
    return StorageError(
        "blob_damaged",
        "A stored file was changed, cut off or exchanged: it does not decrypt. Restore it from a "
        "backup, or erase the recording and add it again.",
    )


def _header(blob_id: str, recording_id: str, purpose: Purpose, salt: bytes) -> bytes:
    return _HEADER.pack(
        MAGIC,
        VERSION,
        CHUNK_BYTES,
        bytes.fromhex(blob_id),
        bytes.fromhex(recording_id),
        purpose.encode("ascii"),
        salt,
    )


def _read_fully(file: Readable, size: int) -> bytes:
    """Read `size` bytes, fewer only at the end; a raw file may give fewer at a time."""
    pieces = []
    while size and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
