"""What the line formats of NIST have in common."""

from collections.abc import Collection, Iterator

from transcriber.domain.errors import InputError

COMMENT = ";"


def rows(text: str) -> Iterator[str]:
    """Yield the lines that are neither empty nor comments."""
    for line in text.splitlines():
        row = line.strip()
        if row and not row.startswith(COMMENT):
            yield row


def seconds(field: str) -> int:
    """Read seconds as whole milliseconds. Raises ValueError for anything but a number from 0."""
    value = float(field)
    if not 0 <= value < float("inf"):
        raise ValueError("not a time")
    return round(value * 1000)


def only_one_recording(files: Collection[str]) -> None:
    """Raise InputError `several_recordings` when lines name more than one file."""
    if len(files) > 1:
        raise InputError(
            "several_recordings",
            "This file holds lines of more than one recording. Split it into one file for each "
            "recording, put them into a folder and name that.",
        )
