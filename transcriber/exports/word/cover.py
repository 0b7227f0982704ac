"""The title and, in two columns, what the transcript is of and how it was made.

The columns are paragraphs with a tab: a table would be the first that NVivo finds where the talk
itself stands in one, and f4 takes none.
"""

from docx.document import Document as WordDocument
from docx.shared import Pt, Twips
from docx.styles.style import ParagraphStyle

from transcriber.domain.redacted import RedactedTranscript
from transcriber.domain.transcript import Quality
from transcriber.exports.word.blank import element
from transcriber.exports.wording import DRAFT_SENTENCE, one_line, without_colons

_NAME_COLUMN = 2500
_RULE = {"val": "single", "sz": "4", "space": "3", "color": "A0A0A0"}


def add_cover(document: WordDocument, transcript: RedactedTranscript) -> None:
    """Add the title, the facts with a rule between any two, and some space."""
    _shape(document.styles["Cover"])
    title = without_colons(one_line(f"Transcript {transcript.code}"))
    document.add_paragraph(title, document.styles["Title"])
    style = document.styles["Cover"]
    for name, value in _facts(transcript).items():
        line = document.add_paragraph("", style)
        line.add_run(name).bold = True
        line.add_run(f"\t{without_colons(one_line(value))}")
    line.paragraph_format.space_after = Pt(24)


def _shape(cover: ParagraphStyle) -> None:
    borders = element("w:pBdr")
    borders.extend(element(f"w:{side}", **_RULE) for side in ("top", "bottom", "between"))
    cover.element.pPr.insert_element_before(borders, "w:tabs", "w:spacing", "w:ind")
    form = cover.paragraph_format
    form.tab_stops.add_tab_stop(Twips(_NAME_COLUMN))
    form.left_indent, form.first_line_indent = Twips(_NAME_COLUMN), -Twips(_NAME_COLUMN)


def _facts(transcript: RedactedTranscript) -> dict[str, str]:
    number = transcript.release_number
    return {
        "Study": transcript.study,
        "Recording": transcript.code,
        **({"Release": str(number)} if number is not None else {}),
        "Length": _duration(transcript.duration_ms),
        "Language": "English" if transcript.language == "en" else transcript.language,
        "Quality": DRAFT_SENTENCE
        if transcript.quality is Quality.DRAFT
        else "full, from a speech model",
        "Left untranscribed": _untranscribed(transcript),
        "Redaction": transcript.checked.value,
    }


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
