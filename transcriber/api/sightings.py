"""Identifiers that were seen in releases: reported by number, listed, and their incident notes."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from transcriber.api.answers import Model, StudyId, problems
from transcriber.api.needs import Needs
from transcriber.api.results import ReleaseId, SeesReleases, StoreOf, attached
from transcriber.domain.access import Permission, Principal
from transcriber.services.sightings.incident import incident_note
from transcriber.services.sightings.report import known_sighting, list_sightings, report
from transcriber.storage.database.sightings import Sighting

router = APIRouter(prefix="/studies/{study_id}", tags=["results"])

SeesRecordings = Annotated[Principal, Needs(Permission.SEE_RECORDINGS)]
SeesAudit = Annotated[Principal, Needs(Permission.SEE_AUDIT)]
SightingId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The report's id.")]

_NOTE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The note.",
        "content": {
            "text/html": {"schema": {"type": "string", "format": "binary"}},
            "text/plain": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class NewSighting(Model):
    """Where an identifier was seen. Never quote it: there is no field for it."""

    paragraph: Annotated[int, Field(ge=1, le=10_000_000)]
    """The number beside it, from 1."""
    profile: Annotated[str, Field(max_length=200)] = ""
    """By which policy the text was written; the one that was signed without it."""


class SightingModel(Model):
    """A report, and what came of it."""

    id: str
    release_id: str
    recording_id: str
    paragraph: int
    reported_at_ms: int
    answered_at_ms: int | None
    """When somebody looked; null while nobody has."""
    identifies: bool | None
    """Whether it identifies somebody; null while nobody has looked."""

    @classmethod
    def of(cls, sighting: Sighting) -> "SightingModel":
        """Write a report."""
        return cls(
            id=sighting.id,
            release_id=sighting.release_id,
            recording_id=sighting.recording_id,
            paragraph=sighting.paragraph,
            reported_at_ms=sighting.created_at_ms,
            answered_at_ms=sighting.answered_at_ms,
            identifies=None if sighting.is_open else sighting.entity_type is not None,
        )


@router.post("/releases/{release_id}/identifier-seen", status_code=201, responses=problems())
def seen(
    study_id: StudyId, release_id: ReleaseId, body: NewSighting, store: StoreOf, who: SeesReleases
) -> SightingModel:
    """Report that a paragraph of a release may tell who somebody is.

    A reviewer looks at it. The same paragraph is one report until they have.
    """
    made = report(store, who.account_id, study_id, release_id, body.paragraph, body.profile)
    return SightingModel.of(known_sighting(store, study_id, made))


@router.get("/identifiers-seen", responses=problems())
def list_(study_id: StudyId, store: StoreOf, _: SeesRecordings) -> list[SightingModel]:
    """List what was reported in a study: what nobody looked at first, then the newest."""
    return [SightingModel.of(each) for each in list_sightings(store, study_id)]


@router.get(
    "/identifiers-seen/{sighting_id}/note",
    response_class=Response,
    responses={**problems(), **_NOTE},
)
def note(
    study_id: StudyId,
    sighting_id: SightingId,
    store: StoreOf,
    who: SeesAudit,
    kind: Annotated[Literal["html", "txt"], Query(alias="format")] = "html",
) -> Response:
    """Download the incident note of a report, for a data-protection officer; it has no name."""
    return attached(incident_note(store, who.account_id, study_id, sighting_id, kind))
