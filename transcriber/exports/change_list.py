"""What changed between two releases of a recording, by paragraph: a coded project is mended by it.

Paragraphs are matched by their ids, which stay over versions, and never by their numbers, which
move when one before them goes. A change of speaker counts like one of words.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.exports.csv_cells import write_csv
from transcriber.exports.wording import prepared_turns

HEADINGS = ("change", "old_paragraph", "paragraph", "id", "speaker", "new_text")
"""The text that was is not among them: what was corrected may have told who somebody is."""


class What(StrEnum):
    """What became of a paragraph."""

    CHANGED = "changed"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph that is another, by its numbers in the earlier and the later text, from 1.

    `before` is what it said, empty where it was not there and where that is not to be told.
    """

    what: What
    old_number: int | None
    number: int | None
    id: str
    label: str
    text: str
    before: str


def change_list(
    before: RedactedTranscript, after: RedactedTranscript, *, with_before: bool = True
) -> tuple[Change, ...]:
    """Return the paragraphs that differ, in order; the earlier words only `with_before`.

    Raises ValueError for a label that is none.
    """
    old, new = prepared_turns(before), prepared_turns(after)
    found = sorted(_changes(old, new), key=lambda found: found[0])
    return tuple(
        Change(
            what,
            None if was is None else was + 1,
            None if now is None else now + 1,
            (new[now] if now is not None else old[was or 0]).id,
            "" if now is None else new[now].label,
            "" if now is None else new[now].text,
            _told(old[was]) if with_before and was is not None else "",
        )
        for _, what, was, now in found
    )


def write_changes(changes: Sequence[Change]) -> bytes:
    """Write UTF-8 CSV with LF, without the earlier words."""
    return write_csv(
        HEADINGS,
        (
            (
                each.what.value,
                each.old_number or "",
                each.number or "",
                each.id,
                each.label,
                each.text,
            )
            for each in changes
        ),
    )


_Found = tuple[float, What, int | None, int | None]
"""Where it stands in order, what became of it, and its places in both texts from 0."""


def _changes(old: Sequence[RedactedTurn], new: Sequence[RedactedTurn]) -> Iterator[_Found]:
    places = {turn.id: place for place, turn in enumerate(old) if turn.id}
    unnamed = Counter((turn.label, turn.text) for turn in old if not turn.id)
    known = {turn.id for turn in new}
    follows: dict[int, int] = {}
    for place, turn in enumerate(new):
        was = places.get(turn.id) if turn.id else None
        if was is not None:
            follows[was] = place
            if (old[was].label, old[was].text) != (turn.label, turn.text):
                yield place, What.CHANGED, was, place
        elif not turn.id and unnamed[turn.label, turn.text]:
            unnamed[turn.label, turn.text] -= 1
        else:
            yield place, What.ADDED, None, place
    behind = -1
    for place, turn in enumerate(old):
        behind = follows.get(place, behind)
        if turn.id:
            gone = turn.id not in known
        else:
            gone = unnamed[turn.label, turn.text] > 0
            unnamed[turn.label, turn.text] -= gone
        if gone:
            yield behind + 0.5, What.GONE, place, None


def _told(turn: RedactedTurn) -> str:
    return f"{turn.label}: {turn.text}"
