"""JSON lines, one turn each, for programs (schema `transcriber/turn/1`, docs/schemas.md)."""

import json

from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.wording import marks, one_line, prepared_turns

SCHEMA = "transcriber/turn/1"


def write_turns_jsonl(transcript: RedactedTranscript) -> bytes:
    """Write UTF-8, a line a turn that says by itself what it is of; times in milliseconds.

    Raises ValueError for a label that is not capitals, digits and underscores.
    """
    shared = {
        "schema": SCHEMA,
        "study": one_line(transcript.study),
        "recording": one_line(transcript.code),
        "status": list(marks(transcript)),
    }
    lines = [
        json.dumps(
            {
                **shared,
                "turn": number,
                **({"id": turn.id} if turn.id else {}),
                "speaker": turn.label,
                "start_ms": turn.start_ms,
                "end_ms": turn.end_ms,
                "text": turn.text,
            },
            ensure_ascii=False,
        )
        for number, turn in enumerate(prepared_turns(transcript), 1)
    ]
    return "".join(f"{line}\n" for line in lines).encode()
