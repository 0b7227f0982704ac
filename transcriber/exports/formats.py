"""The formats in which a transcript leaves: all that any face offers, in the order it offers them.

A format is a file of its own here that writes a `RedactedTranscript`; listing it below is all that
makes it known to pages, interface, command line and the check before a release.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.html import write_html
from transcriber.exports.redacted_json import write_redacted_json
from transcriber.exports.refi.package import write_qdpx
from transcriber.exports.rttm import write_released_rttm
from transcriber.exports.srt import write_srt
from transcriber.exports.turns_jsonl import write_turns_jsonl
from transcriber.exports.turns_table import write_nvivo_tsv, write_turns_csv
from transcriber.exports.txt import write_txt
from transcriber.exports.vtt import write_vtt
from transcriber.exports.whisperx_json import write_whisperx_json
from transcriber.exports.word import write_docx

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JSON = "application/json"
TEXT = "text/{}; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a transcript down.

    `key` names it everywhere and is how its files end: `timed.docx` in `FG01-v1.timed.docx`.
    `label` is what a researcher calls it, `purpose` says what it is for.

    `write` gives the same bytes for the same transcript. It raises ValueError for a label that is
    not capitals, digits and underscores.
    """

    key: str
    label: str
    purpose: str
    media_type: str
    write: Callable[[RedactedTranscript], bytes]


def _formats(*formats: Format) -> dict[str, Format]:
    return {each.key: each for each in formats}


COMMON: Mapping[str, Format] = _formats(
    Format("docx", "Word", "to read, print and code", WORD, write_docx),
    Format("txt", "Plain text", "for any program", TEXT.format("plain"), write_txt),
    Format("vtt", "Subtitles", "for players, with speakers", TEXT.format("vtt"), write_vtt),
    Format("json", "JSON", "every word with its times", JSON, write_redacted_json),
)
"""What is offered first, and written where nobody chose; by key."""

STORED = "json"
"""The format in which a text of a release is stored, with how it was checked.

The others are written from it when somebody asks: the same release gives the same bytes.
"""

FORMATS: Mapping[str, Format] = dict(COMMON) | _formats(
    Format(
        *("timed.docx", "Word with times", "to follow the sound in NVivo or MAXQDA", WORD),
        partial(write_docx, layout="timed"),
    ),
    Format(
        *("headings.docx", "Word with headings", "to code by paragraph style in NVivo", WORD),
        partial(write_docx, layout="headings"),
    ),
    Format(
        *("table.docx", "Word table", "a row a turn: timespan, speaker, content", WORD),
        partial(write_docx, layout="table"),
    ),
    Format(
        *("qdpx", "REFI-QDA project", "opens in coding tools, with speakers and times"),
        "application/octet-stream",  # as a zip file some browsers would unpack it
        write_qdpx,
    ),
    Format("html", "Web page", "for Taguette", TEXT.format("html"), write_html),
    Format("srt", "SubRip subtitles", "for video programs", "application/x-subrip", write_srt),
    Format(
        *("tsv", "Table for NVivo", "a transcript of sound that NVivo already has"),
        *(TEXT.format("tab-separated-values"), write_nvivo_tsv),
    ),
    Format("csv", "CSV", "for spreadsheets and R", TEXT.format("csv"), write_turns_csv),
    Format(
        *("jsonl", "JSON lines", "a turn a line, for programs", "application/jsonl"),
        write_turns_jsonl,
    ),
    Format(
        *("whisperx.json", "WhisperX JSON", "for tools that read WhisperX", JSON),
        write_whisperx_json,
    ),
    Format("rttm", "RTTM", "who talks when, no words", TEXT.format("plain"), write_released_rttm),
)
"""All formats, by key; those that are common come first."""
