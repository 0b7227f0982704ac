"""What a page is answered after a decision: the turns that differ, the doubts, how far it is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from transcriber.domain.review import FindingState, JudgedFinding
from transcriber.services.latest import Latest
from transcriber.services.review.history import version_at
from transcriber.services.review.state import Review
from transcriber.services.store import Store
from transcriber.web.pages.review.changed import changes
from transcriber.web.pages.review.doubt import Doubt, doubts_of
from transcriber.web.pages.review.shown import TurnsShown
from transcriber.web.rendering import templates
from transcriber.web.review_words import ENTITY_TYPES

GIVEN_KEPT = 12
"""States in memory; an older one that a page has seen is made again."""

ALL_AT_ONCE = 1_200
"""Where more turns differ, the page loads all of them anew, in chunks."""


@dataclass(frozen=True)
class Given:
    """A state that a page was given, with what it shows of it."""

    review: Review

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """The entities, the most doubtful first."""
        return doubts_of(self.review)


_GIVEN: Latest[tuple[str, int], Given] = Latest(GIVEN_KEPT)
"""What pages of this process were given, by transcript and number of events."""


def answer_of(
    store: Store, after: Review, seen: int, saved_at_ms: int | None = None
) -> dict[str, Any]:
    """Return the answer for a page that has seen the state of `seen` events.

    `all` asks it to load all turns; otherwise each of `turns` takes the place of the one of its id,
    or stands behind the one named by `after`. `new` counts what was found since.
    """
    now = given(after)
    before = now if seen == after.number else _given(store, after, seen)
    differing = changes(before.review, after)
    wants_all = len(differing.shown) > ALL_AT_ONCE
    return {
        "new": _new_findings(before.review, after),
        "number": after.number,
        "saved_at": _clock(saved_at_ms) if saved_at_ms is not None else None,
        "all": wants_all,
        "turns": [] if wants_all else list(_turns(after, differing.shown)),
        "gone": [] if wants_all else list(differing.gone),
        "doubts": _doubts(before, now),
        "progress": _part("review_progress.html", progress=after.progress, review=after),
        "voices": [
            {"id": speaker.id, "label": speaker.label} for speaker in after.transcript.speakers
        ],
        "searching": after.searching,
    }


def given(review: Review) -> Given:
    """Remember that a page is given this state, and return it as that."""
    key = review.stored.id, review.number
    known = _GIVEN.get(key)
    if known is not None and known.review == review:
        return known
    return _GIVEN.put(key, Given(review))


def _new_findings(before: Review, after: Review) -> int:
    """Count the findings that nobody has decided on and that stand where none stood before."""
    known = {_stands(judged) for judged in before.findings}
    return sum(
        judged.state is FindingState.PROPOSED and _stands(judged) not in known
        for judged in after.findings
    )


def _stands(judged: JudgedFinding) -> tuple[int, int] | None:
    place = judged.finding.place
    return (place.first_word, place.last_word) if place else None


def _given(store: Store, review: Review, number: int) -> Given:
    """Return the state of an earlier number, made again where another process gave it."""
    known = _GIVEN.get((review.stored.id, number))
    if known is not None:
        return known
    recording = review.recording
    fold = version_at(store, recording.study_id, recording.id, number)
    return Given(replace(review, fold=fold, searching=False))


def _doubts(before: Given, now: Given) -> dict[str, Any]:
    """Return the order of all entities, and the rows of those of which something differs."""
    known = set(before.doubts)
    return {
        "order": [doubt.key for doubt in now.doubts],
        "rows": {
            doubt.key: _part("review_doubts.html", doubts=[doubt], types=ENTITY_TYPES)
            for doubt in now.doubts
            if doubt not in known
        },
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
