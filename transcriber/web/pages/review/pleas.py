"""What waits beside the talk: pleas that something stay out, and echoes of what was withdrawn.

A piece of the page, fetched behind the talk.
"""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from transcriber.services.review.off_record import open_pleas
from transcriber.services.review.state import review_of
from transcriber.services.withdrawal.echoes import REASON, open_echoes
from transcriber.web.echo_words import why
from transcriber.web.pages.review.decisions import Reading
from transcriber.web.pages.review.page import REVIEW
from transcriber.web.rendering import templates

router = APIRouter(include_in_schema=False)


@router.get(REVIEW + "/pleas")
def pleas(visit: Reading, study_id: str, recording_id: str) -> Response:
    """Answer with those that nobody has dealt with, as a piece of the page."""
    review = review_of(visit.store, study_id, recording_id)
    template = templates().get_template("review_pleas.html")
    return HTMLResponse(
        template.render(
            study_id=study_id,
            pleas=open_pleas(visit.store, review),
            echoes=open_echoes(visit.store, review),
            why=why,
            reason=REASON,
        )
    )
