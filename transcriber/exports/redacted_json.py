"""The redacted transcript for programs (schema `transcriber/redacted/1`, docs/schemas.md)."""

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.exports.jsonbytes import dump
from transcriber.exports.wording import coverage_record, one_line, prepared_turns

SCHEMA = "transcriber/redacted/1"


def write_redacted_json(transcript: RedactedTranscript) -> bytes:
    """Write UTF-8 JSON; times in milliseconds.

    Raises ValueError for a label that is not capitals, digits and underscores.
    """
    return dump(redacted_record(transcript))


def redacted_record(transcript: RedactedTranscript) -> dict[str, object]:
    """Return what the file holds. Raises ValueError like the writer."""
    remarks = [one_line(remark) for remark in transcript.remarks]
    return {
        "schema": SCHEMA,
        "status": transcript.checked.value,
        **({"remarks": remarks} if remarks else {}),
        "study": one_line(transcript.study),
        "code": one_line(transcript.code),
        **({"kind": transcript.kind.value} if transcript.kind else {}),
        "language": transcript.language,
        "quality": transcript.quality.value,
        "duration_ms": transcript.duration_ms,
        "coverage": coverage_record(transcript.coverage),
        "guessed_labels": list(transcript.guessed),
        "turns": [
            _turn_record(number, turn)
            for number, turn in enumerate(prepared_turns(transcript), start=1)
        ],
    }


def _turn_record(number: int, turn: RedactedTurn) -> dict[str, object]:
    return {
        "number": number,
        **({"id": turn.id} if turn.id else {}),
        "speaker": turn.label,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "text": turn.text,
        "tokens": [
            {
                "text": token.text,
                "start_ms": token.start_ms,
                "end_ms": token.end_ms,
                "redacted": token.redacted,
                "mark": token.mark,
            }
            for token in turn.tokens
        ],
    }
