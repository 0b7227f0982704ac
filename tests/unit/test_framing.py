"""Every flipped, cut, moved or exchanged byte of a stored file is noticed."""

import io
from itertools import pairwise
from random import Random

import pytest

from transcriber.domain.errors import StorageError
from transcriber.storage.blobs.framing import (
    CHUNK_BYTES,
    HEADER_BYTES,
    SEALED_CHUNK_BYTES,
    TAG_BYTES,
    Blob,
    DecryptedFile,
    Purpose,
    encrypted,
)
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key

KEY = Key.random(new_id())
RECORDING = new_id()


def make(data: bytes, blob_id: str = "", purpose: Purpose = Purpose.SOURCE) -> tuple[Blob, bytes]:
    blob_id = blob_id or new_id()
    file = b"".join(encrypted(KEY, blob_id, RECORDING, purpose, io.BytesIO(data)))
    return Blob(blob_id, RECORDING, purpose, len(data)), file


def read(blob: Blob, file: bytes, key: Key = KEY) -> bytes:
    with io.BufferedReader(DecryptedFile(key, blob, io.BytesIO(file), len(file))) as decrypted:
        return decrypted.read()


def require_noticed(blob: Blob, file: bytes, key: Key = KEY) -> None:
    with pytest.raises(StorageError) as refused:
        read(blob, file, key)
    assert refused.value.code == "blob_damaged"


def test_every_bit_of_a_small_file_counts() -> None:
    blob, file = make(b"Sarah lives in Leeds")
    for place in range(len(file)):
        for bit in range(8):
            flipped = bytearray(file)
            flipped[place] ^= 1 << bit
            require_noticed(blob, bytes(flipped))


def test_it_is_noticed_wherever_it_is_cut_or_grows() -> None:
    blob, file = make(b"Sarah lives in Leeds")
    for end in range(len(file)):
        require_noticed(blob, file[:end])
    require_noticed(blob, file + b"\0")
    require_noticed(blob, file + file[HEADER_BYTES:])


LONG = Random(1).randbytes(3 * CHUNK_BYTES + 100)
"""Three whole chunks and a bit."""


def pieces(file: bytes) -> list[bytes]:
    """The header and the chunks."""
    starts = [0, *range(HEADER_BYTES, len(file), SEALED_CHUNK_BYTES), len(file)]
    return [file[start:end] for start, end in pairwise(starts)]


def test_bits_all_over_a_long_file_count() -> None:
    blob, file = make(LONG)
    header, *chunks = pieces(file)
    places = Random(2)
    for number, chunk in enumerate(chunks):
        for place in {0, len(chunk) - 1, len(chunk) - TAG_BYTES, places.randrange(len(chunk))}:
            flipped = bytearray(chunk)
            flipped[place] ^= 1 << places.randrange(8)
            changed = [*chunks[:number], bytes(flipped), *chunks[number + 1 :]]
            require_noticed(blob, header + b"".join(changed))


def test_chunks_are_neither_moved_nor_left_out_nor_doubled() -> None:
    blob, file = make(LONG)
    header, first, second, third, last = pieces(file)
    for order in (
        (second, first, third, last),
        (first, third, second, last),
        (first, second, third),
        (first, second, last),
        (second, third, last),
        (first, first, second, third, last),
        (first, second, third, last, last),
        (first, second, third, third),
    ):
        changed = header + b"".join(order)
        require_noticed(blob, changed)
        # The same where the length in the database was changed with it.
        text_bytes = len(changed) - HEADER_BYTES - TAG_BYTES * len(order)
        require_noticed(Blob(blob.id, RECORDING, blob.purpose, text_bytes), changed)


def test_a_cut_at_a_chunk_is_noticed_when_it_is_opened() -> None:
    """Before anything is read: whoever plays the beginning must learn that the end is gone."""
    blob, file = make(LONG)
    cut = Blob(blob.id, RECORDING, blob.purpose, 2 * CHUNK_BYTES)
    with pytest.raises(StorageError):
        DecryptedFile(KEY, cut, io.BytesIO(file), cut.stored_bytes)


def test_chunks_and_files_of_other_blobs_do_not_fit() -> None:
    blob, file = make(LONG)
    again, other = make(LONG)
    require_noticed(blob, other)
    require_noticed(again, file)
    for number in range(len(pieces(file))):
        mixed = pieces(file)
        mixed[number] = pieces(other)[number]
        require_noticed(blob, b"".join(mixed))


def test_the_same_id_for_another_purpose_or_recording_does_not_fit() -> None:
    blob, file = make(b"words")
    require_noticed(Blob(blob.id, RECORDING, Purpose.RELEASE, 5), file)
    require_noticed(Blob(blob.id, new_id(), Purpose.SOURCE, 5), file)
    require_noticed(Blob(new_id(), RECORDING, Purpose.SOURCE, 5), file)
    require_noticed(blob, file, Key(KEY.id, Key.random("").secret))


def test_the_same_text_is_never_the_same_file() -> None:
    blob_id = new_id()
    files = [make(b"words", blob_id)[1] for _ in range(2)]
    assert files[0][HEADER_BYTES:] != files[1][HEADER_BYTES:]
