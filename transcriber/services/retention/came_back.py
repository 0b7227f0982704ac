"""What was erased is erased again where a database was put back from an older backup."""

from sqlalchemy import Connection, select

from transcriber.domain.audit import Action
from transcriber.domain.retention import Held, Why
from transcriber.services.erase import finish_erasures
from transcriber.services.retention.destroy import destroy_again
from transcriber.services.store import Store
from transcriber.services.withdrawal.again import begin_again
from transcriber.services.withdrawal.withdraw import finish_withdrawals
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.returned import returned
from transcriber.storage.database.tables import RECORDING
from transcriber.storage.database.tombstones import Grave, bury
from transcriber.storage.erased_list import Entry


def destroy_keys_that_came_back(store: Store, connection: Connection) -> int:
    """Destroy, in a transaction, the keys of all recordings and studies that were erased before.

    A recording goes with them that was put back as it was before somebody withdrew from it: nobody
    can tell any more what of it was theirs. Return how many. Their files and rows are left to
    `finish_erasures`.
    """
    entries = sorted(returned(connection, store.erased.entries()))
    former = [key_id for kind, key_id in entries if kind == "contribution"]
    whole = [entry for entry in entries if entry[0] in ("recording", "study")]
    for kind, erased_id in whole:
        if kind == "recording":
            study_id = _study_of(connection, erased_id)
            destroyed = store.keyring.destroy_recording(connection, erased_id)
            grave = Grave(erased_id, "recording", study_id, Why.RETURNED, key_sha256=destroyed)
            event = AuditEvent(Action.RECORDING_ERASED, None, study_id, erased_id)
        else:
            destroyed = store.keyring.destroy_study(connection, erased_id)
            grave = Grave(erased_id, "study", erased_id, Why.RETURNED, key_sha256=destroyed)
            event = AuditEvent(Action.STUDY_ERASED, None, erased_id)
        bury(connection, grave)
        store.audit.record(connection, event)
    for key_id in former:
        _destroy_former(store, connection, key_id)
    return len(whole) + len(former)


def _destroy_former(store: Store, connection: Connection, key_id: str) -> None:
    found = store.keyring.destroy_returned(connection, key_id)
    if found is None:
        return  # its recording was erased as a whole
    recording_id, destroyed = found
    study_id = _study_of(connection, recording_id)
    bury(connection, Grave(key_id, "contribution", study_id, Why.RETURNED, key_sha256=destroyed))
    event = AuditEvent(Action.RECORDING_ERASED, None, study_id, recording_id)
    store.audit.record(connection, event)


def erase_what_came_back(store: Store) -> int:
    """Erase again all that the list of what was erased names and this database holds.

    Return how much that was. Interrupted anywhere, it can be done again. Raises StorageError.
    """
    with store.database.read() as connection:
        if not returned(connection, store.erased.entries()):
            return 0
    with store.database.write() as connection:
        count = destroy_keys_that_came_back(store, connection)
    finish_erasures(store)
    if begin_again(store):
        count += finish_withdrawals(store)
    with store.database.read() as connection:
        left = returned(connection, store.erased.entries())
    for held in Held:  # sound before words
        for erased_id in sorted(erased_id for kind, erased_id in left if kind == held):
            count += _again(store, (held, erased_id))
    finish_erasures(store)
    return count


def _again(store: Store, entry: Entry) -> bool:
    held, erased_id = Held(entry[0]), entry[1]
    with store.database.read() as connection:
        study_id = erased_id if held is Held.KEY else _study_of(connection, erased_id)
        study = store.studies.get(connection, study_id) if study_id else None
    return study is not None and destroy_again(store, study, held, erased_id)


def _study_of(connection: Connection, recording_id: str) -> str | None:
    found = select(RECORDING.c.study_id).where(RECORDING.c.id == recording_id)
    return connection.execute(found).scalar_one_or_none()
