"""What is held on a participant, and documents on how a study deals with data."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from transcriber.api.answers import Model, StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.results import attached
from transcriber.domain.access import Permission, Principal
from transcriber.services.rights.documents import study_document
from transcriber.services.rights.participant import participant_file
from transcriber.services.store import Store

router = APIRouter(prefix="/studies/{study_id}", tags=["data protection"])
StoreOf = Annotated[Store, Depends(store_of)]

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {"application/zip": _BINARY}}
}
_DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document.",
        "content": {"text/html": _BINARY, "text/plain": _BINARY},
    }
}


class Who(Model):
    """Whom it is about."""

    labels: list[Annotated[str, Field(max_length=63)]] = Field(min_length=1, max_length=20)
    """Their labels as transcripts carry them, those of groups too, such as P03 and FG1_P2."""


@router.post("/participant-file", response_class=Response, responses={**problems(), **_ZIP})
def participant(
    study_id: StudyId,
    asked: Who,
    store: StoreOf,
    who: Annotated[Principal, Needs(Permission.ANSWER_REQUESTS)],
) -> Response:
    """Return all that is held on one participant, as a page and as JSON. That you did is on record.

    Nobody else is named in it and nothing that others said is quoted.
    """
    return attached(participant_file(store, who.account_id, study_id, asked.labels))


@router.get("/documents/{which}", response_class=Response, responses={**problems(), **_DOCUMENT})
def document(
    study_id: StudyId,
    which: Literal["record", "dpia", "information"],
    store: StoreOf,
    _: Annotated[Principal, Needs(Permission.EDIT_STUDY)],
    kind: Annotated[Literal["html", "txt"], Query(alias="format")] = "html",
) -> Response:
    """Return a draft for a data-protection officer, filled from how the study is set up."""
    return attached(study_document(store, study_id, which, kind))
