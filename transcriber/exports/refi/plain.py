"""The text of a source, and where each turn stands in it."""

from dataclasses import dataclass

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.exports.txt import write_txt
from transcriber.exports.wording import prepared_turns


@dataclass(frozen=True, slots=True)
class PlacedTurn:
    """A turn and its line: `text[start:end]`, code points, the label included (standard, 10.2)."""

    turn: RedactedTurn
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlainText:
    """What the text file of a source holds: lines ended by LF, no byte-order mark."""

    text: str
    turns: tuple[PlacedTurn, ...]

    @property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.removesuffix("\n").split("\n")


def plain_text(transcript: RedactedTranscript) -> PlainText:
    """Return the text as `write_txt` writes it; the turns are its last lines.

    Raises ValueError for a label that is not capitals, digits and underscores.
    """
    found = PlainText(write_txt(transcript).decode(), ())
    turns = prepared_turns(transcript)
    heading = len(found.lines) - len(turns)
    start = sum(len(line) + 1 for line in found.lines[:heading])
    placed = []
    for turn, line in zip(turns, found.lines[heading:], strict=True):
        placed.append(PlacedTurn(turn, start, start + len(line)))
        start += len(line) + 1
    return PlainText(found.text, tuple(placed))
