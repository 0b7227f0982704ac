"""What the pipeline reads transcripts with."""

from pathlib import Path

from transcriber.domain.errors import disk_errors
from transcriber.domain.written import WrittenTurn
from transcriber.exports.documents.written_turns import read_written


class DocumentReader:
    """Implements `TranscriptReader`."""

    def read(self, source: Path) -> tuple[WrittenTurn, ...]:
        """Return who says what in a docx, vtt, srt or txt. Raises InputError."""
        with disk_errors():
            data = source.read_bytes()
        return read_written(data)
