"""The attributes table of a study: one row for each person, by label.

Coding tools differ in which attributes of a REFI-QDA project they take over, so every package for
them has this table as well.
"""

from collections.abc import Iterable

from transcriber.domain.participation import people
from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.csv_cells import write_csv

HEADINGS = ("label", "part", "recordings", "kind", "turns", "words", "talk_seconds")


def write_attributes(transcripts: Iterable[RedactedTranscript]) -> bytes:
    """Write UTF-8 CSV with LF: the label first, by which tools know their cases.

    Several recordings or kinds are joined by a space; `talk_seconds` is rounded.
    """
    return write_csv(
        HEADINGS,
        (
            (
                person.label,
                person.part.value,
                " ".join(person.recordings),
                " ".join(person.kinds),
                person.turns,
                person.words,
                round(person.talk_ms / 1000),
            )
            for person in people(transcripts)
        ),
    )
