"""Word document, layout "inline": a cover table, then one paragraph `LABEL: talk` a turn.

Rules: LOOK (Documents); the layout is the one that NVivo, MAXQDA and ATLAS.ti all split into
speakers. Nothing in the body before the first turn holds a colon, which MAXQDA would read as a
speaker. Word numbers the lines itself: typed numbers would destroy coding and search.
"""

from html import escape

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.domain.transcript import Quality
from transcriber.exports.ooxml import DECLARATION, RELATIONS, W, package, settings
from transcriber.exports.wording import marks, one_line, prepared_turns, without_colons

FONT = "Times New Roman"
KEPT_TOGETHER = 500
"""Turns of up to so many characters, about six lines, never break over a page. In longer ones widow
control keeps at least two lines with the label."""

_TWIPS_PER_CHARACTER = 130
_TEXT_WIDTH = 8900
_LABEL_COLUMN = 2500


def write_docx(transcript: RedactedTranscript) -> bytes:
    """Write a Word document from nothing; the same transcript gives the same bytes.

    Raises ValueError for a label that is not capitals, digits and underscores.
    """
    language = _language_tag(transcript.language)
    turns = prepared_turns(transcript)
    parts = {
        "document.xml": _document(transcript, turns),
        "styles.xml": _styles(language, turns),
        "settings.xml": settings(language),
        "header1.xml": _header(transcript),
    }
    relations = {
        "rId1": ("styles", "styles.xml"),
        "rId2": ("settings", "settings.xml"),
        "rId3": ("header", "header1.xml"),
    }
    return package({name: text.encode() for name, text in parts.items()}, relations)


def _language_tag(language: str) -> str:
    return "en-GB" if language in {"", "en"} else escape(one_line(language))


def _document(transcript: RedactedTranscript, turns: tuple[RedactedTurn, ...]) -> str:
    talk = "".join(_turn(turn) for turn in turns)
    body = talk or _paragraph("Cover", _run("No words were transcribed"))
    title = _run(without_colons(one_line(f"Transcript {transcript.code}")))
    return (
        f'{DECLARATION}<w:document xmlns:w="{W}" xmlns:r="{RELATIONS}"><w:body>'
        f"{_paragraph('Title', title)}{_cover(transcript)}{_paragraph('Cover', '')}{body}"
        '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1700" w:right="1400" w:bottom="1400"'
        ' w:left="1600" w:header="700" w:footer="700" w:gutter="0"/>'
        '<w:lnNumType w:countBy="1" w:distance="360" w:restart="continuous"/>'
        '<w:cols w:space="720"/></w:sectPr></w:body></w:document>'
    )


def _turn(turn: RedactedTurn) -> str:
    keep = "<w:keepLines/>" if len(turn.text) <= KEPT_TOGETHER else ""
    runs = f"{_run(f'{turn.label}:', bold=True)}{_run(f' {turn.text}')}"
    return _paragraph("Turn", runs, keep)


def _cover(transcript: RedactedTranscript) -> str:
    draft = transcript.quality is Quality.DRAFT
    rows = {
        "Study": transcript.study,
        "Recording": transcript.code,
        "Length": _duration(transcript.duration_ms),
        "Language": "English" if transcript.language == "en" else transcript.language,
        "Quality": marks(transcript)[1] if draft else "full, from a speech model",
        "Left untranscribed": _untranscribed(transcript),
        "Redaction": transcript.checked.value,
    }
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="CoverTable"/>'
        f'<w:tblW w:w="{_TEXT_WIDTH}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
        f'<w:gridCol w:w="{_LABEL_COLUMN}"/><w:gridCol w:w="{_TEXT_WIDTH - _LABEL_COLUMN}"/>'
        f"</w:tblGrid>{''.join(_row(name, value) for name, value in rows.items())}</w:tbl>"
    )


def _row(name: str, value: str) -> str:
    cells = (
        (_LABEL_COLUMN, _run(name, bold=True)),
        (_TEXT_WIDTH - _LABEL_COLUMN, _run(without_colons(one_line(value)))),
    )
    return (
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{_paragraph('Cover', run)}</w:tc>"
            for width, run in cells
        )
        + "</w:tr>"
    )


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


def _header(transcript: RedactedTranscript) -> str:
    name = f"{one_line(transcript.study)} | {one_line(transcript.code)}"
    page = f"<w:r><w:tab/></w:r>{_run('Page ')}{_field('PAGE')}{_run(' of ')}{_field('NUMPAGES')}"
    lines = [_paragraph("Header", _run(name) + page)]
    lines += [_paragraph("Header", _run(mark)) for mark in marks(transcript)]
    return f'{DECLARATION}<w:hdr xmlns:w="{W}">{"".join(lines)}</w:hdr>'


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _run(text: str, *, bold: bool = False) -> str:
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{weight}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _paragraph(style: str, runs: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def _styles(language: str, turns: tuple[RedactedTurn, ...]) -> str:
    longest = max((len(turn.label) for turn in turns), default=3)
    hanging = min(max((longest + 2) * _TWIPS_PER_CHARACTER, 600), 1800)
    return (
        f'{DECLARATION}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="{FONT}" w:eastAsia="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>'
        f'<w:sz w:val="23"/><w:szCs w:val="23"/><w:lang w:val="{language}"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        + _style("Title", '<w:keepNext/><w:suppressLineNumbers/><w:spacing w:after="200"/>', 32)
        + _style("Cover", '<w:suppressLineNumbers/><w:spacing w:before="40" w:after="40"/>', 21)
        + _style(
            "Header",
            '<w:suppressLineNumbers/><w:tabs><w:tab w:val="right" w:pos="8900"/></w:tabs>',
            18,
        )
        + _style(
            "Turn",
            '<w:widowControl/><w:spacing w:after="140" w:line="312" w:lineRule="auto"/>'
            f'<w:ind w:left="{hanging}" w:hanging="{hanging}"/>',
            23,
        )
        + _table_style()
        + "</w:styles>"
    )


def _style(name: str, paragraph: str, half_points: int) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>'
        f'<w:rPr><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:style>'
    )


def _table_style() -> str:
    rule = 'w:val="single" w:sz="4" w:space="0" w:color="A0A0A0"'
    return (
        '<w:style w:type="table" w:styleId="CoverTable"><w:name w:val="Cover Table"/><w:tblPr>'
        f"<w:tblBorders><w:top {rule}/><w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style>"
    )
