"""Studies and what they agreed on: made, shown, changed, erased."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from transcriber.api.answers import Cursor, Limit, StudyId, Version, problems, tell_version
from transcriber.api.needs import Needs, store_of
from transcriber.api.repeated import Once
from transcriber.api.study_models import (
    ConsentLogText,
    NewStudy,
    ParticipantModel,
    ReadConsentLog,
    RosterModel,
    StudyBrief,
    StudyFields,
    StudyModel,
    StudyPage,
    UnclearLine,
)
from transcriber.domain.access import Permission, Principal
from transcriber.domain.audit import Action
from transcriber.services.consent_log import read_consent_log
from transcriber.services.erase import erase_study
from transcriber.services.store import Store
from transcriber.services.studies import (
    create_study,
    edit_roster,
    edit_study,
    list_studies,
    show_study,
)

router = APIRouter(tags=["studies"])
StoreOf = Annotated[Store, Depends(store_of)]


@router.get("/studies", responses=problems())
def list_(
    store: StoreOf,
    who: Annotated[Principal, Needs(Permission.SIGNED_IN)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> StudyPage:
    """List the studies that you are a member of, the newest first."""
    seen = [study for study in who.roles if who.may(Permission.SEE_STUDY, study)]
    page = list_studies(store, seen, cursor, limit)
    return StudyPage(items=[StudyBrief.of(study) for study in page.items], cursor=page.cursor)


@router.post("/studies", status_code=201, responses=problems(409))
def create(
    body: NewStudy,
    store: StoreOf,
    who: Annotated[Principal, Needs(Permission.BEGIN_STUDY)],
    once: Once,
    response: Response,
) -> StudyModel:
    """Begin a study. You become its lead."""
    study_id = once(
        lambda: create_study(store, who.account_id, body.draft(body.roster.roster())).id
    )
    response.headers["Location"] = f"/api/v1/studies/{study_id}"
    return _shown(store, study_id, response)


@router.get("/studies/{study_id}", responses=problems())
def show(
    study_id: StudyId,
    store: StoreOf,
    _: Annotated[Principal, Needs(Permission.SEE_STUDY)],
    response: Response,
) -> StudyModel:
    """Show a study. Its `ETag` is what a change has to name."""
    return _shown(store, study_id, response)


@router.put("/studies/{study_id}", responses=problems(409, 412, 428))
def change(
    study_id: StudyId,
    body: StudyFields,
    store: StoreOf,
    who: Annotated[Principal, Needs(Permission.EDIT_STUDY)],
    version: Version,
    response: Response,
) -> StudyModel:
    """Change a study. Recordings that are done keep what they were given."""
    draft = body.draft(show_study(store, study_id).agreed.roster)
    edit_study(store, who.account_id, study_id, draft, version)
    return _shown(store, study_id, response)


@router.delete("/studies/{study_id}", status_code=204, responses=problems())
def erase(
    study_id: StudyId, store: StoreOf, who: Annotated[Principal, Needs(Permission.ERASE)]
) -> None:
    """Erase a study with all of its recordings. Nobody can undo this."""
    erase_study(store, show_study(store, study_id), who.account_id)


@router.get("/studies/{study_id}/roster", responses=problems())
def show_roster(
    study_id: StudyId,
    store: StoreOf,
    _: Annotated[Principal, Needs(Permission.SEE_NAMES, logs=Action.VIEWED)],
    response: Response,
) -> RosterModel:
    """Show the names that the study knows beforehand. The `ETag` is that of the study."""
    study = show_study(store, study_id)
    tell_version(response, study.version)
    return RosterModel.of(study.agreed.roster)


@router.put("/studies/{study_id}/roster", responses=problems(412, 428))
def change_roster(
    study_id: StudyId,
    body: RosterModel,
    store: StoreOf,
    who: Annotated[Principal, Needs(Permission.EDIT_NAMES)],
    version: Version,
    response: Response,
) -> RosterModel:
    """Replace the names that the study knows beforehand."""
    study = edit_roster(store, who.account_id, study_id, body.roster(), version)
    tell_version(response, study.version)
    return RosterModel.of(study.agreed.roster)


@router.post("/consent-log", responses=problems())
def read_log(
    body: ConsentLogText, _: Annotated[Principal, Needs(Permission.SIGNED_IN)]
) -> ReadConsentLog:
    """Read participants from a consent log. Nothing is stored: put them into a roster."""
    read = read_consent_log(body.text)
    return ReadConsentLog(
        participants=[
            ParticipantModel(
                name=person.name,
                label=person.label,
                aliases=person.aliases,
                pronoun=person.pronoun,
            )
            for person in read.participants
        ],
        withdrawn=list(read.withdrawn),
        not_understood=[
            UnclearLine(line=told.line, reason=told.reason) for told in read.not_understood
        ],
    )


def _shown(store: Store, study_id: str, response: Response) -> StudyModel:
    study = show_study(store, study_id)
    tell_version(response, study.version)
    return StudyModel.of(study)
