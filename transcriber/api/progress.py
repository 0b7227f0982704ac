"""How far recordings are: once, or as it happens (server-sent events)."""

import json
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from transcriber.api.answers import RecordingId, StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.progress_feed import Event, ProgressFeed
from transcriber.api.recording_models import ProgressModel
from transcriber.domain.access import Permission, Principal
from transcriber.services.progress import ProgressWatch
from transcriber.services.recording_list import show_recording
from transcriber.services.store import Store

router = APIRouter(prefix="/studies/{study_id}", tags=["progress"])
Seen = Annotated[Principal, Needs(Permission.SEE_RECORDINGS)]
StoreOf = Annotated[Store, Depends(store_of)]

PING_S = 15
"""Proxies close what is silent for longer, often after 60 s."""

STOP_S = 2.0
"""A server that stops gives its streams so long to end."""

AGAIN_MS = 2_000
"""After that a browser takes up a stream that broke off."""

_MOMENT = re.compile(r"\d{1,15}")
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `recording`, whose data is a ProgressModel, and `gone` with the "
        "`recording_id` of what was erased. Send the last `id` as `Last-Event-ID` to go on where "
        "a stream broke off.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def watch_of(request: Request) -> ProgressWatch:
    """Give what looks at how far recordings are."""
    watch: ProgressWatch = request.app.state.progress
    return watch


def feed_of(request: Request) -> ProgressFeed:
    """Give what tells all streams."""
    feed: ProgressFeed = request.app.state.progress_feed
    return feed


def since(
    last_event_id: Annotated[
        str | None, Header(description="The `id` of the last event that arrived.")
    ] = None,
    since_ms: Annotated[
        int | None,
        Query(ge=0, le=10**14, description="Begin with what changed since then (UTC)."),
    ] = None,
) -> int | None:
    """Return from which moment on a stream tells what happened; None for the last minute."""
    if last_event_id is not None and _MOMENT.fullmatch(last_event_id):
        return int(last_event_id)
    return since_ms


Feed = Annotated[ProgressFeed, Depends(feed_of)]
Since = Annotated[int | None, Depends(since)]


@router.get(
    "/progress",
    response_class=EventSourceResponse,
    responses={**problems(), **_STREAM},
)
async def of_study(study_id: StudyId, feed: Feed, since_ms: Since, _: Seen) -> EventSourceResponse:
    """Tell how far the recordings of a study are, as it happens."""
    return _stream(feed, study_id, None, since_ms)


@router.get(
    "/recordings/{recording_id}/progress",
    response_class=EventSourceResponse,
    responses={**problems(), **_STREAM},
)
async def of_recording(
    study_id: StudyId, recording_id: RecordingId, feed: Feed, since_ms: Since, _: Seen
) -> EventSourceResponse:
    """Tell how far one recording is, as it happens."""
    return _stream(feed, study_id, recording_id, since_ms)


@router.get("/recordings/{recording_id}/progress-now", responses=problems())
def now(
    study_id: StudyId,
    recording_id: RecordingId,
    store: StoreOf,
    watch: Annotated[ProgressWatch, Depends(watch_of)],
    _: Seen,
) -> ProgressModel:
    """Tell how far one recording is, once."""
    show_recording(store, study_id, recording_id)
    return ProgressModel.of(watch.of([recording_id])[recording_id])


def _stream(
    feed: ProgressFeed, study_id: str, recording_id: str | None, since_ms: int | None
) -> EventSourceResponse:
    ended = anyio.Event()  # set when the server stops
    return EventSourceResponse(
        _written(feed.events(study_id, recording_id, since_ms, ended)),
        ping=PING_S,
        shutdown_event=ended,
        shutdown_grace_period=STOP_S,
    )


async def _written(events: AsyncIterator[Event]) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        if event.progress is None:
            data = json.dumps({"recording_id": event.recording_id})
        else:
            data = ProgressModel.of(event.progress).model_dump_json()
        yield ServerSentEvent(
            data,
            event="gone" if event.progress is None else "recording",
            id=str(event.as_of_ms),
            retry=AGAIN_MS,
        )
