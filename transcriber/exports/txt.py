"""Plain text: the mark, an empty line, then one line `LABEL: talk` a turn."""

from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.wording import marks, prepared_turns, without_colons


def write_txt(transcript: RedactedTranscript) -> bytes:
    """Write UTF-8 without a byte-order mark, lines ended by LF.

    The first line holds no colon, so that no tool takes it for a speaker. Raises ValueError for a
    label that is not capitals, digits and underscores.
    """
    header = " - ".join(without_colons(mark) for mark in marks(transcript))
    lines = [header, ""]
    lines += [f"{turn.label}: {turn.text}" for turn in prepared_turns(transcript)]
    return ("\n".join(lines) + "\n").encode()
