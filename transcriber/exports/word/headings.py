"""Layout "headings": the label as a heading of its own, the talk below it.

For NVivo's coding by paragraph style, and for reading with Word's list of headings.
"""

from docx.document import Document as WordDocument
from docx.shared import Pt

from transcriber.domain.redacted import RedactedTurn
from transcriber.exports.word.blank import element
from transcriber.exports.word.styles import add_style
from transcriber.exports.word.talk import KEPT_TOGETHER, add_to_body, paragraph, run

_LEVEL = "1"  # Word counts the levels of its outline from 0


def add_headings(document: WordDocument, turns: tuple[RedactedTurn, ...]) -> None:
    """Add the talk; a heading stays with what it is the heading of."""
    style = add_style(document, "Heading 2", 23)
    style.font.bold = True
    style.paragraph_format.keep_with_next = True
    style.paragraph_format.space_before = Pt(8)
    style.paragraph_format.space_after = Pt(1)
    style.element.pPr.append(element("w:outlineLvl", val=_LEVEL))
    talk = []
    for turn in turns:
        talk.append(paragraph(run(turn.label), style=style.style_id))
        talk.append(paragraph(run(turn.text), together=len(turn.text) <= KEPT_TOGETHER))
    add_to_body(document, talk)
