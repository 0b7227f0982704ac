"""Speaker turns as RTTM, the format that diarisation is scored in.

NIST, "The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan", appendix A.
"""

from collections.abc import Sequence

from transcriber.domain.interval import Interval
from transcriber.domain.redacted import RedactedTranscript
from transcriber.domain.transcript import Turn
from transcriber.exports.wording import prepared_turns, writable


def write_rttm(turns: Sequence[Turn], file_id: str) -> str:
    """Return one `SPEAKER` line for each turn, seconds with three decimals, channel 1.

    Raises ValueError when `file_id` is empty or holds white space, which separates the fields.
    """
    if file_id.split() != [file_id]:
        raise ValueError("an RTTM file id must be one word")
    return "".join(_line(turn, file_id) for turn in turns)


def write_released_rttm(transcript: RedactedTranscript) -> bytes:
    """Write who talks when in a transcript that leaves, without a word of what is said.

    The file id is the code of the recording, with underscores for white space. Raises ValueError
    for a label that is not capitals, digits and underscores.
    """
    file_id = "_".join(writable(transcript.code).split()) or "recording"
    turns = [
        Turn(turn.label, Interval(turn.start_ms, turn.end_ms))
        for turn in prepared_turns(transcript)
        if turn.end_ms > turn.start_ms
    ]
    return write_rttm(turns, file_id).encode()


def _line(turn: Turn, file_id: str) -> str:
    start = turn.interval.start_ms / 1000
    duration = turn.interval.duration_ms / 1000
    return f"SPEAKER {file_id} 1 {start:.3f} {duration:.3f} <NA> <NA> {turn.speaker} <NA> <NA>\n"
