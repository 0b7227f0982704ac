"""Word documents: paragraphs and cells are the body; headers, notes and properties are parts.

What is written is a new file: of the old one only the text, its formatting and its tables are taken
over (`word_clean` says what goes).
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property

from lxml import etree  # type: ignore[import-untyped]

from transcriber.exports.documents.document import Replacement, empty, replaced_lines
from transcriber.exports.documents.word_clean import clean, rename_styles, w
from transcriber.exports.documents.word_package import (
    WordPackage,
    XmlElement,
    parsed,
    serialised,
)
from transcriber.exports.documents.word_paragraph import (
    append_paragraph,
    lines_of,
    replace_in,
    text_of,
)
from transcriber.exports.ooxml import RELATIONS, package, settings

_NUMBERED = ("header", "footer")
_SINGLE = ("footnotes", "endnotes", "numbering", "styles")
_REFERENCE = f"{{{RELATIONS}}}id"
_PROPERTIES = {
    "core-properties": None,
    "extended-properties": {"Company", "Manager", "HyperlinkBase"},
    "custom-properties": None,
}
_MEANINGLESS = frozenset({"created", "modified", "lastPrinted", "revision", "version"})
_WORDS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class DocxFile:
    """A Word document without what rides along unseen.

    `trees` holds its parts by name (`document`, `header-1`, `footnotes`, `styles` …); `removed`
    the text of what will not be written again, such as comments.
    """

    trees: Mapping[str, XmlElement]
    removed: Mapping[str, str]
    theme: bytes | None
    even_and_odd: bool

    @cached_property
    def text(self) -> str:
        """The paragraphs in order, those in cells and text boxes too, joined by LF."""
        return "\n".join(lines_of(self.trees["document"]))

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """Headers, footers, notes and list labels; comments and properties, which will go."""
        found = {
            name: "\n".join(_labels(tree) if name == "numbering" else lines_of(tree))
            for name, tree in self.trees.items()
            if name not in {"document", "styles"}
        }
        return {name: text for name, text in {**found, **self.removed}.items() if text.strip()}

    def rewrite(
        self,
        text_replacements: Sequence[Replacement],
        part_replacements: Mapping[str, Sequence[Replacement]],
        mark: str,
    ) -> bytes:
        """Return a new Word file with the mark in every page header."""
        trees = deepcopy(dict(self.trees))
        replace_in(trees["document"], text_replacements)
        for name, replacements in part_replacements.items():
            if name == "numbering":
                _relabel(trees[name], replacements)
            elif name in trees:
                replace_in(trees[name], replacements)
        _mark_headers(trees, mark, even_and_odd=self.even_and_odd)
        return self._packed(trees)

    def _packed(self, trees: dict[str, XmlElement]) -> bytes:
        parts = {"settings.xml": settings("en-GB", even_and_odd=self.even_and_odd).encode()}
        relations = {"settings": ("settings", "settings.xml")}
        for name, tree in trees.items():
            file = f"{name.replace('-', '')}.xml"
            etree.cleanup_namespaces(tree)
            parts[file] = serialised(tree)
            if name != "document":
                relations[name] = (name.split("-")[0], file)
        if self.theme is not None:
            parts["theme/theme1.xml"] = self.theme
            relations["theme"] = ("theme", "theme/theme1.xml")
        return package(parts, relations)


def open_docx(data: bytes) -> DocxFile:
    """Read a Word file. Raises InputError `bad_docx`, `too_big`, or `empty` without words."""
    source = WordPackage(data)
    trees = {"document": source.tree(source.main)}
    names: dict[str, str] = {}
    for relation in source.relations(source.main):
        tree = source.tree(relation.target)
        if tree is None or relation.kind not in {*_NUMBERED, *_SINGLE}:
            continue
        number = sum(name.startswith(relation.kind) for name in trees) + 1
        name = f"{relation.kind}-{number}" if relation.kind in _NUMBERED else relation.kind
        trees[name] = tree
        names[relation.id] = name
    for tree in trees.values():
        clean(tree)
    _point_references(trees["document"], names)
    if "styles" in trees:
        rename_styles(trees["styles"], [tree for name, tree in trees.items() if name != "styles"])
    _neutral_lists(trees.get("numbering"))
    document = DocxFile(trees, _removed(source), _theme(source), _even_and_odd(source))
    if not document.text.strip():
        raise empty()
    return document


def _point_references(document: XmlElement, names: Mapping[str, str]) -> None:
    """Let sections name their headers as we do, and drop those that lead nowhere."""
    for reference in list(document.iter(w("headerReference"), w("footerReference"))):
        name = names.get(reference.get(_REFERENCE, ""))
        if name is None:
            reference.getparent().remove(reference)
        else:
            reference.set(_REFERENCE, name)


def _mark_headers(trees: dict[str, XmlElement], mark: str, *, even_and_odd: bool) -> None:
    """Write the mark into every header; the first section gets what others may inherit."""
    sections = list(trees["document"].iter(w("sectPr")))
    if not sections:
        sections = [etree.SubElement(trees["document"].find(w("body")), w("sectPr"))]
    first = sections[0]
    needed = {"default"}
    if any(section.find(w("titlePg")) is not None for section in sections):
        needed.add("first")
    if even_and_odd:
        needed.add("even")
    present = {reference.get(w("type")) for reference in first.iter(w("headerReference"))}
    for kind in sorted(needed - present):
        name = f"header-{sum(name.startswith('header-') for name in trees) + 1}"
        trees[name] = parsed(b'<w:hdr xmlns:w="%b"/>' % first.nsmap[first.prefix].encode())
        reference = etree.Element(w("headerReference"), {w("type"): kind, _REFERENCE: name})
        first.insert(0, reference)
    for name, tree in trees.items():
        if name.startswith("header-") and mark not in lines_of(tree):
            append_paragraph(tree, mark)


def _labels(numbering: XmlElement) -> list[str]:
    """Return the labels of lists that hold words, such as a speaker's name before a number."""
    return [label.get(w("val"), "") for label in _worded(numbering)]


def _worded(numbering: XmlElement) -> list[XmlElement]:
    return [e for e in numbering.iter(w("lvlText")) if _WORDS.search(e.get(w("val"), ""))]


def _relabel(numbering: XmlElement, replacements: Sequence[Replacement]) -> None:
    new = replaced_lines(_labels(numbering), replacements)
    for element, label in zip(_worded(numbering), new, strict=True):
        element.set(w("val"), label)


def _neutral_lists(numbering: XmlElement | None) -> None:
    """Take the names that people gave to lists."""
    for name in [] if numbering is None else list(numbering.iter(w("name"))):
        name.getparent().remove(name)


def _removed(source: WordPackage) -> dict[str, str]:
    removed: dict[str, str] = {}
    comments = source.related(source.main, "comments")
    if comments is not None:
        authors = dict.fromkeys(c.get(w("author"), "") for c in comments.iter(w("comment")))
        texts = [text_of(paragraph) for paragraph in comments.iter(w("p"))]
        removed["comments"] = "\n".join([*texts, *authors])
    for kind, wanted in _PROPERTIES.items():
        tree = source.related("", kind)
        if tree is not None:
            texts = [
                element.text.strip()
                for element in tree.iter()
                if element.text and _told(etree.QName(element).localname, wanted)
            ]
            removed[kind] = "\n".join(filter(None, texts))
    return removed


def _told(name: str, wanted: set[str] | None) -> bool:
    return name in wanted if wanted is not None else name not in _MEANINGLESS


def _theme(source: WordPackage) -> bytes | None:
    """Return the document's fonts and colours without names; None when they refer to pictures."""
    theme = source.related(source.main, "theme")
    if theme is None or len(theme) == 0:
        return None
    del theme[1:]
    for element in theme.iter():
        if any(name.startswith(f"{{{RELATIONS}}}") for name in element.attrib):
            return None
        if element.get("name") is not None:
            element.set("name", "Neutral")
    return serialised(theme)


def _even_and_odd(source: WordPackage) -> bool:
    found = source.related(source.main, "settings")
    switch = None if found is None else found.find(w("evenAndOddHeaders"))
    return switch is not None and switch.get(w("val"), "true") in {"true", "1", "on"}
