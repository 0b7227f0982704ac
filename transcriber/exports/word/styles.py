"""The styles of our Word documents: Normal is the talk, as NVivo wants it; the rest stands around.

Lengths in twips, a twentieth of a point.
"""

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Pt, Twips
from docx.styles.style import ParagraphStyle

from transcriber.exports.word.blank import element, set_size

LEFT_MARGIN, RIGHT_MARGIN = 1600, 1400
TEXT_WIDTH = 11906 - LEFT_MARGIN - RIGHT_MARGIN
"""What an A4 page leaves between its margins."""

TWIPS_PER_CHARACTER = 130
"""A capital letter of the talk, bold, on average."""


def add_styles(document: WordDocument) -> None:
    """Add the styles Title, Cover and Header, and say how Normal, the talk, is set."""
    title = add_style(document, "Title", 32, numbered=False)
    title.paragraph_format.keep_with_next = True
    title.paragraph_format.space_after = Pt(10)
    cover = add_style(document, "Cover", 21, numbered=False)
    cover.paragraph_format.keep_together = True
    header = add_style(document, "Header", 18, numbered=False)
    header.paragraph_format.tab_stops.add_tab_stop(Twips(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    talk = document.styles["Normal"].paragraph_format
    talk.widow_control = True
    talk.space_after = Pt(7)
    talk.line_spacing = 1.3


def add_style(
    document: WordDocument, name: str, half_points: int, *, numbered: bool = True
) -> ParagraphStyle:
    """Add a paragraph style that stands on nothing but the defaults of the document.

    Lines of a style that is not `numbered` have no line number.
    """
    builtin = name in {"Title", "Header", "Heading 2"}
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin)
    style.quick_style = True
    set_size(style, half_points)
    if not numbered:
        # First: python-docx puts every later property where the schema wants it.
        style.element.get_or_add_pPr().append(element("w:suppressLineNumbers"))
    return style


def hang(document: WordDocument, characters: int) -> None:
    """Let the talk hang behind a beginning of so many characters, within reason."""
    hanging = Twips(min(max(characters * TWIPS_PER_CHARACTER, 600), 2600))
    talk = document.styles["Normal"].paragraph_format
    talk.left_indent, talk.first_line_indent = hanging, -hanging
