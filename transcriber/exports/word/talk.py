"""Paragraphs of talk as elements, made without python-docx, which takes ten times as long."""

from collections.abc import Sequence

from docx.document import Document as WordDocument
from lxml.builder import ElementMaker  # type: ignore[import-untyped]

from transcriber.exports.ooxml import W
from transcriber.exports.word.blank import Element

KEPT_TOGETHER = 500
"""Turns of up to so many characters, about six lines, never break over a page. In longer ones widow
control keeps at least two lines with the label."""

make = ElementMaker(namespace=W, nsmap={"w": W})
"""Makes elements of WordprocessingML: `make.p(make.r())`."""

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def val(name: str) -> dict[str, str]:
    """Return the attribute `w:val`, in which most properties hold their value."""
    return {f"{{{W}}}val": name}


def run(text: str, *properties: Element) -> Element:
    """Return text of one look."""
    looks = [make.rPr(*properties)] if properties else []
    return make.r(*looks, make.t(text, {_SPACE: "preserve"}))


def bold(text: str) -> Element:
    """Return text in bold."""
    return run(text, make.b())


def faint(text: str) -> Element:
    """Return text in grey, dark enough to be read (7:1 on white) and printed."""
    return run(text, make.color(val("595959")))


def paragraph(*runs: Element, style: str | None = None, together: bool = False) -> Element:
    """Return a paragraph; one that stays `together` does not break over a page."""
    properties = [
        *([make.pStyle(val(style))] if style else []),
        *([make.keepLines()] if together else []),
    ]
    return make.p(*([make.pPr(*properties)] if properties else []), *runs)


def add_to_body(document: WordDocument, elements: Sequence[Element]) -> None:
    """Add elements behind all that the body holds."""
    section = document.element.body.sectPr
    for each in elements:
        section.addprevious(each)
