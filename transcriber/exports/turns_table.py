"""Tables of turns: CSV for spreadsheets and statistics, TSV as NVivo takes it.

A cell that a spreadsheet would run, such as talk that begins with "-" or "=", has a quote before it
(docs/formats.md says how to take it away).
"""

import codecs

from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.clock import timespan
from transcriber.exports.csv_cells import write_csv
from transcriber.exports.wording import marks, one_line, prepared_turns

COLUMNS = ("recording", "turn", "id", "speaker", "start_ms", "end_ms", "text", "status")


def write_turns_csv(transcript: RedactedTranscript) -> bytes:
    """Write CSV, a row a turn: `turn` counts from 1, `status` holds the marks.

    UTF-8 with the byte-order mark without which Excel takes it for another encoding. Raises
    ValueError for a label that is not capitals, digits and underscores.
    """
    code, status = one_line(transcript.code), " - ".join(marks(transcript))
    rows = [
        (code, number, turn.id, turn.label, turn.start_ms, turn.end_ms, turn.text, status)
        for number, turn in enumerate(prepared_turns(transcript), 1)
    ]
    return codecs.BOM_UTF8 + write_csv(COLUMNS, rows)


def write_nvivo_tsv(transcript: RedactedTranscript) -> bytes:
    """Write a row a turn with NVivo's fields Timespan, Speaker and Content, then the marks.

    UTF-8 without a byte-order mark. Raises ValueError like `write_turns_csv`.
    """
    status = " - ".join(marks(transcript))
    rows = [
        (timespan(turn.start_ms, turn.end_ms), turn.label, turn.text, status)
        for turn in prepared_turns(transcript)
    ]
    return write_csv(("Timespan", "Speaker", "Content", "Status"), rows, delimiter="\t")
