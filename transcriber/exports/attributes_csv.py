"""The attributes table of a study: one row for each person in each recording.

Coding tools differ in which attributes of a REFI-QDA project they take over, so every package for
them has this table as well.
"""

from collections.abc import Iterable

from transcriber.domain.participation import participations
from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.csv_cells import write_csv

HEADINGS = ("label", "recording", "kind", "part", "turns", "words", "talk_seconds")


def write_attributes(transcripts: Iterable[RedactedTranscript]) -> bytes:
    """Write UTF-8 CSV with LF; `talk_seconds` is rounded, `kind` empty where it is not known."""
    return write_csv(
        HEADINGS,
        (
            (
                each.label,
                each.recording,
                each.kind.value if each.kind else "",
                each.part.value,
                each.turns,
                each.words,
                round(each.talk_ms / 1000),
            )
            for each in participations(transcripts)
        ),
    )
