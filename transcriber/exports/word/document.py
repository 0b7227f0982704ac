"""The parts that every layout shares, put together: a document, its cover, its page and header.

python-docx writes the document. Raw elements stand only for what it has no interface to, such as
fields, line numbers, language and borders, and for the talk, which it would write ten times slower.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TypeAlias
from zipfile import ZipFile

from docx.document import Document as WordDocument
from docx.section import Section
from docx.shared import Twips
from docx.text.paragraph import Paragraph
from lxml import etree  # type: ignore[import-untyped]

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.exports.ooxml import zipped
from transcriber.exports.word.blank import blank, element
from transcriber.exports.word.cover import add_cover
from transcriber.exports.word.headings import add_headings
from transcriber.exports.word.inline import add_inline
from transcriber.exports.word.styles import LEFT_MARGIN, RIGHT_MARGIN, add_styles
from transcriber.exports.word.table import add_table
from transcriber.exports.word.timed import add_timed
from transcriber.exports.wording import marks, one_line, prepared_turns

Layout: TypeAlias = Callable[[WordDocument, tuple[RedactedTurn, ...]], None]
"""Adds the talk to a document that has its cover; there is at least one turn."""

LAYOUTS: Mapping[str, Layout] = {
    "inline": add_inline,
    "timed": add_timed,
    "headings": add_headings,
    "table": add_table,
}


def written(transcript: RedactedTranscript, add_talk: Layout) -> bytes:
    """Return a whole document. Raises ValueError for a label that is none."""
    turns = prepared_turns(transcript)
    document = blank("en-GB" if transcript.language in {"", "en"} else transcript.language)
    add_styles(document)
    add_cover(document, transcript)
    if turns:
        add_talk(document, turns)
    else:
        document.add_paragraph("No words were transcribed", document.styles["Cover"])
    _lay_out(document.sections[0])
    _fill_header(document, transcript)
    return _packed(document)


def _lay_out(section: Section) -> None:
    """Set an A4 page, its margins and its line numbers, which run through the document."""
    section.page_width, section.page_height = Twips(11906), Twips(16838)
    section.left_margin, section.right_margin = Twips(LEFT_MARGIN), Twips(RIGHT_MARGIN)
    section.top_margin, section.bottom_margin = Twips(1700), Twips(1400)
    section.header_distance = section.footer_distance = Twips(700)
    properties = section._sectPr
    properties.attrib.clear()
    properties.remove_all("w:docGrid")
    numbers = element("w:lnNumType", countBy="1", distance="360", restart="continuous")
    # ECMA-376, CT_SectPr: after the margins and before the columns.
    properties.insert_element_before(numbers, "w:cols")


def _fill_header(document: WordDocument, transcript: RedactedTranscript) -> None:
    """Write study, code and page into every page header, and below them the marks."""
    header = document.sections[0].header
    header.is_linked_to_previous = False
    style = document.styles["Header"]
    first = header.paragraphs[0]
    first.style = style
    names = filter(None, map(one_line, (transcript.study, transcript.code)))
    first.add_run(f"{' | '.join(names)}\tPage ")
    _add_field(first, "PAGE")
    first.add_run(" of ")
    _add_field(first, "NUMPAGES")
    header.add_paragraph(" | ".join(marks(transcript)), style)


def _add_field(paragraph: Paragraph, name: str) -> None:
    """Add a number that Word counts itself."""
    shown = paragraph.add_run("1").element
    field = element("w:fldSimple", instr=f" {name} ")
    shown.addprevious(field)
    field.append(shown)


def _packed(document: WordDocument) -> bytes:
    """Save the document, then zip it again: python-docx writes the time into the zip file."""
    for root in (
        document.element,
        document.styles.element,
        document.settings.element,
        document.sections[0].header._element,
    ):
        # Attributes of a root, and names of others' formats, are the template's. "r" is Word's
        # own: readers such as docx2python look for it in every part.
        root.attrib.clear()
        etree.cleanup_namespaces(root, keep_ns_prefixes=["r"])
    buffer = BytesIO()
    document.save(buffer)
    with ZipFile(buffer) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})
