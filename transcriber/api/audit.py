"""What was done in a study, by whom and when."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from transcriber.api.answers import StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.results import attached
from transcriber.domain.access import Permission, Principal
from transcriber.services.audit import Wanted, find_events
from transcriber.services.audit_export import export_audit
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


_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            "text/csv": {"schema": {"type": "string", "format": "binary"}},
            "application/x-ndjson": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get("/file", response_class=Response, responses={**problems(), **_FILE})
def download(
    study_id: StudyId,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.SEE_AUDIT)],
    kind: Annotated[Literal["csv", "jsonl"], Query(alias="format")] = "csv",
    from_ms: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    to_ms: Annotated[int | None, Query(ge=0, le=2**53, description="Excluded.")] = None,
) -> Response:
    """Download what was done in a study, the oldest first. That you did is written down."""
    wanted = Wanted(study_id, from_ms=from_ms, to_ms=to_ms)
    return attached(export_audit(store, who.account_id, wanted, kind))
