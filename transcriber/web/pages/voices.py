"""Names to voices: each voice is heard in three clips, and a person says who it is."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.edit import Edit
from transcriber.domain.errors import EditError, UsageError
from transcriber.services.recording_list import show_recording
from transcriber.services.review.decide import decide, undo
from transcriber.services.review.first_recording import may_open, open_review
from transcriber.services.review.leads import Step, leads_of
from transcriber.services.review.sound import has_sound
from transcriber.services.review.voices import Voices, all_right, merged, named, voices_of
from transcriber.services.studies import show_study
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Hearing = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
Checking = Annotated[Visit, visit_by(Permission.REVIEW)]


class VoiceForm(BaseModel):
    """What is said of one voice, or of all. `seen` is how many events the page had seen."""

    act: Literal["name", "merge", "all", "undo"]
    seen: int = 0
    voice: str = ""
    label: str = ""
    code: str = ""
    into: str = ""


@router.get("/studies/{study_id}/recordings/{recording_id}/voices")
def voices(visit: Hearing, study_id: str, recording_id: str) -> Response:
    """Show the voices of a recording."""
    open_review(visit.store, visit.who.account_id, study_id, recording_id)
    return _page(visit, study_id, recording_id)


@router.post("/studies/{study_id}/recordings/{recording_id}/voices")
def keep_voice(
    visit: Checking, study_id: str, recording_id: str, typed: Annotated[VoiceForm, Form()]
) -> Response:
    """Keep who a voice is, and show all again; or lead on, once all are right."""
    base = f"/studies/{study_id}/recordings/{recording_id}"
    who, store = visit.who.account_id, visit.store
    may_open(store, study_id, recording_id)
    try:
        if typed.act == "undo":
            undo(store, who, study_id, recording_id)
            return see(f"{base}/voices")
        found = voices_of(store, study_id, recording_id)
        edits = _WRITES[typed.act](found, typed)
        if edits:
            decide(store, who, study_id, recording_id, edits, typed.seen)
    except (UsageError, EditError) as error:
        if error.code == "not_found":
            raise
        return _page(visit, study_id, recording_id, wrong=error.sentence, voice=typed.voice)
    if typed.act == "all":
        return see(f"{base}/review")
    return see(f"{base}/voices?saved#voice-{typed.voice if typed.act == 'name' else typed.into}")


_WRITES: dict[str, Callable[[Voices, VoiceForm], tuple[Edit, ...]]] = {
    "name": lambda found, typed: named(found, typed.voice, typed.code.strip() or typed.label),
    "merge": lambda found, typed: merged(found, typed.voice, typed.into),
    "all": lambda found, typed: all_right(found),
}


def _page(
    visit: Visit, study_id: str, recording_id: str, wrong: str = "", voice: str = ""
) -> Response:
    """Show the voices; `wrong` is a sentence where what was said of `voice` could not be kept."""
    return visit.page(
        "voices.html",
        status=422 if wrong else 200,
        section="studies",
        study=show_study(visit.store, study_id),
        recording=show_recording(visit.store, study_id, recording_id),
        voices=voices_of(visit.store, study_id, recording_id),
        has_sound=has_sound(visit.store, study_id, recording_id),
        leads=leads_of(visit.store, study_id, recording_id),
        here=Step.VOICES,
        wrong=wrong,
        wrong_voice=voice,
        saved="saved" in visit.request.query_params,
        may_check=visit.who.may(Permission.REVIEW, study_id),
    )
