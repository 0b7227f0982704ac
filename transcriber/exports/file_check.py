"""The second look at written files: nothing that blocks may stand in any corner of them.

A Word file is unzipped and every part read twice: as its text, so that a name cut up by formatting
is whole again, and by its attributes, where authors and titles stand. JSON is read string by
string. What is no text is searched for the bytes of the names.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree  # type: ignore[import-untyped]

from transcriber.domain.leak_check import Leak, LeakCheck, Reason, Verdict, in_order
from transcriber.exports.documents.word_package import LARGEST_BYTES
from transcriber.stages.second_look.check import SecondLook

SHORTEST_IN_BYTES = 6
"""Letters of the shortest name that is sought in pictures and other bytes that are no text."""
ENDS_A_LINE = frozenset({"p", "tr", "tc", "br", "cr", "row"})
"""XML elements after which words do not go on (ECMA-376 WordprocessingML and DrawingML)."""


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
        members = _members(data)
        yield from look.names((kind, member.rpartition("/")[2]) for member in members)
        for member, content in members.items():
            yield from _in_member(f"{kind}!{member}", content, look)
    else:
        yield from _in_member(kind, data, look)


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
    if part.endswith((".xml", ".rels")):
        texts = list(_xml_texts(data))
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


def _xml_texts(data: bytes) -> Iterator[str]:
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
            pieces.append(node.text or "")
        else:
            attributes.append(node.text or "")
        if event in ("end", "comment", "pi") and node is not root:
            pieces.append(node.tail or "")
    yield "".join(pieces)
    yield "\n".join(dict.fromkeys(value for value in attributes if "://" not in value))


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
