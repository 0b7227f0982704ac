"""Where somebody asks that something stay out: a piece of the page, fetched behind the talk."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from transcriber.services.review.off_record import open_pleas
from transcriber.services.review.state import review_of
from transcriber.web.pages.review.decisions import Reading
from transcriber.web.pages.review.page import REVIEW
from transcriber.web.rendering import templates

router = APIRouter(include_in_schema=False)


@router.get(REVIEW + "/pleas")
def pleas(visit: Reading, study_id: str, recording_id: str) -> Response:
    """Answer with the pleas that nobody has dealt with, as a piece of the page."""
    found = open_pleas(visit.store, review_of(visit.store, study_id, recording_id))
    return HTMLResponse(templates().get_template("review_pleas.html").render(pleas=found))
