"""Plain text files, and the decoding that every text format shares."""

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transcriber.domain.errors import InputError
from transcriber.exports.documents.document import Replacement, empty, replaced


def decode(data: bytes) -> str:
    """Read UTF-8 or, with a byte-order mark, UTF-16; what is neither is read as Windows-1252.

    The byte-order mark is not part of the text. Raises InputError `not_text` for bytes that are no
    text and `empty` when there is nothing but white space.
    """
    text = _decoded(data)
    if text is None or "\0" in text:
        raise InputError(
            "not_text",
            "This file does not hold text, so nothing was read. Save it as plain text in UTF-8.",
        )
    if not text.strip():
        raise empty()
    return text


def _decoded(data: bytes) -> str | None:
    """Try encodings, most certain first; Windows-1252 is what older Windows programs write."""
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file; its line ends stay as they are."""

    text: str

    @property
    def parts(self) -> Mapping[str, str]:
        """Nothing: a text file is all body."""
        return {}

    def rewrite(
        self,
        text_replacements: Sequence[Replacement],
        part_replacements: Mapping[str, Sequence[Replacement]],
        mark: str,
    ) -> bytes:
        """Return UTF-8 without a byte-order mark; the mark is the first line, then an empty one."""
        if part_replacements:
            raise KeyError("a text file has no parts")
        body = replaced(self.text, text_replacements)
        break_ = "\r\n" if "\r\n" in self.text else "\n"
        if not body.startswith(mark):
            body = f"{mark}{break_}{break_}{body}"
        return body.encode()


def open_text(data: bytes) -> TextFile:
    """Read a text file. Raises InputError `not_text` or `empty`."""
    return TextFile(decode(data))
