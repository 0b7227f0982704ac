"""All that the keys of a store open: every sealed value and every stored file, decrypted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from transcriber.domain.errors import StorageError
from transcriber.services.store import Store
from transcriber.storage.blobs.framing import Blob
from transcriber.storage.database.blob_rows import blobs_of
from transcriber.storage.database.sealed_rows import (
    OF_PSEUDONYMS,
    OF_RECORDING,
    OF_STUDY,
    OF_UPLOAD,
    Owners,
    sealed_values,
)
from transcriber.storage.database.tables import RECORDING, STUDY
from transcriber.storage.database.uploads import upload_keys
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, unseal


@dataclass(frozen=True)
class OpenedValue:
    """A sealed value: whose key opens it, where it stands, how it lies there, what it says."""

    owner: str
    place: Place
    sealed: bytes
    text: bytes


@dataclass(frozen=True)
class OpenedFile:
    """A stored file, and what it holds."""

    blob: Blob
    text: bytes


def opened_values(store: Store) -> Iterator[OpenedValue]:
    """Yield every sealed value of every study that some key of the store opens."""
    with store.database.read() as connection:
        for owners, keys in _keys(store, connection):
            for table, column in owners.items():
                for owner, place, value in sealed_values(connection, table, column, list(keys)):
                    yield OpenedValue(owner, place, value, unseal(keys[owner], place, value))


def opened_files(store: Store, study_id: str) -> Iterator[OpenedFile]:
    """Yield every file of a study's recordings that some key of the store opens.

    What is named still, but is being deleted or cannot be opened, is nobody's to read.
    """
    with store.database.read() as connection:
        for recording_id, key in _recording_keys(store, connection, study_id).items():
            for blob in blobs_of(connection, recording_id):
                try:
                    text = store.blobs.read(key, blob)
                except StorageError:
                    continue
                yield OpenedFile(blob, text)


def _recording_keys(store: Store, connection: Connection, study_id: str) -> Mapping[str, Key]:
    try:
        store.keyring.study(connection, study_id)
    except StorageError:
        return {}
    mine = select(RECORDING.c.id).where(RECORDING.c.study_id == study_id)
    return store.keyring.recordings(connection, study_id, mine)


def _keys(store: Store, connection: Connection) -> Iterator[tuple[Owners, Mapping[str, Key]]]:
    for study_id in list(connection.execute(select(STUDY.c.id)).scalars()):
        try:
            of_study = {study_id: store.keyring.study(connection, study_id)}
        except StorageError:
            continue
        yield OF_STUDY, of_study
        yield OF_UPLOAD, upload_keys(connection, store.keyring, study_id)
        try:
            yield OF_PSEUDONYMS, {study_id: store.keyring.pseudonyms(connection, study_id)}
        except StorageError as error:
            if error.code != "key_destroyed":
                raise
        yield OF_RECORDING, _recording_keys(store, connection, study_id)
