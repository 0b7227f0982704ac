"""The files that a person names."""

import hashlib
from pathlib import Path

from transcriber.domain.errors import InputError


def identify(path: Path) -> str:
    """Return the SHA-256 of a file's content. Raises InputError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise InputError(
            "not_found", "There is no such file. Check the path and run the command again."
        ) from None
    except IsADirectoryError:
        raise InputError(
            "is_a_folder",
            "This is a folder, not a file. Name the files in it, for example folder/*.",
        ) from None
    except OSError:
        raise InputError(
            "not_readable",
            "This file cannot be read. Check who may read it and run the command again.",
        ) from None
