"""Layout "table": a row a turn with its timespan, speaker and content.

NVivo takes the three columns as a transcript of sound; people read it next to a recording. Word
numbers no lines in tables.
"""

from docx.document import Document as WordDocument
from docx.shared import Pt

from transcriber.domain.redacted import RedactedTurn
from transcriber.exports.clock import timespan
from transcriber.exports.ooxml import W
from transcriber.exports.word.blank import Element
from transcriber.exports.word.styles import TEXT_WIDTH, TWIPS_PER_CHARACTER
from transcriber.exports.word.talk import (
    KEPT_TOGETHER,
    add_to_body,
    bold,
    faint,
    make,
    paragraph,
    run,
    val,
)

HEADINGS = ("Timespan", "Speaker", "Content")
"""As NVivo calls the fields of a transcript."""

_TIMES_WIDTH = 2350


def add_table(document: WordDocument, turns: tuple[RedactedTurn, ...]) -> None:
    """Add the talk; the first row is repeated on every page, and short rows do not break."""
    document.styles["Normal"].paragraph_format.space_after = Pt(2)
    longest = max(len(turn.label) for turn in turns) + 2
    speaker = min(max(longest * TWIPS_PER_CHARACTER, 1100), 2600)
    widths = (_TIMES_WIDTH, speaker, TEXT_WIDTH - _TIMES_WIDTH - speaker)
    rows = [_row(widths, [bold(name) for name in HEADINGS], make.cantSplit(), make.tblHeader())]
    for turn in turns:
        whole = [make.cantSplit()] if len(turn.text) <= KEPT_TOGETHER else []
        times = faint(timespan(turn.start_ms, turn.end_ms))
        rows.append(_row(widths, [times, bold(turn.label), run(turn.text)], *whole))
    table = make.tbl(
        make.tblPr(
            make.tblW(_w(TEXT_WIDTH)),
            make.tblBorders(*(_rule(side) for side in ("top", "bottom", "insideH"))),
            make.tblLayout({f"{{{W}}}type": "fixed"}),
            make.tblCellMar(
                make.top(_w(60)), make.left(_w(60)), make.bottom(_w(20)), make.right(_w(60))
            ),
        ),
        make.tblGrid(*(make.gridCol({f"{{{W}}}w": str(width)}) for width in widths)),
        *rows,
    )
    # Word wants a paragraph behind a table that ends a document.
    add_to_body(document, [table, paragraph(style="Cover")])


def _row(widths: tuple[int, ...], contents: list[Element], *properties: Element) -> Element:
    cells = (
        make.tc(make.tcPr(make.tcW(_w(width))), paragraph(content))
        for width, content in zip(widths, contents, strict=True)
    )
    return make.tr(*([make.trPr(*properties)] if properties else []), *cells)


def _rule(side: str) -> Element:
    attributes = {"sz": "4", "space": "0", "color": "A0A0A0"}
    return make(side, val("single") | {f"{{{W}}}{name}": text for name, text in attributes.items()})


def _w(twips: int) -> dict[str, str]:
    return {f"{{{W}}}w": str(twips), f"{{{W}}}type": "dxa"}
