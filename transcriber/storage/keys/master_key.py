"""The master key: in a file that only its owner may read, or given by a command.

    # The master key of Transcriber. Keep a copy of this file apart from the recordings.
    1f0c… 3q2+7w…      the key in use: its id, and 256 bits in base64
    9ab4… …            a former key, while a rotation is under way

A command prints the same. Never an environment variable: whatever prints its environment when it
breaks would print the key (OWASP Cryptographic Storage Cheat Sheet).
"""

import base64
import binascii
import os
import re
import shlex
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from transcriber.domain.errors import KeyUnusable
from transcriber.storage.files import alone, write_whole
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import KEY_BYTES, Key

HEADER = "# The master key of Transcriber. Keep a copy of this file apart from the recordings.\n"
FEWEST_DISTINCT_BYTES = 16
"""32 random bytes have fewer distinct ones once in 10^16; what people type has."""

COMMAND_S = 60
"""What a command may take; it may have to ask a key server."""

_LINE = re.compile(r"([0-9a-f]{32}) ([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The key in use, and former ones while a rotation is under way."""

    current: Key
    former: tuple[Key, ...] = ()

    def named(self, key_id: str) -> Key | None:
        """Return the key with this id, None when it is not among these."""
        return next((key for key in (self.current, *self.former) if key.id == key_id), None)


class MasterKeySource(Protocol):
    """Where the master key comes from."""

    def read(self) -> MasterKeys:
        """Return the keys as they are now. Raises KeyUnusable."""


class KeyFile:
    """A file of mode 0600. A container's secret may be one too."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> MasterKeys:
        """Return the keys in the file. Raises KeyUnusable when others may read it too."""
        try:
            with self.path.open("rb") as file:
                rights = os.fstat(file.fileno())
                text = file.read()
        except FileNotFoundError:
            raise KeyUnusable(
                "no_master_key",
                "There is no master key yet, and without one nothing can be stored. Run: "
                "transcriber key init. If recordings are stored already, put their key back.",
            ) from None
        except OSError:
            raise KeyUnusable(
                "master_key_unreadable",
                "The file of the master key cannot be read. Check who may read it.",
            ) from None
        if rights.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyUnusable(
                "master_key_open",
                "Others on this machine may read or change the file of the master key. Take "
                "their right away (chmod 600) and consider: transcriber key rotate.",
            )
        return _parsed(text)

    def create(self) -> MasterKeys:
        """Write a new key. Raises KeyUnusable when there is one: it must not be lost."""
        with alone(self.path):
            if self.path.exists():
                raise KeyUnusable(
                    "master_key_there",
                    "There is a master key already, and what is stored needs it. To change it, "
                    "run: transcriber key rotate.",
                )
            keys = MasterKeys(new_master_key())
            self.write(keys)
        return keys

    def write(self, keys: MasterKeys) -> None:
        """Replace the file in one step. Raises StorageError when the disk refuses."""
        lines = (
            f"{key.id} {base64.b64encode(key.secret).decode()}\n"
            for key in (keys.current, *keys.former)
        )
        write_whole(self.path, (HEADER + "".join(lines)).encode())


class KeyCommand:
    """A command that prints the key, such as one that asks a password store or a key server."""

    def __init__(self, command: str) -> None:
        self._command = shlex.split(command)

    def read(self) -> MasterKeys:
        """Run the command. Raises KeyUnusable when it fails or prints no key."""
        try:
            done = subprocess.run(  # noqa: S603 - the command is the operator's own setting
                self._command, capture_output=True, timeout=COMMAND_S, check=True
            )
        except (OSError, subprocess.SubprocessError):
            # The original error holds what was printed.
            raise KeyUnusable(
                "key_command_failed",
                "The command that gives the master key failed. Run it by hand to see why.",
            ) from None
        return _parsed(done.stdout)


def new_master_key() -> Key:
    """Make a master key."""
    return Key.random(new_id())


def _parsed(text: bytes) -> MasterKeys:
    lines = text.decode("ascii", errors="replace").splitlines()
    keys = [_key(line) for line in lines if line.strip() and not line.startswith("#")]
    if not keys or len({key.id for key in keys}) < len(keys):
        raise _bad()
    return MasterKeys(keys[0], tuple(keys[1:]))


def _key(line: str) -> Key:
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise _bad()
    try:
        secret = base64.b64decode(match[2], validate=True)
    except binascii.Error:
        raise _bad() from None
    if len(secret) != KEY_BYTES or len(set(secret)) < FEWEST_DISTINCT_BYTES:
        raise _bad()
    return Key(match[1], secret)


def _bad() -> KeyUnusable:
    return KeyUnusable(
        "bad_master_key",
        "The master key is not one that `transcriber key init` made: it is too short, cut off or "
        "a placeholder. Put the right one back.",
    )
