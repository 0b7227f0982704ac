"""Which part of a file a request asks for (RFC 9110, 14)."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)
_MOST_DIGITS = 18
"""Of a place in a file; what is longer is beyond the end of any."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A part of a file, `end` exclusive."""

    start: int
    end: int

    @property
    def size_bytes(self) -> int:
        """Its length."""
        return self.end - self.start

    def content_range(self, size_bytes: int) -> str:
        """Return what `Content-Range` says of it in a file of this size."""
        return f"bytes {self.start}-{self.end - 1}/{size_bytes}"


class NotSatisfiable(Exception):
    """No byte of what is asked for is there: status 416."""


def asked_range(
    header: str | None, if_range: str | None, mark: str, size_bytes: int
) -> ByteRange | None:
    """Return the part that is asked for, None for the whole file.

    `mark` is the file's strong `ETag`, quoted. Whoever has a part of another file, by `If-Range`,
    gets the whole of this one; so does whoever asks for several parts at once, which players do
    not and which would only cost us more, and whoever asks for what is no range. Raises
    NotSatisfiable.
    """
    if header is None or (if_range is not None and if_range.strip() != mark):
        return None
    found = _RANGE.fullmatch(header)
    if found is None or found[1] == found[2] == "":
        return None
    first, last = (digits[:_MOST_DIGITS] for digits in found.groups())
    if not first:  # so many bytes from the end
        start, end = max(0, size_bytes - int(last)), size_bytes
        if start == end:
            raise NotSatisfiable
        return ByteRange(start, end)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size_bytes:
        raise NotSatisfiable
    return ByteRange(start, min(int(last) + 1, size_bytes) if last else size_bytes)
