"""The container: `project.qde` at its root and a flat folder `sources` (standard, section 8)."""

from collections.abc import Sequence
from hashlib import sha256

from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.ooxml import zipped
from transcriber.exports.refi.guids import guids
from transcriber.exports.refi.plain import plain_text
from transcriber.exports.refi.word import write_word
from transcriber.exports.wording import one_line


def write_qdpx(transcript: RedactedTranscript) -> bytes:
    """Write a project of one transcript. Raises ValueError for a label that is none."""
    return write_project([transcript])


def write_project(transcripts: Sequence[RedactedTranscript]) -> bytes:
    """Write one project of all transcripts of a study, at least one, each with a code of its own.

    The same transcripts give the same bytes. Raises ValueError for a label that is not capitals,
    digits and underscores.
    """
    # lxml takes a while to import, and every command imports the formats.
    from transcriber.exports.refi.project import Project, Source

    texts = [plain_text(each) for each in transcripts]
    digests = b"".join(sha256(each.text.encode()).digest() for each in texts)
    drawn = guids(sha256(digests).hexdigest())
    sources = [
        Source(next(drawn), transcript, text)
        for transcript, text in zip(transcripts, texts, strict=True)
    ]
    files = {}
    for source in sources:
        stem = f"sources/{source.guid}"
        files[f"{stem}.txt"] = source.plain.text.encode()
        files[f"{stem}.docx"] = write_word(source.plain, source.transcript.language or "en")
    name = one_line(transcripts[0].study) or "Study"
    files["project.qde"] = Project(name, sources, drawn).xml()
    return zipped(files)
