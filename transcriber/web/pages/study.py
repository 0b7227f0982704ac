"""A study: its recordings, how far each is, and what can be done about it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from transcriber.domain.access import Permission
from transcriber.domain.recording_state import RecordingState
from transcriber.exports.formats import COMMON
from transcriber.exports.presets import PRESETS
from transcriber.services.recording_actions import retry_recording
from transcriber.services.recording_list import (
    Order,
    RecordingQuery,
    count_recordings,
    list_recordings,
)
from transcriber.services.releases import list_releases
from transcriber.services.retention.keeping import keeping_of
from transcriber.services.studies import show_study
from transcriber.services.withdrawal.echoes import echoes_to_decide
from transcriber.web.pages.steps import steps_of
from transcriber.web.retention_words import in_words
from transcriber.web.visits import Visit, see, visit_by
from transcriber.web.words import STAGES, STATES

router = APIRouter(include_in_schema=False)

Seeing = Annotated[Visit, visit_by(Permission.SEE_STUDY)]
Running = Annotated[Visit, visit_by(Permission.RUN_JOBS)]


@router.get("/studies/{study_id}")
def study(
    visit: Seeing,
    study_id: str,
    state: Annotated[RecordingState | None, Query()] = None,
    order: Annotated[Order, Query()] = Order.OLDEST,
    cursor: Annotated[str | None, Query()] = None,
) -> Response:
    """Show the recordings of a study, those of one state or all; an analyst sees releases."""
    known = show_study(visit.store, study_id)
    shared: dict[str, Any] = {
        "section": "studies",
        "study": known,
        "steps": steps_of(visit, study_id),
    }
    if not visit.who.may(Permission.SEE_RECORDINGS, study_id):
        released = list_releases(visit.store, study_id, cursor)
        return visit.page(
            "study_released.html",
            **shared,
            releases=released,
            begun=cursor,
            presets=PRESETS.values(),
            common=COMMON.values(),
            may_hand_off=False,
            seen=(),
        )
    query = RecordingQuery(frozenset({state} if state else ()), order, cursor)
    shown = list_recordings(visit.store, study_id, query)
    return visit.page(
        "study.html",
        **shared,
        recordings=shown,
        counts=count_recordings(visit.store, study_id),
        progress=visit.progress(shown.items),
        query=query,
        state=state,
        states=STATES,
        stages=STAGES,
        **_due_soon(visit, study_id),
        echoes=sum(each.is_open for each in echoes_to_decide(visit.store, study_id)),
        may_hear=visit.who.may(Permission.HEAR_AND_READ, study_id),
        may_add=visit.who.may(Permission.UPLOAD, study_id),
        may_run=visit.who.may(Permission.RUN_JOBS, study_id),
    )


def _due_soon(visit: Visit, study_id: str) -> dict[str, Any]:
    """Say what is about to be destroyed, but for what a legal hold keeps."""
    soon = [due for due in keeping_of(visit.store, study_id).soon if not due.held]
    return {"due_soon": in_words(soon), "due_first_ms": soon[0].due_at_ms if soon else None}


@router.post("/studies/{study_id}/recordings/{recording_id}/retry")
def retry(visit: Running, study_id: str, recording_id: str) -> Response:
    """Take up a recording where it stopped."""
    retry_recording(visit.store, visit.who.account_id, study_id, recording_id)
    return see(f"/studies/{study_id}/recordings/{recording_id}")
