"""A recording: how far each stage is, how its sound is, and what can be done with it."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from transcriber.domain.access import Permission
from transcriber.services.consent.book import say_who_takes_part, who_takes_part
from transcriber.services.recording_actions import cancel_recording, erase_recording
from transcriber.services.recording_list import show_recording
from transcriber.services.results import coverage_of
from transcriber.services.retention.keeping import gone_of
from transcriber.services.sound_heard import sound_heard
from transcriber.services.studies import show_study
from transcriber.services.withdrawal.receipt import taken_out_of
from transcriber.web.visits import Visit, see, visit_by
from transcriber.web.words import STAGES

router = APIRouter(include_in_schema=False)

Seeing = Annotated[Visit, visit_by(Permission.SEE_RECORDINGS)]
Running = Annotated[Visit, visit_by(Permission.RUN_JOBS)]
Erasing = Annotated[Visit, visit_by(Permission.ERASE)]


@router.get("/studies/{study_id}/recordings/{recording_id}")
def recording(visit: Seeing, study_id: str, recording_id: str) -> Response:
    """Show a recording."""
    shown = show_recording(visit.store, study_id, recording_id)
    return visit.page(
        "recording.html",
        section="studies",
        study=show_study(visit.store, study_id),
        recording=shown,
        progress=visit.progress([shown]),
        stages=STAGES,
        sound=sound_heard(visit.store, study_id, recording_id).sentences,
        coverage=coverage_of(visit.store, study_id, recording_id),
        gone=gone_of(visit.store, recording_id),
        taken_out_at_ms=taken_out_of(visit.store, study_id, recording_id),
        takes_part=who_takes_part(visit.store, study_id, recording_id),
        may_say=visit.who.may(Permission.UPLOAD, study_id),
        may_read=visit.who.may(Permission.HEAR_AND_READ, study_id),
        may_run=visit.who.may(Permission.RUN_JOBS, study_id),
        may_erase=visit.who.may(Permission.ERASE, study_id),
    )


@router.post("/studies/{study_id}/recordings/{recording_id}/cancel")
def cancel(visit: Running, study_id: str, recording_id: str) -> Response:
    """Stop what is being made of a recording."""
    cancel_recording(visit.store, visit.who.account_id, study_id, recording_id)
    return see(f"/studies/{study_id}/recordings/{recording_id}")


@router.post("/studies/{study_id}/recordings/{recording_id}/participants")
def participants(
    visit: Annotated[Visit, visit_by(Permission.UPLOAD)],
    study_id: str,
    recording_id: str,
    labels: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keep who takes part in a recording."""
    told = labels.replace(",", " ").split()
    say_who_takes_part(visit.store, visit.who.account_id, study_id, recording_id, told)
    return see(f"/studies/{study_id}/recordings/{recording_id}")


@router.post("/studies/{study_id}/recordings/{recording_id}/erase")
def erase(visit: Erasing, study_id: str, recording_id: str) -> Response:
    """Erase a recording and all that was made of it."""
    erase_recording(visit.store, visit.who.account_id, study_id, recording_id)
    return see(f"/studies/{study_id}")
