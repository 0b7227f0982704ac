"""How each speaker talks, as a table for a spreadsheet or a statistics program."""

from dataclasses import fields

from transcriber.domain.speaker_overview import SpeakerOverview
from transcriber.domain.talk import SpeakerTalk
from transcriber.exports.csv_cells import write_csv

FIGURES = tuple(field.name for field in fields(SpeakerTalk) if field.name != "speaker")


def write_speakers_csv(overview: SpeakerOverview) -> bytes:
    """Write one row for each speaker in order of first talk; the columns are `SpeakerTalk`'s."""
    rows = [
        (overview.code, overview.label(talk.speaker), *(getattr(talk, name) for name in FIGURES))
        for talk in overview.figures.speakers
    ]
    return write_csv(("recording", "label", *FIGURES), rows)
