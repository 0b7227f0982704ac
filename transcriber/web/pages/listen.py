"""Listening to a whole recording with its text beside it: also on a telephone, away from a desk."""

from typing import Annotated

from fastapi import APIRouter, Response

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.services.recording_list import show_recording
from transcriber.services.review.first_recording import open_review
from transcriber.services.review.leads import Step, leads_of
from transcriber.services.review.sound import has_sound
from transcriber.services.review.spoken_turns import spoken_turns
from transcriber.services.studies import show_study
from transcriber.web.visits import Visit, visit_by

router = APIRouter(include_in_schema=False)

Hearing = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, logs=Action.VIEWED)]


@router.get("/studies/{study_id}/recordings/{recording_id}/listen")
def listen(visit: Hearing, study_id: str, recording_id: str) -> Response:
    """Show the turns of a recording, plainly, and the player that leads through them."""
    open_review(visit.store, visit.who.account_id, study_id, recording_id)
    return visit.page(
        "listen.html",
        section="studies",
        study=show_study(visit.store, study_id),
        recording=show_recording(visit.store, study_id, recording_id),
        turns=spoken_turns(visit.store, study_id, recording_id),
        has_sound=has_sound(visit.store, study_id, recording_id),
        leads=leads_of(visit.store, study_id, recording_id),
        here=Step.WORDS,
        keeps_heard=visit.who.may(Permission.REVIEW, study_id),
    )
