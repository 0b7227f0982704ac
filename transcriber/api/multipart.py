"""Forms with files, read as they arrive.

Starlette's own reader puts files over a megabyte into temporary files in the clear. This one
gives their bytes on at once.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from transcriber.domain.errors import UsageError

MOST_FIELD_BYTES = 4096
MOST_PARTS = 64


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is no file."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class FileBegins:
    """A file comes, under the name that its sender gave it."""

    file_name: str


@dataclass(frozen=True, slots=True)
class FileEnds:
    """The file that came is there in full."""


Event = Field | FileBegins | bytes | FileEnds
"""What a form consists of, in order; bytes are those of the file that has begun."""


def boundary_of(content_type: str) -> bytes | None:
    """Return what separates the parts of a form with files; None for any other body."""
    kind, options = parse_options_header(content_type)
    return options.get(b"boundary") if kind == b"multipart/form-data" else None


async def events(boundary: bytes, body: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """Yield what a form holds. Raises UsageError `bad_form` when it is none, or breaks off."""
    reader = _Reader()
    try:
        parser = MultipartParser(boundary, reader.callbacks())  # type: ignore[arg-type]
        async for data in body:
            parser.write(data)
            for event in reader.take():
                yield event
        parser.finalize()
    except FormParserError:
        raise _bad_form() from None
    if not reader.is_over:
        raise _bad_form()


class _Reader:
    """Turns what the parser calls into events."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._headers: dict[bytes, bytes] = {}
        self._header = self._value = b""
        self._name: str | None = None
        self._field: bytearray | None = None
        self._parts = 0
        self.is_over = False

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._part_data,
            "on_part_end": self._part_ends,
            "on_end": self._ends,
        }

    def take(self) -> list[Event]:
        taken, self._events = self._events, []
        return taken

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise _bad_form()
        self._headers = {}

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = _text(options.get(b"name", b""))
        if b"filename" in options:
            self._field = None
            self._events.append(FileBegins(_text(options[b"filename"])))
        else:
            self._field = bytearray()

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._field is None:
            self._events.append(data[start:end])
            return
        self._field += data[start:end]
        if len(self._field) > MOST_FIELD_BYTES:
            raise _bad_form()

    def _part_ends(self) -> None:
        if self._field is None:
            self._events.append(FileEnds())
        else:
            self._events.append(Field(self._name or "", _text(bytes(self._field))))

    def _ends(self) -> None:
        self.is_over = True


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _bad_form() -> UsageError:
    return UsageError(
        "bad_form",
        "This form could not be read to its end. Nothing was stored. Send it again.",
    )
