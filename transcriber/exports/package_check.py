"""Whether the files of a release are what its manifest says: every change is named by its file."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from transcriber.domain.errors import InputError
from transcriber.exports.jsonbytes import load
from transcriber.exports.release_package import DIGEST, MANIFEST, SCHEMA, Package


class Change(StrEnum):
    """What is wrong with a file of a release."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is not as it was released."""

    name: str
    change: Change


@dataclass(frozen=True, slots=True)
class CheckedPackage:
    """What a package says that it is, and every file that is not as it was released."""

    code: str
    number: int
    profile: str
    files: int
    faults: tuple[Fault, ...]


def check_package(found: Package) -> CheckedPackage:
    """Compare every file with the manifest, and the manifest with its own SHA-256.

    Raises InputError `no_release` without a manifest that can be read.
    """
    manifest = read_manifest(found)
    listed = {each["name"]: each for each in manifest["files"]}
    return CheckedPackage(
        manifest["code"],
        manifest["number"],
        manifest["profile"],
        len(listed),
        tuple(sorted(_faults(found, listed), key=lambda fault: fault.name)),
    )


def read_manifest(found: Package) -> dict[str, Any]:
    """Return the manifest of a package. Raises InputError `no_release`."""
    try:
        manifest = load(found.files[MANIFEST].decode())
        assert isinstance(manifest, dict)
        assert manifest["schema"] == SCHEMA
        assert isinstance(manifest["code"], str)
        assert isinstance(manifest["number"], int)
        assert isinstance(manifest["profile"], str)
        assert all(
            isinstance(each["name"], str) and isinstance(each["sha256"], str)
            for each in manifest["files"]
        )
    except (InputError, ValueError, KeyError, TypeError, AssertionError):
        raise InputError(
            "no_release",
            "This is no release of Transcriber: its manifest.json is missing or was changed. "
            "Download it again.",
        ) from None
    return manifest


def _faults(found: Package, listed: dict[str, dict[str, Any]]) -> Iterator[Fault]:
    line = f"{found.digest}  {MANIFEST}\n".encode()
    if DIGEST not in found.files:
        yield Fault(DIGEST, Change.MISSING)
    elif found.files[DIGEST] != line:
        # Which of the two was changed cannot be told: the one belongs to the other.
        yield Fault(MANIFEST, Change.CHANGED)
        yield Fault(DIGEST, Change.CHANGED)
    for name, entry in listed.items():
        data = found.files.get(name)
        if data is None:
            yield Fault(name, Change.MISSING)
        elif sha256(data).hexdigest() != entry["sha256"] or len(data) != entry.get("bytes"):
            yield Fault(name, Change.CHANGED)
    for name in found.files.keys() - listed.keys() - {MANIFEST, DIGEST}:
        yield Fault(name, Change.ADDED)
