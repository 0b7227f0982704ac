"""The text of a Word paragraph, and replacing in it while its formatting stays."""

from collections.abc import Iterable

from lxml import etree  # type: ignore[import-untyped]

from transcriber.exports.documents.document import Replacement, by_line
from transcriber.exports.documents.word_clean import MATHS, w
from transcriber.exports.documents.word_package import XmlElement
from transcriber.exports.wording import one_line

_TEXT = frozenset({w("t"), f"{{{MATHS}}}t"})
_SIGNS = {w("tab"): "\t", w("cr"): "\n", w("br"): "\n", w("noBreakHyphen"): "-"}
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"


def paragraphs(root: XmlElement) -> list[XmlElement]:
    """Return all paragraphs of a part in order, those in table cells too."""
    return list(root.iter(w("p")))


def text_of(paragraph: XmlElement) -> str:
    """Return a paragraph's text: a tab as a tab, a line break as LF, a page break as nothing."""
    return "".join(text for _, text in _atoms(paragraph))


def lines_of(root: XmlElement) -> list[str]:
    """Return the text of every paragraph."""
    return [text_of(paragraph) for paragraph in paragraphs(root)]


def replace_in(root: XmlElement, replacements: Iterable[Replacement]) -> None:
    """Replace in a part, in place; offsets count in its paragraphs' text joined by LF."""
    found = paragraphs(root)
    shares = by_line([text_of(paragraph) for paragraph in found], replacements)
    for paragraph, share in zip(found, shares, strict=True):
        for start, end, new in sorted(share, reverse=True):
            _replace(paragraph, start, end, one_line(new))


def append_paragraph(root: XmlElement, text: str) -> None:
    """Add a paragraph at the end of a part."""
    _append_run(etree.SubElement(root, w("p")), text)


def _atoms(paragraph: XmlElement) -> list[tuple[XmlElement, str]]:
    atoms = []
    for element in paragraph.iter():
        if element.tag in _TEXT:
            atoms.append((element, element.text or ""))
        elif element.tag in _SIGNS and element.getparent().tag == w("r"):
            page = element.get(w("type")) in {"page", "column"}
            atoms.append((element, "" if page else _SIGNS[element.tag]))
    return atoms


def _replace(paragraph: XmlElement, start: int, end: int, new: str) -> None:
    """Write `new` into the run where the stretch starts, and delete the rest of the stretch."""
    position = 0
    written = False
    for element, text in _atoms(paragraph):
        first, last = start - position, end - position
        position += len(text)
        inside = first < len(text) and last > 0 if start < end else 0 <= first <= len(text)
        if not inside or (start == end and (written or element.tag not in _TEXT)):
            continue
        _rewrite(element, text[: max(first, 0)] + ("" if written else new) + text[max(last, 0) :])
        written = True
    if not written and new:
        _append_run(paragraph, new)


def _rewrite(element: XmlElement, text: str) -> None:
    if element.tag not in _TEXT:
        fresh = etree.Element(w("t"))
        element.getparent().replace(element, fresh)
        element = fresh
    element.text = text
    element.set(_PRESERVE, "preserve")


def _append_run(paragraph: XmlElement, text: str) -> None:
    run = etree.SubElement(etree.SubElement(paragraph, w("r")), w("t"))
    run.text = text
    run.set(_PRESERVE, "preserve")
