"""The master key: made once, changed without touching a recording, and how things stand."""

from dataclasses import dataclass

from transcriber.domain.audit import Action
from transcriber.domain.errors import KeyUnusable, UsageError
from transcriber.services.settings import Settings
from transcriber.services.store import Store, key_source
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.keyring import Wrapping, wrapped_under_master
from transcriber.storage.database.locks import Lock, hold
from transcriber.storage.database.upgrade import open_database
from transcriber.storage.files import alone
from transcriber.storage.keys.master_key import KeyFile, MasterKeys, new_master_key


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """Which master key is in use, how many former ones are kept, and what each wraps."""

    key_id: str
    former: int
    wrapping: Wrapping

    @property
    def is_settled(self) -> bool:
        """Whether one master key opens everything: no rotation is under way."""
        return not self.former and not self.wrapping.former


def init_key(settings: Settings) -> str:
    """Make the master key and return its id.

    Raises UsageError where a command gives the key, KeyUnusable where there is a key already or
    something is stored that needs another.
    """
    source = key_source(settings)
    if not isinstance(source, KeyFile):
        raise UsageError(
            "key_from_command",
            "A command gives the master key (master_key_command), so it is made where that "
            "command finds it. docs/encryption.md says what it prints.",
        )
    stores_something = not settings.has_own_database or settings.sqlite_file.exists()
    if stores_something and not settings.key_file.exists():
        with open_database(settings.database).read() as connection:
            if wrapped_under_master(connection):
                raise KeyUnusable(
                    "master_key_lost",
                    "Recordings are stored already, and a new master key would not open them. Put "
                    "the file of their key back.",
                )
    return source.create().current.id


def key_status(store: Store) -> KeyStatus:
    """Look at the master key and at what it wraps. Raises KeyUnusable and StorageError."""
    keys = key_source(store.settings).read()
    with store.database.read() as connection:
        return KeyStatus(keys.current.id, len(keys.former), store.keyring.wrapping(connection))


def rotate_key(store: Store) -> int:
    """Wrap the keys of all studies by a new master key; return how many were wrapped anew.

    Recordings stay as they are, and whoever reads meanwhile goes on: the former key stays in the
    file until nothing is wrapped by it. Interrupted at any moment, the next rotation finishes this
    one. Where a command gives the key, it has to print the new one before the former.
    Raises KeyUnusable and StorageError.
    """
    source = key_source(store.settings)
    if isinstance(source, KeyFile):
        _put_new_key_first(source)
    elif not source.read().former:
        raise KeyUnusable(
            "no_new_key",
            "The command prints one master key only. Let it print the new key and, on the line "
            "below, the one in use; then run this again, and take the former away afterwards.",
        )
    with store.database.write() as connection:
        count = store.keyring.rewrap(connection)
    if isinstance(source, KeyFile):
        with store.database.write() as connection:
            # Nobody wraps anything meanwhile, so nothing can come under the former key again.
            hold(connection, Lock.MASTER_KEY)
            if not store.keyring.wrapping(connection).former:
                source.write(MasterKeys(source.read().current))
    with store.database.write() as connection:
        store.audit.record(connection, AuditEvent(Action.KEY_ROTATED))
    return count


def _put_new_key_first(source: KeyFile) -> None:
    with alone(source.path):
        keys = source.read()
        if not keys.former:  # else a rotation was interrupted, and its new key is there
            source.write(MasterKeys(new_master_key(), (keys.current,)))
