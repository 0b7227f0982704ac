"""Opening a Word file that anybody may have made, without trusting it.

Rules: ECMA-376 part 2 (packages). Nothing outside the file is read, no entity is expanded, and a
file that unpacks to more than `LARGEST_BYTES` is refused.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeAlias
from zipfile import BadZipFile, ZipFile

from lxml import etree  # type: ignore[import-untyped]

from transcriber.domain.errors import InputError
from transcriber.exports.ooxml import PACKAGE

XmlElement: TypeAlias = Any
"""An lxml element: lxml publishes no types."""

LARGEST_BYTES = 200_000_000
"""Far above any transcript, even one with pictures."""

_PART = f"{{{PACKAGE}/relationships}}Relationship"


@dataclass(frozen=True, slots=True)
class Relation:
    """A part that another part refers to; `kind` is the last word of its type."""

    id: str
    kind: str
    target: str


class WordPackage:
    """The parts of a Word file.

    Raises InputError `bad_docx` when it is not one, `too_big` when it unpacks to too much.
    """

    def __init__(self, data: bytes) -> None:
        try:
            with ZipFile(BytesIO(data)) as archive:
                self._files = dict(_unpacked(archive))
        except (BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
            raise bad_docx() from None
        main = next((r.target for r in self.relations("") if r.kind == "officeDocument"), "")
        if main not in self._files:
            raise bad_docx()
        self.main = main

    def tree(self, name: str) -> XmlElement | None:
        """Return the root element of a part, None when the part is missing."""
        data = self._files.get(name)
        return None if data is None else parsed(data)

    def relations(self, name: str) -> list[Relation]:
        """Return what a part refers to inside the file; `""` is the file itself."""
        folder, base = posixpath.split(name)
        root = self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))
        found = []
        for relation in () if root is None else root.iter(_PART):
            if relation.get("TargetMode") == "External":
                continue
            path = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            found.append(Relation(relation.get("Id", ""), kind, path.lstrip("/")))
        return found

    def related(self, name: str, kind: str) -> XmlElement | None:
        """Return the root of the one part of this kind that a part refers to, if there is one."""
        found = next((r.target for r in self.relations(name) if r.kind == kind), None)
        return None if found is None else self.tree(found)


def parsed(data: bytes) -> XmlElement:
    """Read XML. Raises InputError `bad_docx`, also for a document type declaration."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        raise bad_docx() from None
    if root.getroottree().docinfo.doctype:
        raise bad_docx()
    return root


def serialised(root: XmlElement) -> bytes:
    """Write XML as Word does."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def bad_docx() -> InputError:
    """Return the error for what is no Word file."""
    return InputError(
        "bad_docx",
        "This file is not a Word document that can be read; it may be damaged or protected by a "
        "password. Open it in your word processor and save it as docx without a password.",
    )


def _unpacked(archive: ZipFile) -> Iterator[tuple[str, bytes]]:
    """Read XML parts only: pictures, sounds and embedded files are never looked at."""
    left = LARGEST_BYTES
    for entry in archive.infolist():
        if entry.filename.endswith((".xml", ".rels")):
            with archive.open(entry) as file:
                data = file.read(left + 1)
            left -= len(data)
            if left < 0:
                raise InputError(
                    "too_big", "This file unpacks to more than a transcript can hold. Split it."
                )
            yield entry.filename, data
