"""Checking a recording: its state, decisions, undo and redo, history, and what others change."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Query, Response
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from transcriber.api.answers import Limit, RecordingId, StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.review_models import (
    ChangesModel,
    DecisionsModel,
    HistoryModel,
    SavedModel,
    StepModel,
    changed_turns,
    progress_of,
    state_json,
)
from transcriber.api.searching import searcher_of
from transcriber.domain.access import Permission, Principal
from transcriber.domain.audit import Action
from transcriber.services.review.decide import Saved, Step, decide_once, redo_once, undo_once
from transcriber.services.review.first_recording import may_open, open_review
from transcriber.services.review.history import changes_since, history
from transcriber.services.review.redetect import Searcher
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import list_state
from transcriber.services.store import Store

router = APIRouter(prefix="/studies/{study_id}/recordings/{recording_id}/review", tags=["review"])
StoreOf = Annotated[Store, Depends(store_of)]
SearcherOf = Annotated[Searcher, Depends(searcher_of)]
Looks = Annotated[Principal, Needs(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
Reads = Annotated[Principal, Needs(Permission.HEAR_AND_READ)]
Reviews = Annotated[Principal, Needs(Permission.REVIEW)]

EVERY_S = 1.0
"""How often a stream looks whether others changed something."""
LONGEST_S = 600.0
PING_S = 15
STOP_S = 2.0
AGAIN_MS = 2_000

_STATE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The state: `number` of events, words as columns, turns, findings, notes.",
        "content": {"application/json": {"schema": {}}},
    }
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `changed`, whose data has the `number` of events that there are "
        "now, and whether detection is `searching`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get("", response_class=Response, responses={**problems(409), **_STATE})
def state(
    study_id: StudyId, recording_id: RecordingId, store: StoreOf, searcher: SearcherOf, who: Looks
) -> Response:
    """Return how far the checking of a recording is, with all its words: private.

    That you looked is written down. The first recording that is opened in a study is checked alone.
    """
    review = open_review(store, who.account_id, study_id, recording_id)
    if review.searching:
        searcher.wake()  # whoever was to look again may have been killed
    return Response(state_json(review), media_type="application/json")


@router.post("/decisions", responses=problems(409))
def decide(
    study_id: StudyId,
    recording_id: RecordingId,
    body: DecisionsModel,
    store: StoreOf,
    searcher: SearcherOf,
    who: Reviews,
) -> SavedModel:
    """Keep what somebody decided, as one step that one undo takes back."""
    may_open(store, study_id, recording_id)
    step = Step(who.account_id, study_id, recording_id, body.batch_id)
    return _told(store, decide_once(store, step, body.edits, body.seen), body.seen, searcher)


@router.post("/undo", responses=problems(409))
def undo(
    study_id: StudyId,
    recording_id: RecordingId,
    body: StepModel,
    store: StoreOf,
    searcher: SearcherOf,
    who: Reviews,
) -> SavedModel:
    """Take back your last step that still counts."""
    step = Step(who.account_id, study_id, recording_id, body.batch_id)
    return _told(store, undo_once(store, step), body.seen, searcher)


@router.post("/redo", responses=problems(409))
def redo(
    study_id: StudyId,
    recording_id: RecordingId,
    body: StepModel,
    store: StoreOf,
    searcher: SearcherOf,
    who: Reviews,
) -> SavedModel:
    """Do your last undone step again."""
    step = Step(who.account_id, study_id, recording_id, body.batch_id)
    return _told(store, redo_once(store, step), body.seen, searcher)


@router.get("/history", responses=problems(409))
def list_history(
    study_id: StudyId,
    recording_id: RecordingId,
    store: StoreOf,
    _: Looks,
    before: Annotated[int | None, Query(ge=0, description="Only events before this one.")] = None,
    limit: Limit = 100,
) -> list[HistoryModel]:
    """List who decided what and when, the latest first: private."""
    return [
        HistoryModel.of(entry) for entry in history(store, study_id, recording_id, before, limit)
    ]


@router.get("/changes", responses=problems(409))
def changes(
    study_id: StudyId,
    recording_id: RecordingId,
    store: StoreOf,
    _: Looks,
    since: Annotated[int, Query(ge=0, description="`number` of the state that you have.")],
) -> ChangesModel:
    """Return what happened since a state that you have: private."""
    review, entries = changes_since(store, study_id, recording_id, since)
    return ChangesModel(
        number=review.number,
        searching=review.searching,
        turns=changed_turns(review, since),
        resegmented=review.fold.resegmented_since(since),
        progress=progress_of(review),
        events=[HistoryModel.of(entry) for entry in entries],
    )


@router.get("/events", response_class=EventSourceResponse, responses={**problems(409), **_STREAM})
async def events(
    study_id: StudyId, recording_id: RecordingId, store: StoreOf, _: Reads
) -> EventSourceResponse:
    """Tell when somebody else, or detection, changed something, as it happens."""
    first = await run_in_threadpool(list_state, store, study_id, recording_id)
    ended = anyio.Event()  # set when the server stops
    return EventSourceResponse(
        _changed(store, study_id, recording_id, first, ended),
        ping=PING_S,
        shutdown_event=ended,
        shutdown_grace_period=STOP_S,
    )


async def _changed(
    store: Store,
    study_id: str,
    recording_id: str,
    now: tuple[int, bool],
    ended: anyio.Event,
) -> AsyncIterator[ServerSentEvent]:
    told: tuple[int, bool] | None = None
    ends_s = time.monotonic() + LONGEST_S
    while time.monotonic() < ends_s and not ended.is_set():
        if now != told:
            told = now
            data = json.dumps({"number": now[0], "searching": now[1]})
            yield ServerSentEvent(data, event="changed", retry=AGAIN_MS)
        with anyio.move_on_after(EVERY_S):
            await ended.wait()
        now = await run_in_threadpool(list_state, store, study_id, recording_id)


def _told(store: Store, saved: Saved, seen: int, searcher: Searcher) -> SavedModel:
    if saved.review.searching:
        searcher.wake()
    shown = replace(saved, review=as_shown(store, saved.review))
    return SavedModel.of(shown, seen)
