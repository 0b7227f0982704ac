"""The cold read: the text exactly as it will leave, confirmed turn by turn."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from transcriber.api.problems import status_of
from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.errors import TranscriberError
from transcriber.services.recording_list import show_recording
from transcriber.services.review.cold_read import ReadPage, confirm, read_page
from transcriber.services.review.leads import Step, leads_of
from transcriber.services.studies import show_study
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Reading = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, Action.VIEWED)]
Checking = Annotated[Visit, visit_by(Permission.REVIEW)]

PATH = "/studies/{study_id}/recordings/{recording_id}/read"


@router.get(PATH)
def cold_read(
    visit: Reading,
    study_id: str,
    recording_id: str,
    page: Annotated[int | None, Query(ge=1, le=100_000)] = None,
) -> Response:
    """Show a page of what would leave; without a number the first with a turn to confirm."""
    return _shown(visit, read_page(visit.store, study_id, recording_id, page))


@router.post(PATH)
def confirm_turns(
    visit: Checking,
    study_id: str,
    recording_id: str,
    shown: Annotated[list[str], Form()],
    page: Annotated[int, Form(ge=1, le=100_000)] = 1,
) -> Response:
    """Keep that turns were read, and go on; what changed meanwhile is shown again."""
    try:
        read = confirm(visit.store, visit.who.account_id, study_id, recording_id, shown)
    except TranscriberError as error:
        read = read_page(visit.store, study_id, recording_id, page)
        return _shown(visit, read, wrong=error.sentence, status=status_of(error))
    if "x-part" in visit.request.headers:
        return _shown(visit, read)
    place = f"/studies/{study_id}/recordings/{recording_id}"
    if read.left:
        return see(f"{place}/read?page={read.number}#turn-{read.left[0].first}")
    return see(f"{place}/read?page={read.next_number or read.number}")


def _shown(visit: Visit, page: ReadPage, *, wrong: str = "", status: int = 200) -> Response:
    study_id, recording_id = (
        visit.request.path_params[name] for name in ("study_id", "recording_id")
    )
    return visit.page(
        "cold_read.html",
        status=status,
        section="studies",
        study=show_study(visit.store, study_id),
        recording=show_recording(visit.store, study_id, recording_id),
        base=f"/studies/{study_id}/recordings/{recording_id}",
        leads=leads_of(visit.store, study_id, recording_id),
        here=Step.READ,
        page=page,
        may_confirm=visit.who.may(Permission.REVIEW, study_id) and not page.locked,
        wrong=wrong,
    )
