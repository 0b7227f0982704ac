"""Whether a release that somebody has is what was released: offline, and without the service."""

from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.errors import InputError, disk_errors
from transcriber.exports.package_check import CheckedPackage, check_package
from transcriber.exports.release_package import (
    LARGEST_BYTES,
    Package,
    no_release,
    unzipped,
)


@dataclass(frozen=True, slots=True)
class VerifiedRelease:
    """A release as it was found: a zip or the folder that came of it.

    `digest` is its address, to be compared with the page of the release. `repacked` says that every
    file may be right and the zip around them is another one.
    """

    checked: CheckedPackage
    digest: str
    repacked: bool

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, taken away or added."""
        return not (self.checked.faults or self.repacked)


def opened_package(path: Path) -> Package:
    """Return the files of a release from its zip, or from the folder that came of it.

    Raises InputError where there is none, StorageError where it cannot be read.
    """
    return _opened(path)[0]


def verify_release(path: Path) -> VerifiedRelease:
    """Compare a release with its manifest.

    Raises InputError where there is no release, StorageError where it cannot be read.
    """
    found, repacked = _opened(path)
    return VerifiedRelease(check_package(found), found.digest, repacked)


def _opened(path: Path) -> tuple[Package, bool]:
    if not path.exists():
        raise InputError("missing", "There is nothing at this path. Check how it is written.")
    with disk_errors():
        if path.is_dir():
            return Package(_in_folder(path)), False
        if path.stat().st_size > LARGEST_BYTES:
            raise no_release()
        data = path.read_bytes()
    found = unzipped(data)
    return found, found.zipped() != data


def _in_folder(path: Path) -> dict[str, bytes]:
    files = [each for each in sorted(path.rglob("*")) if each.is_file()]
    if sum(each.stat().st_size for each in files) > LARGEST_BYTES:
        raise no_release()
    return {each.relative_to(path).as_posix(): each.read_bytes() for each in files}
