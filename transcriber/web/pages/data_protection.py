"""Documents for a data-protection officer, and what is held on a participant who asks."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from transcriber.api.results import attached
from transcriber.domain.access import Permission
from transcriber.domain.errors import UsageError
from transcriber.exports.rights.document import DOCUMENTS
from transcriber.services.rights.participant import participant_file
from transcriber.services.studies import show_study
from transcriber.web.visits import Visit, visit_by

router = APIRouter(include_in_schema=False)

PAGE = "/studies/{study_id}/data-protection"


@router.get(PAGE)
def documents(visit: Annotated[Visit, visit_by(Permission.EDIT_STUDY)], study_id: str) -> Response:
    """Offer the documents and, to those who answer requests, a participant's file."""
    return _page(visit, study_id)


@router.post(PAGE)
def participant(
    visit: Annotated[Visit, visit_by(Permission.ANSWER_REQUESTS)],
    study_id: str,
    labels: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Return what is held on whoever has the labels that were typed."""
    asked = labels.replace(",", " ").split()
    try:
        return attached(participant_file(visit.store, visit.who.account_id, study_id, asked))
    except UsageError as error:
        return _page(visit, study_id, typed=labels, wrong=error.sentence)


def _page(visit: Visit, study_id: str, *, typed: str = "", wrong: str = "") -> Response:
    return visit.page(
        "data_protection.html",
        status=422 if wrong else 200,
        section="studies",
        study=show_study(visit.store, study_id),
        documents=DOCUMENTS,
        answers=visit.who.may(Permission.ANSWER_REQUESTS, study_id),
        typed=typed,
        wrong=wrong,
    )
