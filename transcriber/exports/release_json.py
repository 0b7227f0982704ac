"""A release as it is stored: the redacted transcript and, beside it, how it was checked.

The same text and the same facts give the same bytes; the address of a release is their SHA-256.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

from transcriber.domain.errors import InputError, StorageError
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Kind
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.jsonbytes import dump, load
from transcriber.exports.redacted_json import redacted_record, write_redacted_json

RELEASE = "release"
"""The field that says how the text was checked; the others are the redacted transcript's."""


def write_release(transcript: RedactedTranscript, manifest: Mapping[str, Any]) -> bytes:
    """Write UTF-8 JSON. Raises ValueError for a label that is none."""
    return dump({**redacted_record(transcript), RELEASE: dict(manifest)})


@lru_cache(maxsize=8)
def text_sha256(transcript: RedactedTranscript) -> str:
    """Return the SHA-256 of a text alone, in hexadecimal. Raises ValueError like the writer."""
    return sha256(write_redacted_json(transcript)).hexdigest()


def read_release(data: bytes) -> tuple[RedactedTranscript, Mapping[str, Any]]:
    """Read what `write_release` wrote. Raises StorageError `release_unreadable` for else."""
    try:
        record = load(data.decode())
        assert isinstance(record, dict)
        return _transcript(record), dict(record.get(RELEASE, {}))
    except (InputError, ValueError, KeyError, TypeError, AssertionError, AttributeError):
        raise _unreadable() from None


def _transcript(record: Mapping[str, Any]) -> RedactedTranscript:
    coverage = record["coverage"]
    return RedactedTranscript(
        code=record["code"],
        study=record["study"],
        language=record["language"],
        quality=Quality(record["quality"]),
        checked=Checked(record["status"]),
        duration_ms=record["duration_ms"],
        coverage=Coverage(
            coverage["speech_ms"],
            tuple(Interval(gap["start_ms"], gap["end_ms"]) for gap in coverage["untranscribed"]),
        ),
        turns=tuple(_turn(turn) for turn in record["turns"]),
        guessed=tuple(record["guessed_labels"]),
        remarks=tuple(record.get("remarks", ())),
        kind=Kind(record["kind"]) if "kind" in record else None,
    )


def _turn(record: Mapping[str, Any]) -> RedactedTurn:
    return RedactedTurn(
        record["speaker"],
        tuple(
            Token(
                token["text"],
                token["start_ms"],
                token["end_ms"],
                token["redacted"],
                token["mark"],
            )
            for token in record["tokens"]
        ),
        record.get("id", ""),
    )


def _unreadable() -> StorageError:
    return StorageError(
        "release_unreadable",
        "This release cannot be read. Restore it from a backup, or sign the transcript again.",
    )
