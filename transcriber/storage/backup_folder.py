"""A backup as files: `backup.json`, the rows of each table, and the encrypted files as they are.

    backup.json           what it is, and the SHA-256 of all below; written last
    erased.list           what had been erased by then
    tables/NAME.jsonl     rows (`database/dump.py`)
    blobs.jsonl           name, length and SHA-256 of each encrypted file
    blobs/ab/ab12…        the encrypted files

Nothing in it can be read without the master key, which is never in it.
"""

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from transcriber.domain.errors import StorageError, UsageError, disk_errors
from transcriber.storage.blobs.framing import Readable
from transcriber.storage.blobs.place import BlobPlace
from transcriber.storage.erased_list import Entry, ErasedList
from transcriber.storage.files import private_directory, sync_directory, write_pieces, write_whole

SCHEMA = "transcriber-backup/1"
PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is; the time is UTC in milliseconds. `master_keys` are ids, not keys.

    `tables` has the SHA-256 of each table's rows and `blobs` that of the list of files.
    """

    schema: str
    version: str
    revision: str
    made_at_ms: int
    master_keys: tuple[str, ...]
    tables: dict[str, str]
    blobs: str
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An encrypted file in a backup."""

    name: str
    size_bytes: int
    sha256: str


class BackupFolder:
    """Reads and writes the files of one backup."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def erased(self) -> ErasedList:
        """What had been erased when it was made."""
        return ErasedList(self.root / "erased.list")

    def put_table(self, name: str, lines: Iterable[bytes]) -> str:
        """Write the rows of a table; return their SHA-256. Raises StorageError."""
        private_directory(self.root / "tables")
        return _write(self._table(name), lines)

    def table(self, manifest: Manifest, name: str) -> Iterator[bytes]:
        """Yield the rows of a table, after all of them were compared with their SHA-256."""
        path = self._table(name)
        _require_same(path, manifest.tables[name])
        with disk_errors(), path.open("rb") as file:
            yield from file

    def put_blob(self, place: BlobPlace, name: str) -> StoredFile:
        """Copy an encrypted file. Raises StorageError, `blob_missing` where it is not there."""
        path = self._blob(name)
        private_directory(path.parent)
        stored, size_bytes = place.open(name)
        try:
            sha256 = _write(path, _pieces(stored))
        finally:
            stored.close()
        return StoredFile(name, size_bytes, sha256)

    def drop_blobs(self, names: Collection[str]) -> None:
        """Delete copies of files that were erased while the backup was made."""
        with disk_errors():
            for name in names:
                self._blob(name).unlink(missing_ok=True)

    def blob(self, file: StoredFile) -> Iterator[bytes]:
        """Yield the pieces of an encrypted file.

        Raises StorageError, at the last of them, where it is not as it was written.
        """
        digest = hashlib.sha256()
        with disk_errors(), self._blob(file.name).open("rb") as stored:
            while piece := stored.read(PIECE_BYTES):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != file.sha256:
            raise _damaged()

    def put_manifest(self, manifest: Manifest, blobs: Collection[StoredFile]) -> Manifest:
        """Write the list of files and then what it all is: from now on it is a backup."""
        rows = (json.dumps(asdict(blob)).encode() + b"\n" for blob in blobs)
        whole = Manifest(
            **{
                **asdict(manifest),
                "blobs": _write(self.root / "blobs.jsonl", rows),
                "files": len(blobs),
                "size_bytes": sum(blob.size_bytes for blob in blobs),
            }
        )
        write_whole(self.root / "backup.json", json.dumps(asdict(whole), indent=2).encode())
        return whole

    def manifest(self) -> Manifest:
        """Return what the backup is. Raises UsageError where the folder holds no whole one."""
        try:
            with disk_errors():
                read = json.loads((self.root / "backup.json").read_bytes())
            read["master_keys"] = tuple(read["master_keys"])
            manifest = Manifest(**read)
        except (StorageError, ValueError, TypeError, KeyError):
            raise UsageError(
                "no_backup",
                "This folder holds no whole backup: there is no backup.json in it that Transcriber "
                "wrote. An interrupted backup has none; take another one.",
            ) from None
        if manifest.schema != SCHEMA:
            raise UsageError(
                "backup_newer",
                "This backup was made by a newer version of Transcriber. Install that version or a "
                "later one.",
            )
        return manifest

    def blobs(self, manifest: Manifest) -> list[StoredFile]:
        """Return the encrypted files that belong to it. Raises StorageError when it is damaged."""
        path = self.root / "blobs.jsonl"
        _require_same(path, manifest.blobs)
        with disk_errors(), path.open("rb") as file:
            return [StoredFile(**json.loads(line)) for line in file]

    def put_erased(self, entries: Collection[Entry]) -> None:
        """Write down what had been erased by then."""
        private_directory(self.root)
        self.erased.add(entries)

    def _table(self, name: str) -> Path:
        return self.root / "tables" / f"{name}.jsonl"

    def _blob(self, name: str) -> Path:
        return self.root / "blobs" / name[:2] / name


def begin(out: Path) -> BackupFolder:
    """Return a folder to write a backup in, beside its place; `end` puts it there.

    What an interrupted one left is deleted. Raises UsageError where something is there already.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            "backup_there", "There is something at that place already. Name a folder that is new."
        )
    part = _part(out)
    with disk_errors():
        shutil.rmtree(part, ignore_errors=True)
    private_directory(part)
    return BackupFolder(part)


def end(folder: BackupFolder, out: Path) -> None:
    """Give a backup that is whole its name. Raises StorageError."""
    with disk_errors():
        if out.exists():
            out.rmdir()
        folder.root.replace(out)
        sync_directory(out.parent)


def _part(out: Path) -> Path:
    return out.with_name(f".{out.name}.part")


def _write(path: Path, pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()

    def hashed() -> Iterator[bytes]:
        for piece in pieces:
            digest.update(piece)
            yield piece

    write_pieces(path, hashed())
    return digest.hexdigest()


def _pieces(stored: Readable) -> Iterator[bytes]:
    while piece := stored.read(PIECE_BYTES):
        yield piece


def _require_same(path: Path, sha256: str) -> None:
    with disk_errors(), path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise _damaged()


def _damaged() -> StorageError:
    return StorageError(
        "backup_damaged",
        "The backup is not as it was written: a file in it was changed or cut off. Take another "
        "backup.",
    )
