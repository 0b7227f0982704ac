"""The page on which a recording is checked: its first turns at once, the rest as it is read."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from transcriber.api.searching import searcher_of
from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.services.recording_list import show_recording
from transcriber.services.review.first_recording import first_recording, open_review
from transcriber.services.review.leads import Step, leads_in
from transcriber.services.review.override import is_locked_draft
from transcriber.services.review.redetect import Searcher
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.sound import has_sound
from transcriber.services.review.state import Review, review_of
from transcriber.services.studies import show_study
from transcriber.web.pages.review.answers import given
from transcriber.web.pages.review.shown import ShownTurn, TurnsShown
from transcriber.web.rendering import templates
from transcriber.web.review_words import ENTITY_TYPES, KEYS
from transcriber.web.visits import Visit, visit_by

router = APIRouter(include_in_schema=False)

FIRST_TURNS = 60
"""More than a large screen holds."""

CHUNK = 20
"""Turns that a browser lays out together once they come into sight: in a third of a frame."""

PORTION = 15 * CHUNK
"""Turns that are written in one go: each change of threads takes as long as ten turns."""

Reading = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
REVIEW = "/studies/{study_id}/recordings/{recording_id}/review"


@router.get(REVIEW)
def review(
    visit: Reading,
    study_id: str,
    recording_id: str,
    searcher: Annotated[Searcher, Depends(searcher_of)],
    begin: Annotated[int, Query(alias="from", ge=0)] = 0,
) -> Response:
    """Show a recording for checking. Without a script, `from` turns the pages."""
    is_checking = visit.who.may(Permission.REVIEW, study_id)
    state = (
        open_review(visit.store, visit.who.account_id, study_id, recording_id)
        if is_checking
        else as_shown(visit.store, review_of(visit.store, study_id, recording_id))
    )
    if state.searching:
        searcher.wake()  # whoever was to look again may have been stopped
    shown = TurnsShown(state)
    count = len(state.turns)
    begin = min(begin, max(count - 1, 0))
    end = min(begin + FIRST_TURNS, count)
    is_draft = is_locked_draft(visit.store, study_id, recording_id)
    return visit.page(
        "review.html",
        section="studies",
        study=show_study(visit.store, study_id),
        recording=show_recording(visit.store, study_id, recording_id),
        review=state,
        chunks=_chunks(shown, begin, end),
        begin=begin,
        end=end,
        count=count,
        doubts=given(state).doubts,
        progress=state.progress,
        is_draft=is_draft,
        may_review=is_checking and not is_draft,
        has_sound=has_sound(visit.store, study_id, recording_id),
        leads=leads_in(state),
        here=Step.NAMES if state.progress.undecided else Step.WORDS,
        first=first_recording(visit.store, study_id),
        signing=visit.who.may(Permission.SIGN_OFF, study_id),
        voice_list=[
            {"id": speaker.id, "label": speaker.label} for speaker in state.transcript.speakers
        ],
        types=ENTITY_TYPES,
        keys=KEYS,
    )


@router.get(REVIEW + "/turns")
def turns(
    visit: Reading,
    study_id: str,
    recording_id: str,
    begin: Annotated[int, Query(alias="from", ge=0)] = 0,
) -> Response:
    """Answer with the turns from one on, in chunks that can be shown as they come."""
    state = as_shown(visit.store, review_of(visit.store, study_id, recording_id))
    given(state)
    return StreamingResponse(
        _written(state, begin),
        media_type="text/html",
        headers={"x-events": str(state.number)},
    )


def _written(review: Review, begin: int) -> Iterator[str]:
    shown, count = TurnsShown(review), len(review.turns)
    template = templates().get_template("review_chunks.html")
    for first in range(begin, count, PORTION):
        chunks = _chunks(shown, first, min(first + PORTION, count))
        yield template.render(chunks=chunks, types=ENTITY_TYPES)


def _chunks(shown: TurnsShown, begin: int, end: int) -> Iterator[Iterator[ShownTurn]]:
    for first in range(begin, end, CHUNK):
        yield shown.all(range(first, min(first + CHUNK, end)))
