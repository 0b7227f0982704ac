"""Recordings of a study: listed, shown, retried, stopped, erased. How they come in: uploads."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from transcriber.api.answers import Cursor, Limit, RecordingId, StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.recording_models import PriorityModel, RecordingModel, RecordingPage
from transcriber.domain.access import Permission, Principal
from transcriber.domain.recording_state import RecordingState
from transcriber.services.recording_actions import (
    cancel_recording,
    erase_recording,
    prioritise_recording,
    retry_recording,
)
from transcriber.services.recording_list import (
    Order,
    RecordingQuery,
    count_recordings,
    list_recordings,
    show_recording,
)
from transcriber.services.store import Store

router = APIRouter(prefix="/studies/{study_id}", tags=["recordings"])
StoreOf = Annotated[Store, Depends(store_of)]
Seen = Annotated[Principal, Needs(Permission.SEE_RECORDINGS)]
Runs = Annotated[Principal, Needs(Permission.RUN_JOBS)]


@router.get("/recordings", responses=problems())
def list_(
    study_id: StudyId,
    store: StoreOf,
    _: Seen,
    state: Annotated[
        list[RecordingState], Query(max_length=8, description="Only these; none gives all.")
    ] = [],  # noqa: B006 - FastAPI copies it
    order: Annotated[Order, Query(description="Oldest first or newest first.")] = Order.OLDEST,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> RecordingPage:
    """List the recordings of a study, each with how far it is."""
    query = RecordingQuery(frozenset(state), order, cursor, limit)
    page = list_recordings(store, study_id, query)
    return RecordingPage(items=[RecordingModel.of(each) for each in page.items], cursor=page.cursor)


@router.get("/recording-counts", responses=problems())
def count(study_id: StudyId, store: StoreOf, _: Seen) -> dict[RecordingState, int]:
    """Count the recordings of a study by state."""
    return dict(count_recordings(store, study_id))


@router.get("/recordings/{recording_id}", responses=problems())
def show(study_id: StudyId, recording_id: RecordingId, store: StoreOf, _: Seen) -> RecordingModel:
    """Show one recording."""
    return RecordingModel.of(show_recording(store, study_id, recording_id))


@router.delete("/recordings/{recording_id}", status_code=204, responses=problems(503))
def erase(
    study_id: StudyId,
    recording_id: RecordingId,
    store: StoreOf,
    who: Annotated[Principal, Needs(Permission.ERASE)],
) -> None:
    """Erase a recording with all that was made of it. Nobody can undo this."""
    erase_recording(store, who.account_id, study_id, recording_id)


@router.post("/recordings/{recording_id}/retry", responses=problems(409))
def retry(
    study_id: StudyId, recording_id: RecordingId, store: StoreOf, who: Runs
) -> RecordingModel:
    """Take up a recording that failed or was stopped; what is done stays."""
    retry_recording(store, who.account_id, study_id, recording_id)
    return RecordingModel.of(show_recording(store, study_id, recording_id))


@router.post("/recordings/{recording_id}/cancel", responses=problems(409))
def cancel(
    study_id: StudyId, recording_id: RecordingId, store: StoreOf, who: Runs
) -> RecordingModel:
    """Stop what is being made of a recording; what is done stays."""
    cancel_recording(store, who.account_id, study_id, recording_id)
    return RecordingModel.of(show_recording(store, study_id, recording_id))


@router.put("/recordings/{recording_id}/priority", status_code=204, responses=problems())
def prioritise(
    study_id: StudyId, recording_id: RecordingId, body: PriorityModel, store: StoreOf, who: Runs
) -> None:
    """Let a recording go before others, or after them."""
    prioritise_recording(store, who.account_id, study_id, recording_id, body.priority)
