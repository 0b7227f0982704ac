"""The receipt of a withdrawal: what was erased, what was taken out, and what could not be."""

from dataclasses import replace

from transcriber.domain.errors import UsageError
from transcriber.domain.withdrawal import Fate, Receipt
from transcriber.services.store import Store
from transcriber.services.withdrawal.preview import Copies, copies_in
from transcriber.storage.database.echoes import echoes_in
from transcriber.storage.database.withdrawals import Withdrawal


def receipt_of(store: Store, study_id: str, withdrawal_id: str) -> Receipt:
    """Return the receipt of a withdrawal, also while it goes on.

    Raises UsageError `not_found`, StorageError.
    """
    with store.database.read() as connection:
        found = store.withdrawals.get(connection, study_id, withdrawal_id)
    if found is None:
        raise UsageError("not_found", "There is no such withdrawal in this study.")
    return _receipt(store, found, copies_in(store, study_id))


def receipts_of(store: Store, study_id: str) -> tuple[Receipt, ...]:
    """Return the receipts of a study, the oldest first. Raises StorageError."""
    with store.database.read() as connection:
        found = store.withdrawals.all(connection, study_id)
    copies = copies_in(store, study_id)
    return tuple(_receipt(store, each, copies) for each in found)


def taken_out_of(store: Store, study_id: str, recording_id: str) -> int | None:
    """Return when last somebody's part was taken out of a recording that stays, UTC milliseconds.

    None where that never was, or is still to be done. Raises StorageError.
    """
    with store.database.read() as connection:
        found = store.withdrawals.all(connection, study_id)
    times = (
        each.finished_at_ms
        for withdrawal in found
        for each in withdrawal.recordings
        if each.recording_id == recording_id and each.fate is Fate.TAKEN_OUT
    )
    return max((at_ms for at_ms in times if at_ms is not None), default=None)


def _receipt(store: Store, found: Withdrawal, copies: Copies) -> Receipt:
    ids = [each.recording_id for each in found.recordings]
    with store.database.read() as connection:
        codes = store.recordings.codes(connection, found.study_id, ids)
        echoes = echoes_in(connection, ids)
    return Receipt(
        id=found.id,
        study_id=found.study_id,
        started_at_ms=found.started_at_ms,
        finished_at_ms=found.finished_at_ms,
        on_roster=found.on_roster,
        key_entries=found.key_entries,
        decisions=found.decisions,
        recordings=tuple(
            replace(each, code=codes.get(each.recording_id)) for each in found.recordings
        ),
        recalled=found.recalled,
        copies=copies.of(ids, found.started_at_ms),
        echoes=sum(each.withdrawal_id == found.id for each in echoes),
        stopped=found.stopped,
    )
