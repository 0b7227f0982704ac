"""Small secrets: names and texts in database rows, and tags to find them by.

A sealed value is `version | nonce | ciphertext | tag`: AES-256-GCM with a random 96-bit nonce (NIST
SP 800-38D 8.2.2). Table, column and row are authenticated with it, so a value that was moved to
another place is refused.
"""

import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from transcriber.domain.errors import StorageError
from transcriber.storage.keys.key import Key

VERSION = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16


class Sealed(bytes):
    """What `seal` made: the only thing that a sealed column takes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands; it is of no use anywhere else."""

    table: str
    column: str
    row: str

    @property
    def associated(self) -> bytes:
        """What is authenticated with the value; none of the three holds the separator."""
        return b"transcriber sealed\0" + "\0".join((self.table, self.column, self.row)).encode()


def seal(key: Key, place: Place, value: bytes) -> Sealed:
    """Encrypt a value for its place."""
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(key.derive(b"sealed values"))
    return Sealed(VERSION + nonce + cipher.encrypt(nonce, value, VERSION + place.associated))


def unseal(key: Key, place: Place, sealed: bytes) -> bytes:
    """Decrypt a value. Raises StorageError when it was changed, moved or made under another key."""
    cipher = AESGCM(key.derive(b"sealed values"))
    nonce, encrypted = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        if sealed[:1] != VERSION or len(encrypted) < TAG_BYTES:
            raise InvalidTag
        return cipher.decrypt(nonce, encrypted, VERSION + place.associated)
    except InvalidTag:
        raise StorageError(
            "row_damaged",
            "A row of the database was changed or damaged: it does not decrypt. Restore the "
            "database from a backup.",
        ) from None


def tag(key: Key, what: str, value: str) -> bytes:
    """Return what a value can be found by without telling it (HMAC-SHA-256, RFC 2104).

    Equal values of one `what` have equal tags under one key, and under another key other tags.
    """
    return hmac.digest(key.derive(b"tags"), what.encode() + b"\0" + os.fsencode(value), "sha256")
