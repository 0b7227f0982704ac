"""A release as one zip: its files, a manifest with their SHA-256, and the manifest's own.

`manifest.sha256` is what `sha256sum --check` reads, and its 64 digits are the address of the whole
release: they stand on its page. The zip is stored and not compressed, so that the same release is
the same bytes whatever library packs it (docs/decisions/0021-release-package.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from transcriber.domain.errors import InputError
from transcriber.exports.jsonbytes import dump
from transcriber.exports.ooxml import zipped

SCHEMA = "transcriber/release/1"
MANIFEST = "manifest.json"
DIGEST = "manifest.sha256"
LARGEST_BYTES = 1_000_000_000
"""What is larger, unpacked, is no release: a three-hour group in all formats takes 30 MB."""


@dataclass(frozen=True)
class Package:
    """The files of a release by name, its manifest among them."""

    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """The SHA-256 of the manifest, in hexadecimal: the address of the release."""
        return sha256(self.files[MANIFEST]).hexdigest()

    def zipped(self) -> bytes:
        """Return the zip; the same files give the same bytes."""
        return zipped(self.files, ZIP_STORED)


def package(files: Mapping[str, bytes], about: Mapping[str, Any]) -> Package:
    """Add the manifest to files: what the release is (`about`) and each file's size and SHA-256."""
    manifest = dump(
        {
            "schema": SCHEMA,
            **about,
            "files": [
                {"name": name, "bytes": len(data), "sha256": sha256(data).hexdigest()}
                for name, data in sorted(files.items())
            ],
        }
    )
    line = f"{sha256(manifest).hexdigest()}  {MANIFEST}\n"
    return Package({**files, MANIFEST: manifest, DIGEST: line.encode()})


def unzipped(data: bytes) -> Package:
    """Return the files of a zip; one that is damaged is empty, so that its SHA-256 tells.

    Raises InputError `no_release` for what is no zip of this kind.
    """
    found: dict[str, bytes] = {}
    left = LARGEST_BYTES
    try:
        with ZipFile(BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.filename in found or entry.file_size > left:
                    raise no_release()
                found[entry.filename] = _read(archive, entry)
                left -= len(found[entry.filename])
    except (BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        raise no_release() from None
    return Package(found)


def _read(archive: ZipFile, entry: ZipInfo) -> bytes:
    try:
        with archive.open(entry) as file:
            return file.read(entry.file_size)
    except (BadZipFile, EOFError):
        return b""


def no_release() -> InputError:
    """Say that something is no release."""
    return InputError(
        "no_release",
        "This is no release of Transcriber, or not all of it. Download it again.",
    )
