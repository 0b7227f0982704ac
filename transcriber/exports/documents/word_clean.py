"""Taking out of a Word part whatever rides along unseen.

Changes are accepted: deleted text goes, inserted text stays. Comments, bookmarks, hyperlink
targets, fields other than page numbers, content controls, smart tags, pictures, embedded objects,
revision ids and everything outside WordprocessingML go. Text boxes become ordinary paragraphs.
Rules: ECMA-376 part 1, section 17.
"""

from collections.abc import Iterable

from transcriber.exports.documents.word_package import XmlElement
from transcriber.exports.ooxml import RELATIONS, W

MATHS = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_XML = "http://www.w3.org/XML/1998/namespace"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"

_GONE = (
    *("del", "moveFrom", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart"),
    *("moveToRangeEnd", "cellIns", "cellDel", "cellMerge", "rPrChange", "pPrChange"),
    *("sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange"),
    *("tblGridChange", "numberingChange", "commentRangeStart", "commentRangeEnd"),
    *("commentReference", "annotationRef", "bookmarkStart", "bookmarkEnd", "proofErr"),
    *("permStart", "permEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd"),
    *("customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart"),
    *("customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd"),
    *("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "altChunk", "subDoc", "drawing", "pict"),
    *("object", "contentPart", "background", "printerSettings", "tblCaption", "tblDescription"),
    *("numPicBullet", "lvlPicBulletId", "nsid", "tmpl", "rsid", "rsids", "aliases", "divId"),
    *("webHidden", "dataBinding", "docPartObj"),
)
_UNWRAPPED = ("ins", "moveTo", "hyperlink", "sdt", "sdtContent", "smartTag", "customXml")
_PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_PERSONAL = frozenset({"author", "date", "initials", "tooltip", "anchor", "docLocation"})


def w(name: str) -> str:
    """Return a WordprocessingML name as lxml wants it."""
    return f"{{{W}}}{name}"


def clean(root: XmlElement) -> None:
    """Take everything unseen out of a part, in place."""
    for mark in list(root.iter(w("del"))):
        # A deletion mark in a row's properties deletes the whole row.
        if (parent := mark.getparent()) is not None and parent.tag == w("trPr"):
            _remove(parent.getparent())
    _lift_text_boxes(root)
    for element in list(root.iter(*map(w, _GONE))):
        _remove(element)
    for element in list(root.iter(*map(w, _UNWRAPPED))):
        _unwrap(element)
    _clean_fields(root)
    for element in list(root.iter()):
        if not str(element.tag).startswith((f"{{{W}}}", f"{{{MATHS}}}")):
            _remove(element)
        else:
            _clean_attributes(element)


def _remove(element: XmlElement) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: XmlElement) -> None:
    parent = element.getparent()
    if parent is None:
        return
    position = parent.index(element)
    parent[position : position + 1] = list(element)


def _lift_text_boxes(root: XmlElement) -> None:
    """Put a text box's paragraphs behind the paragraph that holds it.

    Word writes each box twice, the second time for old programs; the second goes.
    """
    for fallback in list(root.iter(f"{{{_COMPATIBILITY}}}Fallback")):
        holder = fallback.getparent()
        if any(True for _ in holder.iter(w("txbxContent"))) and len(holder) > 1:
            holder.remove(fallback)
    # Innermost last: what a nested box holds lands behind its own paragraph first.
    for box in reversed(list(root.iter(w("txbxContent")))):
        host = next(box.iterancestors(w("p")), None)
        if host is not None:
            for child in reversed(list(box)):
                host.addnext(child)


def _clean_fields(root: XmlElement) -> None:
    """Keep page numbers as fields and of all other fields the text they show."""
    for field in list(root.iter(w("fldSimple"))):
        name = _page_field(field.get(w("instr"), ""))
        if name:
            field.set(w("instr"), f" {name} ")
        else:
            _unwrap(field)
    open_fields: list[list[XmlElement]] = []
    for element in list(root.iter(w("fldChar"), w("instrText"), w("delInstrText"))):
        kind = element.get(w("fldCharType"))
        if kind == "begin":
            open_fields.append([])
        if open_fields:
            open_fields[-1].append(element)
        else:
            _remove(element)
        if kind == "end" and open_fields:
            _settle_field(open_fields.pop())
    for left in open_fields:
        for element in left:
            _remove(element)


def _settle_field(elements: list[XmlElement]) -> None:
    texts = [element for element in elements if element.tag == w("instrText")]
    name = _page_field("".join(text.text or "" for text in texts))
    if not name:
        for element in elements:
            _remove(element)
        return
    for element in elements:
        del element[:]
    for number, text in enumerate(texts):
        text.text = f" {name} " if number == 0 else ""


def _page_field(instruction: str) -> str | None:
    words = instruction.split()
    name = words[0].upper() if words else ""
    return name if name in _PAGE_FIELDS else None


def _clean_attributes(element: XmlElement) -> None:
    reference = element.tag in {w("headerReference"), w("footerReference")}
    for name in list(element.attrib):
        namespace, _, local = name.rpartition("}")
        ours = namespace in {"", f"{{{W}", f"{{{MATHS}", f"{{{_XML}"}
        if reference and namespace == f"{{{RELATIONS}":
            continue
        if not ours or local.startswith("rsid") or local in _PERSONAL:
            del element.attrib[name]


def rename_styles(styles: XmlElement, others: Iterable[XmlElement]) -> None:
    """Give every style that somebody made a neutral name: the old one may be a person's."""
    names: dict[str, str] = {}
    for style in styles.iter(w("style")):
        if style.get(w("customStyle")) in {"1", "true", "on"}:
            fresh = f"Custom{len(names) + 1}"
            names[style.get(w("styleId"), "")] = fresh
            style.set(w("styleId"), fresh)
            for name in style.iter(w("name")):
                name.set(w("val"), fresh)
    users = ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "numStyleLink", "styleLink")
    for root in (styles, *others):
        for user in root.iter(*map(w, users)):
            old = user.get(w("val"), "")
            user.set(w("val"), names.get(old, old))
