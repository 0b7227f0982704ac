"""What the doctor says of the store: whether its key is there and everything in it is whole."""

from collections.abc import Iterator
from dataclasses import dataclass

from transcriber.domain.errors import TranscriberError
from transcriber.services.doctor import Advice
from transcriber.services.erase import finish_erasures
from transcriber.services.integrity import Integrity, Progress, check_store, remove_unknown
from transcriber.services.settings import Settings
from transcriber.services.store import Store, open_store
from transcriber.services.withdrawal.withdraw import finish_withdrawals
from transcriber.storage.database.database import Database
from transcriber.storage.database.upgrade import is_up_to_date

REMOVE = "transcriber doctor --remove-unknown"


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """What was found in the store; `found` is None where it could not be opened."""

    found: Integrity | None
    advice: tuple[Advice, ...]
    removed: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether it was opened and nothing in it is lost or damaged."""
        return self.found is not None and self.found.is_whole


def store_health(
    settings: Settings, progress: Progress, *, thorough: bool = False, remove: bool = False
) -> StoreHealth | None:
    """Look at the store; None where there is none yet. `thorough` decrypts all of it.

    Nothing is changed, but for files that belong to nothing where they are to be removed.
    """
    if settings.has_own_database and not settings.sqlite_file.exists():
        return None
    try:
        if not is_up_to_date(Database(settings.database)):
            # Opening it would change it, and looking must not.
            return StoreHealth(None, (_older(),))
        store = open_store(settings)
        removed = _removed(store) if remove else 0
        found = check_store(store, thorough=thorough, progress=progress)
    except TranscriberError as error:
        return StoreHealth(None, (Advice(False, error.sentence),))
    return StoreHealth(found, tuple(_advice(found)), removed)


def _removed(store: Store) -> int:
    """Finish what was interrupted, and return how much that was."""
    return finish_erasures(store) + finish_withdrawals(store) + remove_unknown(store)


def _advice(found: Integrity) -> Iterator[Advice]:
    if found.missing:
        yield Advice(
            False,
            f"{len(found.missing)} of {found.files} stored files are missing. Restore them from a "
            "backup, or erase the recordings and add them again.",
        )
    if found.damaged:
        yield Advice(
            False,
            f"{len(found.damaged)} stored files are damaged: they were changed or cut off. "
            "Restore them from a backup, or erase the recordings and add them again.",
        )
    if found.damaged_rows:
        yield Advice(
            False,
            f"{found.damaged_rows} rows of the database are damaged. Restore it from a backup.",
        )
    if found.erasures_open:
        yield Advice(
            False,
            f"{found.erasures_open} erasures were interrupted. Nobody can read what was to be "
            "erased, but its files are not all deleted.",
            REMOVE,
        )
    if found.unknown:
        yield Advice(
            False,
            f"{len(found.unknown)} stored files ({found.unknown_bytes / 1e6:.0f} MB) belong to no "
            "recording: an interrupted write left them, or the database was restored from a "
            "backup. In that case leave them alone until its newer rows are back.",
            REMOVE,
        )


def _older() -> Advice:
    return Advice(
        False,
        "The database is of an older version. The next command that uses it brings it up to date "
        "and keeps a copy.",
    )
