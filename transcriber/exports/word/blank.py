"""An empty Word document that says nothing about who made it, or with what."""

from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any, TypeAlias

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as KINDS
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.styles.style import BaseStyle

from transcriber.exports.ooxml import settings
from transcriber.exports.wording import one_line

FONT = "Times New Roman"
NEUTRAL_DATE = datetime(2000, 1, 1)
TALK_HALF_POINTS = 23

_KEPT_PARTS = frozenset({KINDS.STYLES, KINDS.SETTINGS})
_TOLD_PROPERTIES = (
    *("author", "category", "comments", "content_status", "identifier", "keywords", "language"),
    *("last_modified_by", "subject", "title", "version"),
)

Element: TypeAlias = Any
"""An lxml element: lxml publishes no types."""


def blank(language: str) -> WordDocument:
    """Return a document of nothing but the style "Normal". `language` is a BCP 47 tag."""
    return Document(BytesIO(_blank_file(one_line(language))))


@lru_cache(maxsize=4)  # it takes longer than writing a short talk into it
def _blank_file(language: str) -> bytes:
    """Return python-docx's default document without what its template brings along.

    Gone are its thumbnail, application properties, custom XML, theme, fonts, lists, web settings
    and latent styles; every style but "Normal", which becomes ours; and what its maker had set.
    """
    document = Document()
    package = document.part.package
    for relations, kept in (
        (package.rels, {KINDS.OFFICE_DOCUMENT, KINDS.CORE_PROPERTIES}),
        (document.part.rels, _KEPT_PARTS),
    ):
        for key in [key for key, relation in relations.items() if relation.reltype not in kept]:
            del relations[key]
    for name in _TOLD_PROPERTIES:
        setattr(document.core_properties, name, "")
    document.core_properties.created = document.core_properties.modified = NEUTRAL_DATE
    document.core_properties.revision = 1
    _replace(document.settings.element, list(parse_xml(settings(language).encode())))
    normal = document.styles["Normal"]
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for default in defaults:
        _replace(default, [])
    _replace(document.styles.element, [defaults, normal.element])
    normal.element.remove_all("w:rsid")
    set_size(normal, TALK_HALF_POINTS)
    normal.font.name = FONT
    for script in ("w:eastAsia", "w:cs"):
        normal.element.rPr.rFonts.set(qn(script), FONT)
    normal.element.rPr.append(element("w:lang", val=language))
    # As defaults of the document they hold for line numbers too.
    defaults.find(qn("w:rPrDefault")).append(normal.element.rPr)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def set_size(style: BaseStyle, half_points: int) -> None:
    """Set the size of a style, for Latin and for other scripts."""
    style.font.size = Pt(half_points / 2)
    style.element.rPr.append(element("w:szCs", val=str(half_points)))


def element(tag: str, **attributes: str) -> Element:
    """Return an element such as `w:lang` with attributes of the same namespace."""
    return OxmlElement(tag, {qn(f"w:{name}"): value for name, value in attributes.items()})


def _replace(root: Element, children: list[Element]) -> None:
    for child in list(root):
        root.remove(child)
    root.extend(children)
