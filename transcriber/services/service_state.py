"""How the service is: what waits for workers, who works, how much room is left, which versions."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from transcriber import __version__
from transcriber.services.settings import QUEUES
from transcriber.services.store import Store
from transcriber.storage.database.queues import QueueRow, queue_rows, stored_bytes


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue: steps that are ready, those in hand, and those whose worker fell silent.

    `oldest_ms` is how long the job of the longest waiting step is there; None where none waits.
    """

    name: str
    ready: int
    running: int
    silent: int
    oldest_ms: int | None


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The service at a glance; sizes in bytes, None where they are not on this machine."""

    version: str
    database: str
    queues: tuple[QueueState, ...]
    unsent: int
    stored_bytes: int
    free_disk_bytes: int | None
    free_scratch_bytes: int | None


def service_state(store: Store) -> ServiceState:
    """Return how the service is. Raises StorageError when the database is away."""
    with store.database.read() as connection:
        rows: Mapping[str, QueueRow] = queue_rows(connection)
        unsent = sum(row.unsent for row in rows.values())
        kept = stored_bytes(connection)
        kind = connection.dialect.name
    return ServiceState(
        version=__version__,
        database=kind,
        queues=tuple(_state(name, rows.get(name)) for name in QUEUES),
        unsent=unsent,
        stored_bytes=kept,
        free_disk_bytes=_free(store.settings.data_folder),
        free_scratch_bytes=_free(store.settings.scratch or Path("/dev/shm")),  # noqa: S108
    )


def _state(name: str, row: QueueRow | None) -> QueueState:
    if row is None:
        return QueueState(name, 0, 0, 0, None)
    return QueueState(name, row.ready, row.running, row.silent, row.oldest_ms)


def _free(folder: Path) -> int | None:
    there = next((each for each in (folder, *folder.parents) if each.is_dir()), None)
    return shutil.disk_usage(there).free if there else None
