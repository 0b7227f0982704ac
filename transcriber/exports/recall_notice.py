"""The notice that lies beside a file which was taken back. It says nothing of why."""

from datetime import UTC, datetime


def recall_notice(  # all that tells which file it is
    *, code: str, number: int, file_name: str, sha256: str | None, release_id: str, at_ms: int
) -> bytes:
    """Write UTF-8 with LF; `at_ms` is UTC. The same facts give the same bytes."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    lines = (
        "RECALLED",
        "",
        f"{code}, version {number}, was taken back on {at:%Y-%m-%d} at {at:%H:%M} UTC.",
        "Please do not use it any more. Delete this file and every copy of it, and tell those",
        "to whom you gave it. A later version comes the same way once it is signed.",
        "",
        f"File:    {file_name}",
        f"SHA-256: {sha256 or 'it did not arrive here'}",
        f"Release: {release_id}",
    )
    return ("\n".join(lines) + "\n").encode()
