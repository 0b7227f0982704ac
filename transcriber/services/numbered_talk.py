"""A text by its paragraphs, a page at a time: numbers to quote, and ids that stay over versions.

The number of a paragraph is its place in this version of the text, from 1. Its id is that of the
first word it was written from, so a corrected version has it again wherever that word still leads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.exports.wording import prepared_turns

PARAGRAPHS = 200
"""On one page."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A turn with its number; `differs` where the text that it is compared with has another one.

    The time is in milliseconds.
    """

    number: int
    id: str
    label: str
    start_ms: int
    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class TalkPage:
    """Some paragraphs: page `number` of `pages`, both from 1; `differing` are those of the text."""

    shown: tuple[Paragraph, ...]
    number: int
    pages: int
    differing: int


def talk_page(
    text: RedactedTranscript, number: int = 1, against: RedactedTranscript | None = None
) -> TalkPage:
    """Return a page of a text, the nearest one where there is none of this number."""
    turns = prepared_turns(text)
    others = {} if against is None else _by_id(prepared_turns(against))
    paragraphs = [
        Paragraph(
            place,
            turn.id,
            turn.label,
            turn.start_ms,
            turn.text,
            against is not None and others.get(turn.id) != (turn.label, turn.text),
        )
        for place, turn in enumerate(turns, start=1)
    ]
    pages = max(-(-len(paragraphs) // PARAGRAPHS), 1)
    here = min(max(number, 1), pages)
    return TalkPage(
        tuple(paragraphs[(here - 1) * PARAGRAPHS : here * PARAGRAPHS]),
        here,
        pages,
        sum(paragraph.differs for paragraph in paragraphs),
    )


def _by_id(turns: Sequence[RedactedTurn]) -> dict[str, tuple[str, str]]:
    return {turn.id: (turn.label, turn.text) for turn in turns}
