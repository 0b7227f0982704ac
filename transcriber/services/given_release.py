"""A release as somebody has it in a folder: its text, only if it is as it was signed."""

from pathlib import Path

from transcriber.domain.errors import InputError
from transcriber.exports.release_json import ReleasedText
from transcriber.exports.signed_release import read_signed, signed_in_package
from transcriber.services.verify_release import opened_package


def given_release(path: Path) -> ReleasedText:
    """Return the text of a release: of its zip, of the folder that came of it, or of its JSON.

    Raises InputError `missing` or `unreadable` where there is nothing that can be read, and what
    `opened_package`, `signed_in_package` and `read_signed` raise.
    """
    if path.is_dir() or path.suffix.lower() == ".zip":
        return signed_in_package(opened_package(path))
    try:
        return read_signed(path.read_bytes())
    except FileNotFoundError:
        raise InputError(
            "missing", "There is nothing at this path. Check how it is written."
        ) from None
    except OSError:
        raise InputError(
            "unreadable", "This file may not be read. Ask whoever gave it to you for it."
        ) from None
