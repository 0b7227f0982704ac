"""The studies of somebody, and the beginning of a new one."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from transcriber.domain.access import Permission
from transcriber.domain.errors import UsageError
from transcriber.services.studies import StudyDraft, create_study, list_studies
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Reading = Annotated[Visit, visit_by(Permission.SIGNED_IN)]
Beginning = Annotated[Visit, visit_by(Permission.BEGIN_STUDY)]


@router.get("/")
def home(_: Reading) -> Response:
    """Lead to the studies, which is where everybody begins."""
    return see("/studies")


@router.get("/studies")
def studies(visit: Reading, cursor: Annotated[str | None, Query()] = None) -> Response:
    """List the studies that somebody is a member of."""
    shown = list_studies(visit.store, visit.who.roles, cursor)
    seen = {one.id for one in shown.items if visit.who.may(Permission.SEE_RECORDINGS, one.id)}
    return visit.page("studies.html", section="studies", studies=shown, seen=seen, begun=cursor)


@router.get("/studies/new")
def new_study(visit: Beginning) -> Response:
    """Ask for the name of a new study."""
    return visit.page("new_study.html", section="studies", name="", wrong="")


@router.post("/studies/new")
def make_study(visit: Beginning, name: Annotated[str, Form()] = "") -> Response:
    """Make a study and go on to the names that may be said."""
    try:
        study = create_study(visit.store, visit.who.account_id, StudyDraft(name))
    except UsageError as error:
        wrong = error.sentence
        return visit.page("new_study.html", status=422, section="studies", name=name, wrong=wrong)
    return see(f"/studies/{study.id}/people")
