"""WebVTT (W3C): the marks as NOTE comments, then cues with voices."""

from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.clock import exact_clock
from transcriber.exports.cues import cues_of
from transcriber.exports.wording import marks


def write_vtt(transcript: RedactedTranscript) -> bytes:
    """Write UTF-8 WebVTT whose cues start one after another and last 1 ms to 10 s.

    Raises ValueError for a label that is not capitals, digits and underscores.
    """
    # One-line notes: Taguette fails on a NOTE that stands alone on its line.
    blocks = ["WEBVTT", *(f"NOTE {_without_arrow(mark)}" for mark in marks(transcript))]
    for cue in cues_of(transcript):
        times = f"{exact_clock(cue.start_ms)} --> {exact_clock(cue.end_ms)}"
        blocks.append(f"{times}\n<v {cue.label}>{_escaped(cue.text)}")
    return ("\n\n".join(blocks) + "\n").encode()


def _without_arrow(mark: str) -> str:
    """Return a mark that a comment may hold: an arrow would begin a cue (WebVTT, section 4.1)."""
    return mark.replace("-->", "->")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
