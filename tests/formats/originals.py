"""Searches files, unpacked, for what should be gone."""

import io
import json
from collections.abc import Iterator, Sequence
from zipfile import ZipFile


def all_bytes(data: bytes) -> Iterator[bytes]:
    """Yield a file, or its members with their names and comments where it is a zip file."""
    if not data.startswith(b"PK"):
        yield data
        return
    with ZipFile(io.BytesIO(data)) as archive:
        yield archive.comment
        for entry in archive.infolist():
            yield entry.filename.encode()
            yield entry.comment + entry.extra
            yield from all_bytes(archive.read(entry))


def originals_in(data: bytes, originals: Sequence[str]) -> int:
    """Count the originals that stand somewhere in a file, in any spelling that programs use."""
    pieces = list(all_bytes(data))
    return sum(
        any(spelling in piece for piece in pieces for spelling in _spellings(original))
        for original in originals
    )


def _spellings(text: str) -> set[bytes]:
    return {
        text.encode(),
        text.encode("utf-16-le"),
        json.dumps(text)[1:-1].encode(),
        text.encode("ascii", "xmlcharrefreplace"),
    }
