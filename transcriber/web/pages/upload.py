"""Adding recordings, and what to think of before there are any."""

from typing import Annotated

from fastapi import APIRouter, Response

from transcriber.domain.access import Permission
from transcriber.services.studies import show_study
from transcriber.web.visits import Visit, visit_by
from transcriber.web.words import LANGUAGES

router = APIRouter(include_in_schema=False)


@router.get("/studies/{study_id}/upload")
def upload(visit: Annotated[Visit, visit_by(Permission.UPLOAD)], study_id: str) -> Response:
    """Show where files are dropped, and what is asked about them."""
    return visit.page(
        "upload.html",
        section="studies",
        study=show_study(visit.store, study_id),
        languages=LANGUAGES,
        largest=f"{visit.store.settings.uploads.largest_gib:g} GB",
    )


@router.get("/before-recording")
def before_recording(visit: Annotated[Visit, visit_by(Permission.ANYBODY)]) -> Response:
    """Show the page to print and take along."""
    return visit.page("before_recording.html", section="help")
