"""The formats in which a transcript leaves: all that any face offers, in the order it offers them.

A format is a file of its own here that writes a `RedactedTranscript`; listing it below is all that
makes it known to pages, interface, command line and the check before a release.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.docx_inline import write_docx
from transcriber.exports.redacted_json import write_redacted_json
from transcriber.exports.refi.package import write_qdpx
from transcriber.exports.txt import write_txt
from transcriber.exports.vtt import write_vtt

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a transcript down.

    `key` names it everywhere and is how its files end: `timed.docx` in `FG01-v1.timed.docx`.
    `label` is what a researcher calls it, `purpose` says what it is for. `common` ones are offered
    first and written where nobody chose.

    `write` gives the same bytes for the same transcript. It raises ValueError for a label that is
    not capitals, digits and underscores.
    """

    key: str
    label: str
    purpose: str
    media_type: str
    write: Callable[[RedactedTranscript], bytes]
    common: bool = False


FORMATS: Mapping[str, Format] = {
    each.key: each
    for each in (
        Format("docx", "Word", "to read, print and code", WORD, write_docx, common=True),
        Format(
            "txt", "Plain text", "for any program", "text/plain; charset=utf-8", write_txt, True
        ),
        Format(
            "vtt", "Subtitles", "talk with its times", "text/vtt; charset=utf-8", write_vtt, True
        ),
        Format(
            *("json", "JSON", "every word with its times", "application/json"),
            write_redacted_json,
            common=True,
        ),
        Format(
            "qdpx",
            "REFI-QDA project",
            "opens as a project in coding tools, with speakers and times",
            "application/octet-stream",  # as a zip file some browsers would unpack it
            write_qdpx,
        ),
    )
}
"""By key."""

COMMON = tuple(key for key, each in FORMATS.items() if each.common)
"""Keys of the formats that are written where nobody chose."""
