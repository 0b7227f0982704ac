"""Every sealed value of the database, whatever its table: does it decrypt?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Table, select

from transcriber.domain.errors import StorageError
from transcriber.storage.database.account_tables import ACCOUNT, API_TOKEN, AUDIT_HEAD
from transcriber.storage.database.columns import SealedType
from transcriber.storage.database.consent_tables import CONSENT, TAKING_PART
from transcriber.storage.database.hand_off_tables import DESTINATION
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.retention_tables import ASSESSMENT, LEGAL_HOLD
from transcriber.storage.database.review_tables import STUDY_DECISION
from transcriber.storage.database.sample_tables import SAMPLE
from transcriber.storage.database.service_tables import WEBHOOK
from transcriber.storage.database.sighting_tables import SIGHTING_RELEASE
from transcriber.storage.database.sign_off_tables import DRAFT_OVERRIDE
from transcriber.storage.database.tables import (
    DECISION,
    ENTITY,
    FINDING,
    JOB,
    LABEL,
    RECORDING,
    RECORDING_PART,
    RELEASE,
    STAGE_RESULT,
    STUDY,
    TRANSCRIPT,
)
from transcriber.storage.database.upload_tables import UPLOAD
from transcriber.storage.database.uploads import upload_keys
from transcriber.storage.database.withdrawal_tables import WITHDRAWAL
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, unseal

OF_STUDY = {
    STUDY: STUDY.c.id,
    WEBHOOK: WEBHOOK.c.study_id,
    STUDY_DECISION: STUDY_DECISION.c.study_id,
    LEGAL_HOLD: LEGAL_HOLD.c.study_id,
    ASSESSMENT: ASSESSMENT.c.study_id,
    DESTINATION: DESTINATION.c.study_id,
    WITHDRAWAL: WITHDRAWAL.c.study_id,
    CONSENT: CONSENT.c.study_id,
}
OF_UPLOAD = {UPLOAD: UPLOAD.c.id}
OF_PSEUDONYMS = {ENTITY: ENTITY.c.study_id, LABEL: LABEL.c.study_id}
OF_RECORDING = {
    RECORDING: RECORDING.c.id,
    RECORDING_PART: RECORDING_PART.c.recording_id,
    JOB: JOB.c.recording_id,
    STAGE_RESULT: STAGE_RESULT.c.recording_id,
    FINDING: TRANSCRIPT.c.recording_id,
    DECISION: TRANSCRIPT.c.recording_id,
    RELEASE: TRANSCRIPT.c.recording_id,
    DRAFT_OVERRIDE: TRANSCRIPT.c.recording_id,
    SAMPLE: SAMPLE.c.recording_id,
    SIGHTING_RELEASE: SIGHTING_RELEASE.c.recording_id,
    TAKING_PART: TAKING_PART.c.recording_id,
}
"""Tables with sealed values, and the column that says whose key seals them."""

OF_SERVICE = (ACCOUNT, API_TOKEN, AUDIT_HEAD)
"""Tables whose values the one key of the service seals."""

Owners = Mapping[Table, "Column[str]"]


@dataclass(frozen=True, slots=True)
class SealedRows:
    """The keys of all recordings and uploads that can be read, and how much does not decrypt."""

    keys: Mapping[str, Key]
    damaged: int


def check_sealed_rows(connection: Connection, keyring: Keyring, *, thorough: bool) -> SealedRows:
    """Unwrap the keys of all recordings and, where `thorough`, decrypt all sealed values.

    What is being erased has no key any more and is passed over. Raises KeyUnusable when the master
    key is missing or another one.
    """
    of_recordings: dict[str, Key] = {}
    damaged = _check_service(connection, keyring) if thorough else 0
    for study_id in keyring.study_ids(connection):
        try:
            of_study = {study_id: keyring.study(connection, study_id)}
            mine = select(RECORDING.c.id).where(RECORDING.c.study_id == study_id)
            recordings = keyring.recordings(connection, study_id, mine)
            uploads = upload_keys(connection, keyring, study_id)
        except StorageError:
            damaged += 1
            continue
        of_recordings |= {**recordings, **uploads}
        if thorough:
            damaged += _count_damaged(connection, OF_STUDY, of_study)
            damaged += _count_damaged(connection, OF_RECORDING, recordings)
            damaged += _count_damaged(connection, OF_UPLOAD, uploads)
            damaged += _check_pseudonyms(connection, keyring, study_id)
    return SealedRows(of_recordings, damaged)


def _check_service(connection: Connection, keyring: Keyring) -> int:
    try:
        key = keyring.service(connection)
    except StorageError:
        return 1
    if key is None:
        return 0
    return sum(
        not _opens(key, Place(table.name, column, row["id"]), row[column])
        for table in OF_SERVICE
        for row in connection.execute(select(table)).mappings()
        for column in sealed_columns(table)
        if row[column] is not None
    )


def _check_pseudonyms(connection: Connection, keyring: Keyring, study_id: str) -> int:
    try:
        key = keyring.pseudonyms(connection, study_id)
    except StorageError as error:
        return error.code != "key_destroyed"
    return _count_damaged(connection, OF_PSEUDONYMS, {study_id: key})


def _count_damaged(connection: Connection, owners: Owners, keys: Mapping[str, Key]) -> int:
    return sum(
        not _opens(keys[owner], place, value)
        for table, column in owners.items()
        for owner, place, value in sealed_values(connection, table, column, list(keys))
    )


def sealed_values(
    connection: Connection, table: Table, owner: "Column[str]", wanted: Sequence[str]
) -> Iterator[tuple[str, Place, bytes]]:
    """Yield the sealed values of some owners in a table: whose it is, where it stands, it."""
    sealed = sealed_columns(table)
    joined = table if owner.table is table else table.join(TRANSCRIPT)
    for row in connection.execute(
        select(table.c.id, owner.label("owner"), *(table.c[column] for column in sealed))
        .select_from(joined)
        .where(owner.in_(wanted))
    ).mappings():
        for column in sealed:
            if row[column] is not None:
                yield row["owner"], Place(table.name, column, row["id"]), row[column]


def sealed_columns(table: Table) -> list[str]:
    """Return the names of the columns of a table that hold sealed values."""
    return [column.name for column in table.columns if isinstance(column.type, SealedType)]


def _opens(key: Key, place: Place, value: bytes) -> bool:
    try:
        unseal(key, place, value)
    except StorageError:
        return False
    return True
