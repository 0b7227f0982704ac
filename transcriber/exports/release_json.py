"""A release as it is stored: redacted transcripts and, beside each, how it was checked.

The first text is the one that was signed. Others follow from the same decisions under the study's
further policies, and lie in the same file, so that none of them can be another one later. The same
texts and the same facts give the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
"""The field that says how a text was checked; the others are the redacted transcript's."""

PROFILES = "profiles"
"""The field of the first text that holds those by further policies; no file that leaves has it."""


@dataclass(frozen=True)
class ReleasedText:
    """A text of a release, and how it was checked."""

    transcript: RedactedTranscript
    facts: Mapping[str, Any]

    @property
    def profile(self) -> str:
        """The name of the policy that wrote it; empty in releases that do not tell."""
        return str(self.facts.get("policy", {}).get("name", ""))


def write_release(
    transcript: RedactedTranscript,
    facts: Mapping[str, Any],
    further: Sequence[ReleasedText] = (),
) -> bytes:
    """Write UTF-8 JSON. Raises ValueError for a label that is none."""
    record = _record(transcript, facts)
    if further:
        record[PROFILES] = [_record(each.transcript, each.facts) for each in further]
    return dump(record)


def write_taken(text: ReleasedText) -> bytes:
    """Write one text of a release as the JSON file that leaves, which tells its number as well.

    Raises ValueError like `write_release`.
    """
    number = text.transcript.release_number
    told = {} if number is None else {"number": number}
    return write_release(text.transcript, {**told, **text.facts})


def _record(transcript: RedactedTranscript, facts: Mapping[str, Any]) -> dict[str, object]:
    return {**redacted_record(transcript), RELEASE: dict(facts)}


@lru_cache(maxsize=32)
def text_sha256(transcript: RedactedTranscript) -> str:
    """Return the SHA-256 of a text alone, in hexadecimal. Raises ValueError like the writer."""
    return sha256(write_redacted_json(transcript)).hexdigest()


def read_release(data: bytes) -> tuple[RedactedTranscript, Mapping[str, Any]]:
    """Read the text that was signed, and how it was checked. Raises what `read_texts` raises."""
    signed = read_texts(data)[0]
    return signed.transcript, signed.facts


def read_texts(data: bytes) -> tuple[ReleasedText, ...]:
    """Read all that `write_release` wrote, the text that was signed first.

    Raises StorageError `release_unreadable` for anything else.
    """
    try:
        record = load(data.decode())
        assert isinstance(record, dict)
        return tuple(
            ReleasedText(_transcript(each), dict(each.get(RELEASE, {})))
            for each in (record, *record.get(PROFILES, ()))
        )
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
