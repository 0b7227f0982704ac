"""Everything that can be read in a written file, by a reader that shares nothing with the writers.

Archives are unpacked, also where one lies in the other, with the names, comments and extra fields
of their members. XML is read as text in which a name cut up by formatting is whole again, and by
its attributes and comments; so is HTML. JSON is read string by string. What is no text is bytes.
"""

import json
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree, html  # type: ignore[import-untyped]

from transcriber.exports.documents.word_package import LARGEST_BYTES, XmlElement

LOCAL_HEADER = struct.Struct("<26xHH")
"""Before a member: its last fields are the lengths of name and extra field (APPNOTE 4.3.7)."""
DEEPEST = 3
"""Archives within one another that are unpacked; deeper ones are bytes."""
PROJECT = ".qde"
"""How the XML of a REFI-QDA project ends."""
UNREADABLE = (
    BadZipFile,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    struct.error,
)
"""What unpacking a zip that is damaged raises."""
GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?:\.[a-z]+)?")
"""With the ending of a file that is named by one."""
COUNTED = re.compile(rf"[0-9]+|{GUID.pattern}")
"""An offset, a figure or a GUID of a project: among thousands a number that was said stands there
by chance, and nobody could take it out again."""
ENDS_A_LINE = frozenset({"p", "tr", "tc", "br", "cr", "row"}) | {
    *("div", "li", "dt", "dd", "td", "th", "title", "h1", "h2", "h3", "summary", "blockquote")
}
"""Elements after which words do not go on (ECMA-376 WordprocessingML and DrawingML; HTML)."""
FONTS = frozenset({"rFonts", "font", "latin", "ea", "cs", "sym"})
"""Elements whose attributes name fonts: Georgia is one, whoever was there."""
STYLES = "style"
"""The element of HTML that does so."""
RUNS = ("http://schemas.openxmlformats.org/wordprocessingml", "http://www.w3.org/1999/xhtml")
"""Vocabularies in which words go on over elements; in all others an element ends them."""
VOCABULARIES = (
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/",
    "http://www.w3.org/",
    "http://purl.org/",
)
"""Addresses that name a vocabulary and are nobody's."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A piece of a file: `part` says which, and exactly one of the others is there.

    `text` are words, `name` is what something is called, `data` is no text.
    """

    part: str
    text: str | None = None
    name: str | None = None
    data: bytes | None = None


def corners(name: str, data: bytes) -> Iterator[Corner]:
    """Yield everything that can be read in a file; `part` begins with the kind of the file."""
    yield from _in_file(name.rpartition(".")[2], data, DEEPEST)


def _in_file(part: str, data: bytes, depth: int) -> Iterator[Corner]:
    if data.startswith(b"PK") and depth:
        yield from _in_archive(part, data, depth - 1)
        return
    texts = list(_texts(part, data))
    if not texts:
        yield Corner(part, data=data)
    for text in texts:
        yield Corner(part, text=text)


def _in_archive(part: str, data: bytes, depth: int) -> Iterator[Corner]:
    try:
        with ZipFile(BytesIO(data)) as archive:
            yield Corner(part, data=_around_members(data, archive.infolist()))
            yield from _about(part, archive.comment)
            left = LARGEST_BYTES
            for entry in archive.infolist():
                yield from _about_member(part, entry)
                with archive.open(entry) as file:
                    content = file.read(left)
                left -= len(content)
                yield from _in_file(f"{part}!{entry.filename}", content, depth)
    except UNREADABLE:
        yield Corner(part, data=data)


def _around_members(data: bytes, entries: Sequence[ZipInfo]) -> bytes:
    """Return what of a zip is not the content of its members: headers, and what lies around."""
    kept, position = [], 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        header = data[entry.header_offset : entry.header_offset + LOCAL_HEADER.size]
        name_bytes, extra_bytes = LOCAL_HEADER.unpack(header)
        start = entry.header_offset + LOCAL_HEADER.size + name_bytes + extra_bytes
        kept.append(data[position:start])
        position = start + entry.compress_size
    return b"".join((*kept, data[position:]))


def _about_member(part: str, entry: ZipInfo) -> Iterator[Corner]:
    for piece in entry.filename.split("/"):
        if piece and not GUID.fullmatch(piece):
            yield Corner(part, name=piece)
    yield from _about(part, entry.comment)
    yield from _about(part, entry.extra)


def _about(part: str, data: bytes) -> Iterator[Corner]:
    if data:
        yield Corner(part, text=data.decode("utf-8", "replace"))


def _texts(part: str, data: bytes) -> Iterator[str]:
    """Yield the texts of what is text in some way, and nothing for what is none."""
    text = _decoded(data)
    if text is None:
        return
    start = text[:200].lstrip().lower()
    found: list[str] = []
    if start.startswith(("<!doctype html", "<html")):
        found = list(_html_texts(text))
    elif start.startswith("<?xml") or part.endswith((".xml", ".rels", PROJECT)):
        found = list(_xml_texts(data, is_project=part.endswith(PROJECT)))
    elif start.startswith(("{", "[")):
        found = list(_json_texts(text))
    yield from found or [text]


def _decoded(data: bytes) -> str | None:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    try:
        return data.decode(*encodings)
    except UnicodeDecodeError:
        return None


def _html_texts(text: str) -> Iterator[str]:
    try:
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return
    yield from _readings(root, goes_on=True, passes_over=False)


def _xml_texts(data: bytes, *, is_project: bool) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return
    space = etree.QName(root).namespace
    yield from _readings(root, not space or space.startswith(RUNS), is_project)


def _readings(root: XmlElement, goes_on: bool, passes_over: bool) -> Iterator[str]:
    pieces: list[str] = []
    around = (*root.itersiblings(preceding=True), *root.itersiblings())
    attributes = [node.text or "" for node in around]
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "end":
            if not goes_on or etree.QName(node).localname in ENDS_A_LINE:
                pieces.append("\n")
        elif event == "start":
            kind = etree.QName(node).localname
            attributes += node.attrib.values() if kind not in FONTS else ()
            if kind != STYLES and not (passes_over and COUNTED.fullmatch(node.text or "")):
                pieces.append(node.text or "")
            if not goes_on:
                pieces.append("\n")
        else:
            attributes.append(node.text or "")
        if event in ("end", "comment", "pi") and node is not root:
            pieces.append(node.tail or "")
    yield "".join(pieces)
    values = (value for value in attributes if not (passes_over and COUNTED.fullmatch(value)))
    yield "\n".join(dict.fromkeys(_said_by(values)))


def _said_by(attributes: Iterable[str]) -> Iterator[str]:
    """Yield attributes, addresses also as they would be read."""
    for value in attributes:
        if not value.startswith(VOCABULARIES):
            yield value
            if "%" in value:
                yield unquote(value)


def _json_texts(text: str) -> Iterator[str]:
    """Read JSON, or one JSON value a line."""
    try:
        values = [json.loads(text)]
    except (ValueError, RecursionError):
        try:
            values = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return
    yield "\n".join(dict.fromkeys(_strings(values)))


def _strings(value: object) -> Iterator[str]:
    """Yield every string in a JSON value, keys too."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting += [*reversed(item.values()), *reversed(item.keys())]
        elif isinstance(item, list):
            waiting += reversed(item)
