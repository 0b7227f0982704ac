"""A key, the keys derived from it, and keys wrapped by keys."""

import os
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from transcriber.domain.errors import StorageError

KEY_BYTES = 32
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Key:
    """256 random bits under a name that tells nothing. Its secret is never shown."""

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def random(cls, key_id: str) -> Self:
        """Make a new key."""
        return cls(key_id, os.urandom(KEY_BYTES))

    def derive(self, purpose: bytes, salt: bytes = b"") -> bytes:
        """Return 256 bits for one purpose (HKDF-SHA-256, RFC 5869): no key does two things."""
        info = b"transcriber 1\0" + purpose
        return HKDF(SHA256(), KEY_BYTES, salt or None, info).derive(self.secret)

    def wrap(self, key: "Key", kind: str) -> bytes:
        """Encrypt another key: `nonce | ciphertext | tag`, AES-256-GCM.

        Its kind, its id and this key's id are authenticated, so it unwraps as nothing else.
        """
        nonce = os.urandom(NONCE_BYTES)
        cipher = AESGCM(self.derive(b"wrapped keys"))
        return nonce + cipher.encrypt(nonce, key.secret, self._associated(key.id, kind))

    def unwrap(self, wrapped: bytes, key_id: str, kind: str) -> "Key":
        """Decrypt another key. Raises StorageError when it was changed or is not of this kind."""
        cipher = AESGCM(self.derive(b"wrapped keys"))
        nonce, encrypted = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return Key(key_id, cipher.decrypt(nonce, encrypted, self._associated(key_id, kind)))
        except (InvalidTag, ValueError):  # ValueError: too short to be anything
            raise StorageError(
                "key_damaged",
                "A key in the database does not open: it was changed, or this is not the master "
                "key that it was made under. Restore the database or the master key.",
            ) from None

    def _associated(self, key_id: str, kind: str) -> bytes:
        return b"transcriber wrapped key 1\0" + "\0".join((kind, key_id, self.id)).encode()
