"""What was done in a study, by whom and when."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.services.audit import Wanted, find_events
from transcriber.services.store import Store

router = APIRouter(prefix="/studies/{study_id}/audit", tags=["audit"])

PAGE = 100


class EventModel(BaseModel):
    """Something that was done; the time is UTC in milliseconds since 1970."""

    number: int
    at_ms: int
    action: str
    actor_id: str | None = Field(description="The account that did it; null: the program.")
    recording_id: str | None
    subject_id: str | None = Field(description="The account or token that it was done to.")


class EventPage(BaseModel):
    """Events, the newest first; `next` is the `before` of the following page."""

    items: list[EventModel]
    next: int | None


@router.get("")
def show(
    study_id: str,
    store: Annotated[Store, Depends(store_of)],
    _: Annotated[Principal, Needs(Permission.SEE_AUDIT)],
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> EventPage:
    """List what was done in a study, a page at a time."""
    found = find_events(store, Wanted(study_id), before=before, limit=PAGE)
    items = [
        EventModel(
            number=one.number,
            at_ms=one.at_ms,
            action=one.event.action,
            actor_id=one.event.actor_id,
            recording_id=one.event.recording_id,
            subject_id=one.event.subject_id,
        )
        for one in found
    ]
    return EventPage(items=items, next=found[-1].number if len(found) == PAGE else None)
