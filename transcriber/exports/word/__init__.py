"""Word documents in four layouts: what a careful secretary would have typed.

Rules: LOOK (Documents). All layouts have one title, one cover, one running header; nothing before
the first turn holds a colon, which MAXQDA would read as a speaker. Word numbers the lines itself:
typed numbers would destroy coding and search. A turn is one paragraph and has no line breaks, at
which QualCoder glues words together.
"""

from transcriber.domain.redacted import RedactedTranscript


def write_docx(transcript: RedactedTranscript, layout: str = "inline") -> bytes:
    """Write a Word document from nothing; the same transcript gives the same bytes.

    `layout` is a key of `LAYOUTS`. Raises ValueError for a label that is not capitals, digits and
    underscores.
    """
    # python-docx takes a fifth of a second to import, and every command imports the formats.
    from transcriber.exports.word.document import LAYOUTS, written

    return written(transcript, LAYOUTS[layout])
