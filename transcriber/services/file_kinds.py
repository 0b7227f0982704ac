"""What a file is by its name and its beginning, as far as that is certain.

Only what is surely something else is refused here, while it arrives. Whether a recording can be
read, the decoder says (`transcriber.engines.pyav`), and whether a transcript can, its reader.
"""

from pathlib import PurePath

from transcriber.domain.errors import InputError
from transcriber.engines.pyav.verdict import input_error

ENOUGH_BYTES = 512
"""What is shorter may look like anything."""

_ZIP = b"PK\x03\x04"  # a DOCX is one
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Compound File Binary, [MS-CFB] 2.2
_OTHERS = (
    _ZIP,
    _OLD_WORD,
    b"%PDF-",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"GIF8",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",  # gzip
    b"\x7fELF",
    b"MZ",
    b"SQLite format 3\x00",
)
"""How files begin that never hold sound, each as its own standard says."""


def transcript_suffix(file_name: str) -> str | None:
    """Return the ending of a transcript's name, such as `.docx`; None for anything else."""
    suffix = PurePath(file_name).suffix.lower()
    return suffix if suffix in (".docx", ".vtt", ".srt", ".txt") else None


def require_takeable(beginning: bytes, file_name: str) -> None:
    """Raise InputError for what is surely neither a recording nor a transcript."""
    if len(beginning) < ENOUGH_BYTES:
        return
    suffix = transcript_suffix(file_name)
    if beginning.startswith(_OLD_WORD):
        raise InputError(
            "old_word",
            "This is a document of an older Word. Nothing was stored. Open it in Word, save it as "
            ".docx and drop it here.",
        )
    if suffix == ".docx":
        if not beginning.startswith(_ZIP):
            raise _no_transcript()
    elif suffix is not None:
        if b"\0" in beginning[:ENOUGH_BYTES] and not beginning.startswith(
            (b"\xff\xfe", b"\xfe\xff")
        ):
            raise _no_transcript()
    elif beginning.startswith(_OTHERS) or _is_text(beginning[:ENOUGH_BYTES]):
        raise input_error("not_sound")


def _is_text(data: bytes) -> bool:
    """Whether bytes are text, such as a playlist or a page; a cut through a letter is none."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(data) - 3:
            return False
        text = data[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\r\n\t" for letter in text)


def _no_transcript() -> InputError:
    return InputError(
        "no_transcript",
        "This file is not what its name says. Nothing was stored. Export the transcript again as "
        "docx, vtt, srt or txt and drop it here.",
    )
