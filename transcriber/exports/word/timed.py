"""Layout "timed": one paragraph `[hh:mm:ss] LABEL: talk` a turn.

For programs that follow the sound: NVivo's and MAXQDA's transcripts with timestamps, QualCoder.
"""

from docx.document import Document as WordDocument

from transcriber.domain.redacted import RedactedTurn
from transcriber.exports.clock import clock
from transcriber.exports.word.styles import hang
from transcriber.exports.word.talk import KEPT_TOGETHER, add_to_body, bold, faint, paragraph, run


def add_timed(document: WordDocument, turns: tuple[RedactedTurn, ...]) -> None:
    """Add the talk, each turn with the time at which it starts."""
    stamp = len("[00:00:00] ")
    hang(document, max(len(turn.label) for turn in turns) + stamp)
    add_to_body(
        document,
        [
            paragraph(
                faint(f"[{clock(turn.start_ms)}]"),
                bold(f" {turn.label}:"),
                run(f" {turn.text}"),
                together=len(turn.text) <= KEPT_TOGETHER,
            )
            for turn in turns
        ],
    )
