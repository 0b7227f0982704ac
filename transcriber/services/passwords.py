"""Passwords: what is accepted, and how it is hashed without a flood of guesses filling the memory.

Argon2id in the second profile that RFC 9106 section 4 recommends: 64 MiB, three passes. Length is
what NIST SP 800-63B-4 section 3.1.1.2 asks of a password that stands alone; of rules about kinds of
characters it says that there should be none.
"""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from transcriber.domain.errors import EngineFailed, UsageError

SHORTEST = 15
LONGEST = 200
FEWEST_DISTINCT = 6
"""Fewer different characters are a key held down."""

AT_ONCE = 2
WAITING = 8
WAIT_S = 10
"""So many hashes are computed at a time in a process, 64 MiB each; so many wait for so long."""

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_slots = threading.BoundedSemaphore(AT_ONCE)
_places = threading.BoundedSemaphore(AT_ONCE + WAITING)


class TooBusy(EngineFailed):
    """Too many passwords are being looked at right now."""

    def __init__(self) -> None:
        super().__init__(
            "too_busy",
            "Too many people are signing in right now. Wait a moment and try again.",
        )

    def __reduce__(self) -> tuple[type["TooBusy"], tuple[()]]:  # type: ignore[override]
        """Let the error cross a process border."""
        return type(self), ()


def require_good(password: str, email: str) -> None:
    """Raise UsageError, which says what to do, for a password that is easy to guess."""
    text = _normal(password)
    if len(text) < SHORTEST:
        raise UsageError(
            "password_short",
            f"This password is too short. Take {SHORTEST} characters or more: three or four words "
            "that have nothing to do with one another are good.",
        )
    if len(text) > LONGEST:
        raise UsageError(
            "password_long", f"This password is too long. Take {LONGEST} characters at the most."
        )
    if len(set(text)) < FEWEST_DISTINCT or text.casefold() == _normal(email).casefold():
        raise UsageError(
            "password_weak",
            "This password is easy to guess. Take three or four words that have nothing to do "
            "with one another.",
        )


def hash_password(password: str) -> str:
    """Return what a password can be checked with later. Raises TooBusy."""
    with _turn():
        return _hasher.hash(_normal(password))


def is_right(password: str, hashed: str | None) -> bool:
    """Whether a password is the one that was hashed. Raises TooBusy.

    Where there is nothing to check against, the answer is no and takes as long.
    """
    nobodys = _nobodys_hash()  # made by the first, whoever that is
    with _turn():
        try:
            _hasher.verify(hashed or nobodys, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return hashed is not None


def is_outdated(hashed: str) -> bool:
    """Whether a hash was made with parameters that are no longer recommended."""
    return _hasher.check_needs_rehash(hashed)


@contextmanager
def _turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise TooBusy
    try:
        if not _slots.acquire(timeout=WAIT_S):
            raise TooBusy
        try:
            yield
        finally:
            _slots.release()
    finally:
        _places.release()


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")


def _normal(password: str) -> str:
    """Return the same characters whatever keyboard they came from (NIST SP 800-63B-4: NFC)."""
    return unicodedata.normalize("NFC", password)
