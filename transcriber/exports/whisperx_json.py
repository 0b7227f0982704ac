"""JSON in the shape of WhisperX, for tools that read its output: segments, words, seconds.

Source: the result of `whisperx.assign_word_speakers` (WhisperX 3, README). There are no scores: a
replacement has none, and those of words stay inside. `status` is ours; readers pass over it.
"""

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.exports.jsonbytes import dump
from transcriber.exports.wording import marks, prepared_turns


def write_whisperx_json(transcript: RedactedTranscript) -> bytes:
    """Write UTF-8 JSON, a segment a turn. Times are seconds with three decimals at most.

    Raises ValueError for a label that is not capitals, digits and underscores.
    """
    turns = prepared_turns(transcript)
    return dump(
        {
            "status": list(marks(transcript)),
            "segments": [_segment(turn) for turn in turns],
            "word_segments": [word for turn in turns for word in _words(turn)],
            "language": transcript.language,
        }
    )


def _segment(turn: RedactedTurn) -> dict[str, object]:
    return {
        "start": turn.start_ms / 1000,
        "end": turn.end_ms / 1000,
        "text": turn.text,
        "words": _words(turn),
        "speaker": turn.label,
    }


def _words(turn: RedactedTurn) -> list[dict[str, object]]:
    return [
        {
            "word": token.text,
            "start": token.start_ms / 1000,
            "end": token.end_ms / 1000,
            "speaker": turn.label,
        }
        for token in turn.tokens
    ]
