"""Whether a written file says nothing of who or what wrote it, as an independent reader sees it.

No author, company, template, revision, comment, date or extra field: in the properties of a Word
file (ECMA-376 part 2, chapter 11), in the heads of HTML, and in a zip around either.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from lxml import etree, html  # type: ignore[import-untyped]

NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can hold: it says that there is none."""
NEUTRAL = frozenset({"", "1", "2000-01-01T00:00:00Z"})
"""What the properties of our documents may hold: nothing, the first revision, one date for all."""
PROPERTIES = "docProps/"
FOREIGN_PARTS = ("customXml/", "docProps/app.xml", "docProps/custom.xml", "word/comments")
FOREIGN_PARTS_ANYWHERE = ("people.xml", "vbaProject.bin", "thumbnail")
REVISIONS = ("rsid", "ins", "del", "author")
"""Attributes and elements that tell of sessions and of who changed what."""


def telling(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the places that tell something, by file and part; none for files that are bare."""
    return tuple(place for name, data in files.items() for place in _telling(name, data))


def _telling(name: str, data: bytes) -> Iterator[str]:
    if data.startswith(b"PK"):
        yield from _of_archive(name, data)
    elif name.endswith(".html"):
        yield from _of_page(name, data)


def _of_archive(name: str, data: bytes) -> Iterator[str]:
    with ZipFile(BytesIO(data)) as archive:
        if archive.comment:
            yield f"{name} (comment)"
        for entry in archive.infolist():
            part = f"{name}!{entry.filename}"
            if _says_something(entry):
                yield f"{part} (zip)"
            if entry.filename.startswith(FOREIGN_PARTS) or any(
                foreign in entry.filename for foreign in FOREIGN_PARTS_ANYWHERE
            ):
                yield part
            elif entry.filename.startswith(PROPERTIES):
                yield from _of_properties(part, archive.read(entry))
            elif entry.filename.startswith("word/") and entry.filename.endswith(".xml"):
                yield from _of_revisions(part, archive.read(entry))
            else:
                yield from (f"{name}!{p}" for p in _telling(entry.filename, archive.read(entry)))


def _says_something(entry: ZipInfo) -> bool:
    return bool(entry.comment or entry.extra or entry.date_time != NO_TIME)


def _of_properties(part: str, data: bytes) -> Iterator[str]:
    for node in etree.fromstring(data).iter(etree.Element):
        if (node.text or "").strip() not in NEUTRAL:
            yield f"{part} ({etree.QName(node).localname})"


def _of_revisions(part: str, data: bytes) -> Iterator[str]:
    for node in etree.fromstring(data).iter(etree.Element):
        names = (etree.QName(node).localname, *(etree.QName(key).localname for key in node.attrib))
        if any(name.startswith("rsid") or name in REVISIONS for name in names):
            yield f"{part} (revision)"
            return


def _of_page(name: str, data: bytes) -> Iterator[str]:
    page = html.document_fromstring(data)
    for meta in page.iter("meta"):
        if meta.get("name", "").lower() in ("author", "generator", "description", "keywords"):
            yield f"{name} ({meta.get('name')})"
    if b"<!--" in data:
        yield f"{name} (comment)"
