"""Retention of a study: what is due, legal holds, an assessment, and what was destroyed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from transcriber.api.answers import StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.retention_models import (
    DueModel,
    HoldModel,
    NewAssessment,
    NewHold,
    RetentionState,
)
from transcriber.domain.access import Permission, Principal
from transcriber.domain.retention import Held
from transcriber.exports.destruction_text import Line, write_destruction
from transcriber.services.retention.certificate import certificate_of
from transcriber.services.retention.keeping import assess, keeping_of, lift_hold, place_hold
from transcriber.services.store import Store
from transcriber.storage.database.tombstones import Tombstone

router = APIRouter(prefix="/studies/{study_id}/retention", tags=["retention"])
StoreOf = Annotated[Store, Depends(store_of)]
Erases = Annotated[Principal, Needs(Permission.ERASE)]
HoldId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The hold's id.")]


@router.get("", responses=problems())
def show(
    study_id: StudyId,
    store: StoreOf,
    _: Annotated[Principal, Needs(Permission.SEE_RECORDINGS)],
) -> RetentionState:
    """Show what will be destroyed of a study and when, and what forbids it."""
    kept = keeping_of(store, study_id)
    due = [
        DueModel(
            what=each.held_thing,
            recording_id=None if each.held_thing is Held.KEY else each.subject_id,
            due_at_ms=each.due_at_ms,
            rule=each.why,
            held=each.held,
        )
        for each in kept.due
    ]
    holds = [
        HoldModel(
            id=hold.id,
            recording_id=hold.recording_id,
            reason=hold.reason,
            placed_by=hold.placed_by,
            placed_at_ms=hold.placed_at_ms,
            lifted_by=hold.lifted_by,
            lifted_at_ms=hold.lifted_at_ms,
        )
        for hold in kept.holds
    ]
    assessed = kept.assessment.assessed_at_ms if kept.assessment else None
    return RetentionState(due=due, holds=holds, assessed_at_ms=assessed)


@router.post("/holds", status_code=204, responses=problems())
def hold(study_id: StudyId, body: NewHold, store: StoreOf, who: Erases) -> Response:
    """Place a legal hold: nothing of the recording, or of the study, is destroyed meanwhile."""
    place_hold(store, who.account_id, study_id, body.recording_id, body.reason)
    return Response(status_code=204)


@router.delete("/holds/{hold_id}", status_code=204, responses=problems())
def lift(study_id: StudyId, hold_id: HoldId, store: StoreOf, who: Erases) -> Response:
    """Lift a legal hold. What is due by then is destroyed soon."""
    lift_hold(store, who.account_id, study_id, hold_id)
    return Response(status_code=204)


@router.put("/assessment", status_code=204, responses=problems(409))
def assessment(study_id: StudyId, body: NewAssessment, store: StoreOf, who: Erases) -> Response:
    """Record that nobody can be named any more from what stays of a study."""
    assess(store, who.account_id, study_id, body.grounds)
    return Response(status_code=204)


@router.get("/certificate", responses={**problems(), 200: {"content": {"text/plain": {}}}})
def certificate(study_id: StudyId, store: StoreOf, who: Erases) -> Response:
    """Give the certificate of destruction as text. That somebody took it is written down."""
    made = certificate_of(store, who.account_id, study_id)
    text = write_destruction(
        made.study_id,
        made.made_at_ms,
        made.version,
        made.anchor,
        [_line(stone) for stone in made.destroyed],
    )
    return Response(text, media_type="text/plain; charset=utf-8")


def _line(stone: Tombstone) -> Line:
    return Line(
        stone.kind,
        stone.id,
        stone.grave.why.value,
        stone.grave.due_at_ms,
        stone.key_destroyed_at_ms,
        stone.finished_at_ms or stone.key_destroyed_at_ms,
        stone.files,
        stone.size_bytes,
        stone.grave.key_sha256,
    )
