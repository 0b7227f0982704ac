"""Releases for coding tools, as one file."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response

from transcriber.api.answers import StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.results import Profile, ReleaseId, attached
from transcriber.domain.access import Permission, Principal
from transcriber.services.bundles import release_bundle, study_bundle, study_project
from transcriber.services.store import Store

router = APIRouter(prefix="/studies/{study_id}", tags=["results"])
StoreOf = Annotated[Store, Depends(store_of)]
SeesReleases = Annotated[Principal, Needs(Permission.SEE_RELEASES)]

Tool = Literal["nvivo", "atlasti", "maxqda", "qualcoder", "taguette"]


def _file(media_type: str) -> dict[int | str, dict[str, Any]]:
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "The file.", "content": {media_type: schema}}}


@router.get(
    "/bundle", response_class=Response, responses={**problems(409), **_file("application/zip")}
)
def bundle(
    study_id: StudyId,
    store: StoreOf,
    who: SeesReleases,
    tool: Annotated[
        Tool | None, Query(description="What this tool reads best; else the common formats.")
    ] = None,
    profile: Profile = "",
) -> Response:
    """Download the latest release of every recording, with a table of who takes part.

    That you did is written down for each.
    """
    return attached(study_bundle(store, who.account_id, study_id, tool, profile))


@router.get(
    "/project",
    response_class=Response,
    responses={**problems(409), **_file("application/octet-stream")},
)
def project(
    study_id: StudyId, store: StoreOf, who: SeesReleases, profile: Profile = ""
) -> Response:
    """Download the latest release of every recording as one REFI-QDA project (`.qdpx`).

    That you did is written down for each.
    """
    return attached(study_project(store, who.account_id, study_id, profile))


@router.get(
    "/releases/{release_id}/bundle",
    response_class=Response,
    responses={**problems(410), **_file("application/zip")},
)
def bundle_of_one(
    study_id: StudyId,
    release_id: ReleaseId,
    store: StoreOf,
    who: SeesReleases,
    tool: Annotated[Tool, Query(description="What this tool reads best.")],
    profile: Profile = "",
) -> Response:
    """Download a release for a coding tool. That you did is written down."""
    return attached(release_bundle(store, who.account_id, study_id, release_id, tool, profile))
