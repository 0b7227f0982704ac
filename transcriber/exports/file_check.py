"""The second look at written files: nothing that blocks may stand in any corner of them.

A Word file or a project is unzipped, also where one lies in the other, and every part of XML is
read twice: as its text, so that a name cut up by formatting is whole again, and by its attributes,
where authors and titles stand. JSON is read string by string. What is no text is searched for the
bytes of the names.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from typing import TypeAlias
from zipfile import BadZipFile, ZipFile

from lxml import etree  # type: ignore[import-untyped]

from transcriber.domain.leak_check import Leak, LeakCheck, Reason, Verdict, in_order
from transcriber.exports.documents.word_package import LARGEST_BYTES
from transcriber.stages.second_look.check import SecondLook

SHORTEST_IN_BYTES = 6
"""Letters of the shortest name that is sought in pictures and other bytes that are no text."""
PROJECT = ".qde"
"""How the XML of a REFI-QDA project ends."""
GUID = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}(?:\.[a-z]+)?")
"""With the ending of a file that is named by one."""
COUNTED = re.compile(rf"[0-9]+|{GUID.pattern}")
"""An offset, a figure or a GUID: a number that was said, or a short name, can stand in one of
thousands by chance, and nobody could take it out again."""
NOTHING = re.compile("(?!)")
"""Matches nothing at all."""
ENDS_A_LINE = frozenset({"p", "tr", "tc", "br", "cr", "row"})
"""XML elements after which words do not go on (ECMA-376 WordprocessingML and DrawingML)."""

_Search: TypeAlias = Callable[[str, bytes, SecondLook], Iterator[Leak]]


def check_files(files: Mapping[str, bytes], look: SecondLook) -> LeakCheck:
    """Search written files, by file name, and the names themselves.

    Only what blocks is reported: the talk itself was looked at before it was written. `part` of a
    place names the kind of file and, after `!`, its part: `docx!word/header1.xml`.
    """
    leaks: list[Leak] = list(look.names(("file name", name) for name in files))
    for name, data in files.items():
        leaks += _in_file(name, data, look)
    return LeakCheck(in_order(tuple(leaks)))


def _in_file(name: str, data: bytes, look: SecondLook) -> Iterator[Leak]:
    kind = name.rpartition(".")[2]
    if data.startswith(b"PK"):
        yield from _in_archive(kind, data, look, _in_inner_file)
    else:
        yield from _in_member(kind, data, look)


def _in_inner_file(part: str, data: bytes, look: SecondLook) -> Iterator[Leak]:
    """Search a member, which may be a Word file; an archive in that is searched as bytes."""
    if data.startswith(b"PK"):
        yield from _in_archive(part, data, look, _in_member)
    else:
        yield from _in_member(part, data, look)


def _in_archive(part: str, data: bytes, look: SecondLook, search: _Search) -> Iterator[Leak]:
    members = _members(data)
    names = (member.rpartition("/")[2] for member in members)
    yield from look.names((part, name) for name in names if not GUID.fullmatch(name))
    for member, content in members.items():
        yield from search(f"{part}!{member}", content, look)


def _members(data: bytes) -> dict[str, bytes]:
    """Unzip, no more than a transcript can hold; what cannot be unzipped is searched as bytes."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            left, found = LARGEST_BYTES, {}
            for entry in archive.infolist():
                with archive.open(entry) as file:
                    found[entry.filename] = file.read(left)
                left -= len(found[entry.filename])
            return found
    except (BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return {"": data}


def _in_member(part: str, data: bytes, look: SecondLook) -> Iterator[Leak]:
    if part.endswith((".xml", ".rels", PROJECT)):
        passed_over = COUNTED if part.endswith(PROJECT) else NOTHING
        texts = list(_xml_texts(data, passed_over))
    elif part.endswith("json"):
        texts = list(_json_texts(data))
    else:
        texts = []
    if not texts:
        try:
            texts = [data.decode("utf-8-sig")]
        except UnicodeDecodeError:
            yield from _in_bytes(part, data, look)
            return
    for text in texts:
        yield from look.originals(text, part)


def _xml_texts(data: bytes, passed_over: re.Pattern[str]) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return
    pieces: list[str] = []
    attributes: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "end":
            if etree.QName(node).localname in ENDS_A_LINE:
                pieces.append("\n")
        elif event == "start":
            attributes += node.attrib.values()
            if not passed_over.fullmatch(node.text or ""):
                pieces.append(node.text or "")
        else:
            attributes.append(node.text or "")
        if event in ("end", "comment", "pi") and node is not root:
            pieces.append(node.tail or "")
    yield "".join(pieces)
    yield "\n".join(
        value
        for value in dict.fromkeys(attributes)
        if "://" not in value and not passed_over.fullmatch(value)
    )


def _json_texts(data: bytes) -> Iterator[str]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    yield "\n".join(dict.fromkeys(_strings(value)))


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


def _in_bytes(part: str, data: bytes, look: SecondLook) -> Iterator[Leak]:
    """Search what is no text for names in the two encodings that programs write."""
    small = data.lower()
    for text in _sought(look):
        if any(text.encode(encoding) in small for encoding in ("utf-8", "utf-16-le")):
            yield Leak(Reason.ORIGINAL, Verdict.BLOCK, text, 1, 0, len(text), part)


def _sought(look: SecondLook) -> Iterable[str]:
    joined = {sep.join(form) for form in look.known.labels for sep in (" ", "_", "-", "")}
    return sorted(text for text in joined if len(text) >= SHORTEST_IN_BYTES)
