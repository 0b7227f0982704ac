"""SubRip subtitles: cues that begin with their speaker, `P01: talk`.

SubRip has no standard and no comments, so the marks are a first cue with number 0 and 1 ms long, as
`redact` writes them. Words that look like tags stay as they are: nothing could escape them.
"""

from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.clock import exact_clock
from transcriber.exports.cues import cues_of
from transcriber.exports.wording import marks, without_colons

MARK_TIMES = "00:00:00,000 --> 00:00:00,001"
"""When the cue is shown that holds the marks."""


def write_srt(transcript: RedactedTranscript) -> bytes:
    """Write UTF-8 without a byte-order mark, lines ended by LF.

    Raises ValueError for a label that is not capitals, digits and underscores.
    """
    header = " - ".join(without_colons(mark) for mark in marks(transcript))
    blocks = [f"0\n{MARK_TIMES}\n{header}"]
    for number, cue in enumerate(cues_of(transcript), 1):
        times = f"{exact_clock(cue.start_ms, ',')} --> {exact_clock(cue.end_ms, ',')}"
        blocks.append(f"{number}\n{times}\n{cue.label}: {cue.text}")
    return ("\n\n".join(blocks) + "\n").encode()
