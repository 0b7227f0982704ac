"""Layout "inline": one paragraph `LABEL: talk` a turn.

NVivo, MAXQDA, ATLAS.ti and QualCoder all split it into speakers, because nothing stands before the
label.
"""

from docx.document import Document as WordDocument

from transcriber.domain.redacted import RedactedTurn
from transcriber.exports.word.styles import hang
from transcriber.exports.word.talk import KEPT_TOGETHER, add_to_body, bold, paragraph, run


def add_inline(document: WordDocument, turns: tuple[RedactedTurn, ...]) -> None:
    """Add the talk."""
    hang(document, max(len(turn.label) for turn in turns) + 2)
    add_to_body(
        document,
        [
            paragraph(
                bold(f"{turn.label}:"),
                run(f" {turn.text}"),
                together=len(turn.text) <= KEPT_TOGETHER,
            )
            for turn in turns
        ],
    )
