"""Picks the reader for a file."""

from collections.abc import Callable

from transcriber.domain.errors import InputError
from transcriber.exports.documents.document import Document
from transcriber.exports.documents.json_file import open_json
from transcriber.exports.documents.plain import open_text
from transcriber.exports.documents.srt import open_srt
from transcriber.exports.documents.vtt import open_vtt
from transcriber.exports.documents.word import open_docx

_READERS: dict[str, Callable[[bytes], Document]] = {
    ".txt": open_text,
    ".vtt": open_vtt,
    ".srt": open_srt,
    ".docx": open_docx,
    ".json": open_json,
}

SUFFIXES = frozenset(_READERS)
"""File name endings that can be opened, in lower case."""


def open_document(data: bytes, suffix: str) -> Document:
    """Read a transcript by its file name's ending, such as `.docx` (any case).

    Raises InputError: `unknown_format`, `not_text`, `empty`, `too_big`, `bad_docx`, `bad_vtt`,
    `bad_srt` or `bad_json`. A sentence never quotes the file.
    """
    reader = _READERS.get(f".{suffix.lower().lstrip('.')}")
    if reader is None:
        raise InputError(
            "unknown_format",
            "This kind of file cannot be read. Save it as docx, txt, vtt, srt or json.",
        )
    if not data:
        raise InputError("empty", "This file is empty. Nothing was stored. Export it again.")
    return reader(data)
