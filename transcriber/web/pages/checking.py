"""How far the checking of a study is, how long it takes yet, and what may be left."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from pydantic import BaseModel

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.services.recording_list import show_recording
from transcriber.services.review.blind import blind_result
from transcriber.services.review.checking import (
    Showing,
    Sorting,
    recording_pictures,
    start_first,
    study_checking,
)
from transcriber.services.review.estimate import left_in_study
from transcriber.services.review.samples import sound_results
from transcriber.services.review.state import review_of
from transcriber.services.review.study_key import study_key
from transcriber.services.review.workload import ASSUMPTIONS
from transcriber.services.studies import show_study
from transcriber.services.withdrawal.echoes import echoes_to_decide
from transcriber.web.pages.steps import steps_of
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Seeing = Annotated[Visit, visit_by(Permission.SEE_RECORDINGS)]
Hearing = Annotated[Visit, visit_by(Permission.HEAR_AND_READ)]
Running = Annotated[Visit, visit_by(Permission.RUN_JOBS)]
Exporting = Annotated[Visit, visit_by(Permission.EXPORT_KEY)]

SHOWING = {
    Showing.ALL: "all recordings",
    Showing.WAITING: "not ready yet",
    Showing.TO_CHECK: "to be checked",
    Showing.BEGUN: "begun",
    Showing.SIGNED_OFF: "signed off",
}
SORTING = {
    Sorting.ADDED: "as they were added",
    Sorting.LEAST_CHECKED: "least checked first",
    Sorting.MOST_UNDECIDED: "most to decide first",
    Sorting.LONGEST: "longest first",
}


class StartForm(BaseModel):
    """The recordings that are ticked."""

    recording: tuple[str, ...] = ()


@router.get("/studies/{study_id}/checking")
def checking(
    visit: Seeing,
    study_id: str,
    show: Annotated[Showing, Query()] = Showing.ALL,
    order: Annotated[Sorting, Query()] = Sorting.ADDED,
    started: Annotated[int | None, Query()] = None,
) -> Response:
    """Show how far checking is, and the time that machine and people need yet."""
    found = study_checking(visit.store, study_id)
    moving = visit.progress(one.recording for one in found.recordings)
    etas = [far.eta.likely_ms for far in moving.values() if far.eta is not None]
    return visit.page(
        "checking.html",
        section="studies",
        study=show_study(visit.store, study_id),
        steps=steps_of(visit, study_id),
        checking=found,
        echoes=sum(each.is_open for each in echoes_to_decide(visit.store, study_id)),
        shown=found.shown(show, order),
        show=show,
        order=order,
        shows=SHOWING,
        orders=SORTING,
        started=started,
        machine_ms=max(etas, default=None),
        moving=len(moving),
        assumptions=ASSUMPTIONS,
        left=left_in_study(visit.store, study_id),
        blind=blind_result(visit.store, study_id),
        sound=sound_results(visit.store, study_id),
        may_run=visit.who.may(Permission.RUN_JOBS, study_id),
        may_hear=visit.who.may(Permission.HEAR_AND_READ, study_id),
        may_export_key=visit.who.may(Permission.EXPORT_KEY, study_id),
    )


@router.post("/studies/{study_id}/checking/start")
def start(visit: Running, study_id: str, typed: Annotated[StartForm, Form()]) -> Response:
    """Let the ticked recordings go first; those that failed are taken up again."""
    begun = start_first(visit.store, visit.who.account_id, study_id, typed.recording)
    return see(f"/studies/{study_id}/checking?started={begun}")


@router.post("/studies/{study_id}/key.csv")
def key(visit: Exporting, study_id: str) -> Response:
    """Hand out the key of the study."""
    content = study_key(visit.store, visit.who.account_id, study_id)
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="key.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/studies/{study_id}/recordings/{recording_id}/pictures")
def pictures(
    visit: Annotated[Visit, visit_by(Permission.HEAR_AND_READ, logs=Action.VIEWED)],
    study_id: str,
    recording_id: str,
) -> Response:
    """Show who talks when and how much, and where identifiers cluster."""
    review = review_of(visit.store, study_id, recording_id)
    return visit.page(
        "pictures.html",
        section="studies",
        study=show_study(visit.store, study_id),
        recording=show_recording(visit.store, study_id, recording_id),
        pictures=recording_pictures(review),
    )
