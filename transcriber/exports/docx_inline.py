"""Word document, layout "inline": a cover table, then one paragraph `LABEL: talk` a turn.

Rules: LOOK (Documents); the layout is the one that NVivo, MAXQDA and ATLAS.ti all split into
speakers. Nothing in the body before the first turn holds a colon, which MAXQDA would read as a
speaker. Word numbers the lines itself: typed numbers would destroy coding and search.

python-docx writes the document. Raw elements stand only for what it has no interface to: fields,
line numbers, language, table borders, and the fonts and sizes of other scripts.
"""

from datetime import datetime
from io import BytesIO
from typing import Any, TypeAlias
from zipfile import ZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE as KINDS
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Pt, Twips
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.text.paragraph import Paragraph
from lxml import etree  # type: ignore[import-untyped]

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.domain.transcript import Quality
from transcriber.exports.ooxml import settings, zipped
from transcriber.exports.wording import (
    DRAFT_SENTENCE,
    marks,
    one_line,
    prepared_turns,
    without_colons,
)

FONT = "Times New Roman"
KEPT_TOGETHER = 500
"""Turns of up to so many characters, about six lines, never break over a page. In longer ones widow
control keeps at least two lines with the label."""

NEUTRAL_DATE = datetime(2000, 1, 1)

_TWIPS_PER_CHARACTER = 130
_TEXT_WIDTH = 8900
_LABEL_COLUMN = 2500
_RULE = {"val": "single", "sz": "4", "space": "0", "color": "A0A0A0"}
_KEPT_PARTS = frozenset({KINDS.STYLES, KINDS.SETTINGS})
_TOLD_PROPERTIES = (
    *("author", "category", "comments", "content_status", "identifier", "keywords", "language"),
    *("last_modified_by", "subject", "title", "version"),
)

_Element: TypeAlias = Any
"""An lxml element: lxml publishes no types."""


def write_docx(transcript: RedactedTranscript) -> bytes:
    """Write a Word document from nothing; the same transcript gives the same bytes.

    Raises ValueError for a label that is not capitals, digits and underscores.
    """
    turns = prepared_turns(transcript)
    document = _blank(_language_tag(transcript.language))
    cover = _add_styles(document, turns)
    document.add_paragraph(
        without_colons(one_line(f"Transcript {transcript.code}")), document.styles["Title"]
    )
    _add_cover(document, transcript, cover)
    document.add_paragraph("", cover)
    _add_turns(document, turns)
    if not turns:
        document.add_paragraph("No words were transcribed", cover)
    _lay_out(document.sections[0])
    _fill_header(document, transcript)
    return _packed(document)


def _language_tag(language: str) -> str:
    return "en-GB" if language in {"", "en"} else one_line(language)


def _blank(language: str) -> WordDocument:
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
    _set_in(normal, 23)
    normal.font.name = FONT
    for script in ("w:eastAsia", "w:cs"):
        normal.element.rPr.rFonts.set(qn(script), FONT)
    normal.element.rPr.append(_element("w:lang", val=language))
    # As defaults of the document they hold for line numbers too.
    defaults.find(qn("w:rPrDefault")).append(normal.element.rPr)
    return document


def _replace(root: _Element, children: list[_Element]) -> None:
    for child in list(root):
        root.remove(child)
    root.extend(children)


def _add_styles(document: WordDocument, turns: tuple[RedactedTurn, ...]) -> ParagraphStyle:
    """Add the styles Title, Cover, Header, Turn and Cover Table; return Cover."""
    title = _add_style(document, "Title", 32, numbered=False)
    title.paragraph_format.keep_with_next = True
    title.paragraph_format.space_after = Pt(10)
    cover = _add_style(document, "Cover", 21, numbered=False)
    cover.paragraph_format.keep_together = True
    cover.paragraph_format.space_before = cover.paragraph_format.space_after = Pt(2)
    header = _add_style(document, "Header", 18, numbered=False)
    header.paragraph_format.tab_stops.add_tab_stop(Twips(_TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    talk = _add_style(document, "Turn", 23).paragraph_format
    talk.widow_control = True
    talk.space_after = Pt(7)
    talk.line_spacing = 1.3
    longest = max((len(turn.label) for turn in turns), default=3)
    hanging = Twips(min(max((longest + 2) * _TWIPS_PER_CHARACTER, 600), 1800))
    talk.left_indent, talk.first_line_indent = hanging, -hanging
    table = document.styles.add_style("Cover Table", WD_STYLE_TYPE.TABLE)
    borders, margins = _element("w:tblBorders"), _element("w:tblCellMar")
    borders.extend(_element(f"w:{side}", **_RULE) for side in ("top", "bottom", "insideH"))
    margins.extend(_element(f"w:{side}", w="60", type="dxa") for side in ("left", "right"))
    table.element.append(_element("w:tblPr"))
    table.element[-1].extend([borders, margins])
    return cover


def _add_style(
    document: WordDocument, name: str, half_points: int, *, numbered: bool = True
) -> ParagraphStyle:
    builtin = name in {"Title", "Header"}
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    _set_in(style, half_points)
    if not numbered:
        # First: python-docx puts every later property where the schema wants it.
        style.element.get_or_add_pPr().append(_element("w:suppressLineNumbers"))
    return style


def _set_in(style: BaseStyle, half_points: int) -> None:
    """Set the size of a style, for Latin and for other scripts."""
    style.font.size = Pt(half_points / 2)
    style.element.rPr.append(_element("w:szCs", val=str(half_points)))


def _add_turns(document: WordDocument, turns: tuple[RedactedTurn, ...]) -> None:
    style = document.styles["Turn"]  # looked up once, not by name for every turn
    for turn in turns:
        paragraph = document.add_paragraph("", style)
        talk = turn.text
        if len(talk) <= KEPT_TOGETHER:
            paragraph.paragraph_format.keep_together = True
        paragraph.add_run(f"{turn.label}:").bold = True
        paragraph.add_run(f" {talk}")


def _add_cover(
    document: WordDocument, transcript: RedactedTranscript, style: ParagraphStyle
) -> None:
    rows = {
        "Study": transcript.study,
        "Recording": transcript.code,
        "Length": _duration(transcript.duration_ms),
        "Language": "English" if transcript.language == "en" else transcript.language,
        "Quality": DRAFT_SENTENCE
        if transcript.quality is Quality.DRAFT
        else "full, from a speech model",
        "Left untranscribed": _untranscribed(transcript),
        "Redaction": transcript.checked.value,
    }
    table = document.add_table(len(rows), 2, document.styles["Cover Table"])
    table.autofit = False
    for column, width in zip(
        table.columns, (_LABEL_COLUMN, _TEXT_WIDTH - _LABEL_COLUMN), strict=True
    ):
        column.width = Twips(width)
        for cell in column.cells:
            cell.width = Twips(width)
            cell.paragraphs[0].style = style
    for row, (name, value) in zip(table.rows, rows.items(), strict=True):
        row.cells[0].paragraphs[0].add_run(name).bold = True
        row.cells[1].paragraphs[0].add_run(without_colons(one_line(value)))


def _untranscribed(transcript: RedactedTranscript) -> str:
    coverage = transcript.coverage
    speech = _duration(coverage.speech_ms)
    stretches = len(coverage.untranscribed)
    if not stretches:
        return f"none of {speech} of speech"
    noun = "stretch" if stretches == 1 else "stretches"
    return f"{_duration(coverage.untranscribed_ms)} of {speech} of speech, in {stretches} {noun}"


def _duration(ms: int) -> str:
    """Say a length in words, rounded up to whole seconds: a clock time would hold colons."""
    minutes, seconds = divmod(-(-ms // 1000), 60)
    hours, minutes = divmod(minutes, 60)
    said = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    return " ".join(f"{count} {unit}" for count, unit in said if count) or "0 s"


def _lay_out(section: Section) -> None:
    """Set an A4 page, its margins and its line numbers, which run through the document."""
    section.page_width, section.page_height = Twips(11906), Twips(16838)
    section.left_margin, section.right_margin = Twips(1600), Twips(1400)
    section.top_margin, section.bottom_margin = Twips(1700), Twips(1400)
    section.header_distance = section.footer_distance = Twips(700)
    properties = section._sectPr
    properties.attrib.clear()
    properties.remove_all("w:docGrid")
    properties.insert_element_before(
        _element("w:lnNumType", countBy="1", distance="360", restart="continuous"), "w:cols"
    )


def _fill_header(document: WordDocument, transcript: RedactedTranscript) -> None:
    """Write study, code and page into every page header, and below them the marks."""
    header = document.sections[0].header
    header.is_linked_to_previous = False
    style = document.styles["Header"]
    first = header.paragraphs[0]
    first.style = style
    first.add_run(f"{one_line(transcript.study)} | {one_line(transcript.code)}\tPage ")
    _add_field(first, "PAGE")
    first.add_run(" of ")
    _add_field(first, "NUMPAGES")
    for mark in marks(transcript):
        header.add_paragraph(mark, style)


def _add_field(paragraph: Paragraph, name: str) -> None:
    """Add a number that Word counts itself."""
    shown = paragraph.add_run("1").element
    field = _element("w:fldSimple", instr=f" {name} ")
    shown.addprevious(field)
    field.append(shown)


def _element(tag: str, **attributes: str) -> _Element:
    return OxmlElement(tag, {qn(f"w:{name}"): value for name, value in attributes.items()})


def _packed(document: WordDocument) -> bytes:
    """Save the document, then zip it again: python-docx writes the time into the zip file."""
    for root in (
        document.element,
        document.styles.element,
        document.settings.element,
        document.sections[0].header._element,
    ):
        # Attributes of a root, and names of others' formats, are the template's.
        root.attrib.clear()
        etree.cleanup_namespaces(root)
    buffer = BytesIO()
    document.save(buffer)
    with ZipFile(buffer) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})
