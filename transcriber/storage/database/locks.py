"""Taking turns where a row is not enough to wait for."""

from enum import IntEnum

from sqlalchemy import Connection, text

_NAMESPACE = 0x7472616E  # "tran": no other program's lock by accident


class Lock(IntEnum):
    """What is done by one process at a time."""

    TABLES = 1
    """Changing the shape of the database."""
    MASTER_KEY = 2
    """Wrapping keys under the master key, and rotating it."""
    AUDIT = 3
    """Adding to the audit. Taken last in a transaction, so that nobody waits in a circle."""
    SIGN_IN = 4
    """Counting the guesses of the last minute and adding one."""
    ACCOUNTS = 5
    """Changes after which somebody has to be left who may do a thing."""
    RETENTION = 6
    """Looking at the clock by which things are destroyed."""


def hold(connection: Connection, lock: Lock) -> None:
    """Wait for the lock and keep it until the transaction ends.

    On SQLite nothing is to be done: a transaction that writes is alone there.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:namespace, :lock)"),
            {"namespace": _NAMESPACE, "lock": int(lock)},
        )
