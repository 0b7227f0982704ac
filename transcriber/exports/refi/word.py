"""The Word document of a source: the same text as its plain one, a paragraph for each line.

Tools that keep the styled text place codings by offsets into the plain one, so nothing may stand in
the body that is not in it: no cover, no table, no line break within a paragraph.
"""

from collections.abc import Iterator
from html import escape

from transcriber.exports.ooxml import DECLARATION, W, package, settings
from transcriber.exports.refi.plain import PlainText

_STYLES = (
    f'{DECLARATION}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman"'
    ' w:cs="Times New Roman"/><w:sz w:val="23"/><w:szCs w:val="23"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="140"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    "</w:style></w:styles>"
)
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1400" w:right="1400"'
    ' w:bottom="1400" w:left="1600" w:header="700" w:footer="700" w:gutter="0"/></w:sectPr>'
)


def write_word(plain: PlainText, language: str) -> bytes:
    """Write the document; the same text gives the same bytes."""
    body = "".join(_paragraphs(plain))
    document = f'{DECLARATION}<w:document xmlns:w="{W}"><w:body>{body}{_PAGE}</w:body></w:document>'
    parts = {
        "document.xml": document.encode(),
        "styles.xml": _STYLES.encode(),
        "settings.xml": settings(language).encode(),
    }
    return package(parts, {"rId1": ("styles", "styles.xml"), "rId2": ("settings", "settings.xml")})


def _paragraphs(plain: PlainText) -> Iterator[str]:
    heading = len(plain.lines) - len(plain.turns)
    for line in plain.lines[:heading]:
        yield f"<w:p>{_run(line)}</w:p>"
    for placed, line in zip(plain.turns, plain.lines[heading:], strict=True):
        named = len(placed.turn.label) + 1
        yield f"<w:p>{_run(line[:named], bold=True)}{_run(line[named:])}</w:p>"


def _run(text: str, *, bold: bool = False) -> str:
    if not text:
        return ""
    style = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{style}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'
