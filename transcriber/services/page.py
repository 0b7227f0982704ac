"""A page of a list, and the cursor that says where the next one begins."""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from transcriber.domain.errors import UsageError

T = TypeVar("T")

_CURSOR = re.compile(r"([0-9a-f]{1,12})-([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list; `cursor` gives what follows, None at the end.

    Lists are read from where the last page ended (keyset pagination), so that nothing is seen
    twice or missed because something was added meanwhile.
    """

    items: tuple[T, ...]
    cursor: str | None


def cursor_of(created_at_ms: int, row_id: str) -> str:
    """Return the cursor behind a row."""
    return f"{created_at_ms:x}-{row_id}"


def place_of(cursor: str | None) -> tuple[int, str] | None:
    """Return the time and the id in a cursor. Raises UsageError where it is none of ours."""
    if cursor is None:
        return None
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise UsageError(
            "bad_cursor", "This page does not exist. Begin with the first page of the list."
        )
    return int(found[1], 16), found[2]
