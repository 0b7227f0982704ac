"""What people changed in one recording: `private/CODE.edits.json`, docs/schemas.md."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from transcriber.domain.edit import Edit, TextEdit
from transcriber.domain.errors import EditError, disk_errors
from transcriber.storage.files import write_whole


def read_edits(private: Path, code: str) -> tuple[Edit, ...]:
    """Read the events in order; none where there is no file.

    Raises EditError when the file is not such a list and StorageError when it cannot be read.
    """
    with disk_errors():
        try:
            data = _path(private, code).read_bytes()
        except FileNotFoundError:
            return ()
    return edits_from_json(data)


def append_edits(private: Path, code: str, edits: Sequence[Edit]) -> None:
    """Add events at the end of the list. Raises EditError and StorageError, as reading does."""
    whole = (*read_edits(private, code), *edits)
    write_whole(_path(private, code), edits_to_json(whole))


def edits_from_json(data: bytes) -> tuple[Edit, ...]:
    """Read events. Raises EditError, which never quotes them, where they are not valid."""
    try:
        edits: tuple[Edit, ...] = _adapter().validate_json(data)
    except ValidationError:
        raise EditError(
            "bad_edits",
            "The list of edits of this recording is not valid. Mend it (docs/schemas.md says how) "
            "or move it away.",
        ) from None
    return edits


def edits_to_json(edits: Sequence[Edit]) -> bytes:
    """Write events as UTF-8 JSON."""
    return bytes(_adapter().dump_json(tuple(edits), indent=1)) + b"\n"


@cache
def _adapter() -> TypeAdapter[Any]:
    event = Annotated[TextEdit, Field(discriminator="kind")]
    return TypeAdapter(tuple[event, ...])


def _path(private: Path, code: str) -> Path:
    return private / f"{code}.edits.json"
