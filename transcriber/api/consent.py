"""What each participant agreed to, and who takes part in a recording."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from transcriber.api.answers import RecordingId, StudyId, problems
from transcriber.api.consent_models import (
    ConsentFields,
    ConsentLogImport,
    ConsentsModel,
    LoggedConsentsModel,
    TakingPart,
)
from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.domain.audit import Action
from transcriber.services.consent.book import (
    participant_label,
    put_consents,
    say_who_takes_part,
    shown_consents,
    who_takes_part,
)
from transcriber.services.consent.log import import_consents, read_consents
from transcriber.services.store import Store

router = APIRouter(prefix="/studies/{study_id}", tags=["consent"])
StoreOf = Annotated[Store, Depends(store_of)]
Sees = Annotated[Principal, Needs(Permission.SEE_NAMES, logs=Action.VIEWED)]
Keeps = Annotated[Principal, Needs(Permission.ANSWER_REQUESTS)]


@router.get("/consent", responses=problems())
def show(study_id: StudyId, store: StoreOf, _: Sees) -> ConsentsModel:
    """Show what everybody agreed to. That you looked is written down."""
    return ConsentsModel.of(shown_consents(store, study_id))


@router.put("/consent/{label}", status_code=204, responses=problems())
def change(
    study_id: StudyId,
    label: Annotated[str, Path(max_length=63, description="The participant's, such as P01.")],
    body: ConsentFields,
    store: StoreOf,
    who: Keeps,
) -> Response:
    """Write down what somebody agreed to, in all recordings or in one, in place of the earlier."""
    consent = body.consent(participant_label(label))
    put_consents(store, who.account_id, study_id, [consent])
    return Response(status_code=204)


@router.post("/consent/log", responses=problems())
def log(
    study_id: StudyId, body: ConsentLogImport, store: StoreOf, who: Keeps
) -> LoggedConsentsModel:
    """Read consents from a log and, with `keep`, keep those lines that were understood."""
    if body.keep:
        return LoggedConsentsModel.of(import_consents(store, who.account_id, study_id, body.text))
    return LoggedConsentsModel.of(read_consents(store, study_id, body.text))


@router.get("/recordings/{recording_id}/participants", responses=problems())
def participants(
    study_id: StudyId,
    recording_id: RecordingId,
    store: StoreOf,
    _: Annotated[Principal, Needs(Permission.SEE_RECORDINGS)],
) -> TakingPart:
    """Show who takes part in a recording, as somebody said."""
    return TakingPart(labels=list(who_takes_part(store, study_id, recording_id)))


@router.put("/recordings/{recording_id}/participants", status_code=204, responses=problems())
def say_participants(
    study_id: StudyId,
    recording_id: RecordingId,
    body: TakingPart,
    store: StoreOf,
    who: Annotated[Principal, Needs(Permission.UPLOAD)],
) -> Response:
    """Say who takes part in a recording: their consent is asked before it is worked on."""
    say_who_takes_part(store, who.account_id, study_id, recording_id, body.labels)
    return Response(status_code=204)
