"""What is stored today opens with every later version: pinned, and made as docs/encryption.md says.

The reference below uses the standard library's HMAC and one call of AES-GCM a time, so that a
change of our code cannot change both sides.
"""

import hashlib
import hmac
import io
import json
import struct
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from transcriber.storage.blobs.framing import CHUNK_BYTES, Blob, DecryptedFile, Purpose
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, tag, unseal

PINNED = json.loads((Path(__file__).parent / "known_answers.json").read_text())

SECRET = bytes(range(32))
SALT = bytes(range(100, 132))
NONCE = bytes(range(200, 212))
BLOB_ID = "00112233445566778899aabbccddeeff"
RECORDING = "ffeeddccbbaa99887766554433221100"
KEY_ID = "0123456789abcdef0123456789abcdef"
TEXTS = {"empty": b"", "short": b"Sarah lives in Leeds", "long": bytes(CHUNK_BYTES) + b"Leeds"}


def derived(purpose: bytes, salt: bytes = b"") -> bytes:
    """HKDF-SHA-256 (RFC 5869) to 32 bytes is two HMACs."""
    extracted = hmac.digest(salt or bytes(32), SECRET, "sha256")
    return hmac.digest(extracted, b"transcriber 1\0" + purpose + b"\x01", "sha256")


def file_of(text: bytes) -> bytes:
    """A stored file, as the page says."""
    header = b"TRSCBLOB" + struct.pack(">HI", 1, 1 << 20)
    header += bytes.fromhex(BLOB_ID) + bytes.fromhex(RECORDING) + b"stage file".ljust(16, b"\0")
    header += SALT
    chunks = [text[n : n + (1 << 20)] for n in range(0, max(len(text), 1), 1 << 20)]
    cipher = AESGCM(derived(b"blob", SALT))
    return header + b"".join(
        cipher.encrypt(
            number.to_bytes(12, "big"),
            chunk,
            header + number.to_bytes(8, "big") + bytes([number == len(chunks) - 1]),
        )
        for number, chunk in enumerate(chunks)
    )


def test_stored_files() -> None:
    for name, text in TEXTS.items():
        file = file_of(text)
        assert hashlib.sha256(file).hexdigest() == PINNED["files"][name]
        blob = Blob(BLOB_ID, RECORDING, Purpose.STAGE_FILE, len(text))
        key = Key(KEY_ID, SECRET)
        assert DecryptedFile(key, blob, io.BytesIO(file), len(file)).readall() == text


def test_sealed_values() -> None:
    associated = b"\x01transcriber sealed\0study\0name\0" + BLOB_ID.encode()
    encrypted = AESGCM(derived(b"sealed values")).encrypt(NONCE, b"Breast-feeding", associated)
    assert (b"\x01" + NONCE + encrypted).hex() == PINNED["sealed"]
    sealed = bytes.fromhex(PINNED["sealed"])
    place = Place("study", "name", BLOB_ID)
    assert unseal(Key(KEY_ID, SECRET), place, sealed) == b"Breast-feeding"


def test_wrapped_keys() -> None:
    associated = f"transcriber wrapped key 1\0recording\0{BLOB_ID}\0{KEY_ID}".encode()
    encrypted = AESGCM(derived(b"wrapped keys")).encrypt(NONCE, SALT, associated)
    assert (NONCE + encrypted).hex() == PINNED["wrapped"]
    wrapped = bytes.fromhex(PINNED["wrapped"])
    assert Key(KEY_ID, SECRET).unwrap(wrapped, BLOB_ID, "recording").secret == SALT


def test_tags() -> None:
    expected = hmac.digest(derived(b"tags"), b"study name\0breast-feeding", "sha256")
    assert expected.hex() == PINNED["tag"]
    assert tag(Key(KEY_ID, SECRET), "study name", "breast-feeding") == expected
