"""What a page is answered after a decision: the turns that differ, the doubts, how far it is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from transcriber.services.review.state import Review
from transcriber.web.pages.review.changed import Earlier, changes
from transcriber.web.pages.review.doubt import doubts_of
from transcriber.web.pages.review.shown import TurnsShown
from transcriber.web.review_words import ENTITY_TYPES
from transcriber.web.rendering import templates

EARLIER = Earlier()
"""What pages of this process were given."""

ALL_AT_ONCE = 1_200
"""Where more turns differ, the page loads all of them anew, in chunks."""


def answer_of(after: Review, seen: int, saved_at_ms: int | None = None) -> dict[str, Any]:
    """Return the answer for a page that has seen the state of `seen` events.

    `all` asks it to load all turns; otherwise each of `turns` takes the place of the one of its id,
    or stands behind the one named by `after`.
    """
    before = EARLIER.get(after, seen)
    EARLIER.keep(after)
    differing = changes(before, after) if before is not None else None
    wants_all = differing is None or len(differing.shown) > ALL_AT_ONCE
    return {
        "number": after.number,
        "saved_at": _clock(saved_at_ms) if saved_at_ms is not None else None,
        "all": wants_all,
        "turns": []
        if differing is None or wants_all
        else list(_turns(after, differing.shown)),
        "gone": [] if differing is None else list(differing.gone),
        "doubts": _part("review_doubts.html", doubts=doubts_of(after), types=ENTITY_TYPES),
        "progress": _part("review_progress.html", progress=after.progress, review=after),
        "voices": [
            {"id": speaker.id, "label": speaker.label} for speaker in after.transcript.speakers
        ],
        "searching": after.searching,
    }


def _turns(review: Review, numbers: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    shown, words = TurnsShown(review), review.transcript.words
    template = templates().get_template("review_turns.html")
    for number in numbers:
        turn = shown.turn(review.turns[number])
        before = review.turns[number - 1] if number else None
        yield {
            "id": turn.id,
            "after": words[before.first_word].id if before else None,
            "html": template.render(turns=[turn], types=ENTITY_TYPES),
        }


def _part(name: str, **given: Any) -> str:
    return templates().get_template(name).render(given)


def _clock(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000).astimezone():%H:%M:%S}"
