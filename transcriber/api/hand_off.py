"""Destinations of a study: where its releases are brought to, and whether they arrived."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import StringConstraints

from transcriber.api.answers import Model, StudyId, problems
from transcriber.api.needs import Needs
from transcriber.api.results import StoreOf
from transcriber.domain.access import Permission, Principal
from transcriber.domain.hand_off import DestinationKind
from transcriber.services.hand_off.addresses import LONGEST_ADDRESS
from transcriber.services.hand_off.destinations import (
    ShownDestination,
    add_destination,
    list_destinations,
    remove_destination,
    retry_destination,
)

router = APIRouter(prefix="/studies/{study_id}/destinations", tags=["results"])

Manages = Annotated[Principal, Needs(Permission.MANAGE_WEBHOOKS)]
DestinationId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The destination's id.")]


class NewDestination(Model):
    """A place within those that the setting `hand_off` allows."""

    address: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ADDRESS)]
    """A folder (`/srv/releases/study`) or a bucket (`s3://releases/study`)."""
    preset: Literal["nvivo", "atlasti", "maxqda", "qualcoder", "taguette"] | None = None
    """For which tool; null for the package with all formats."""


class DestinationModel(Model):
    """A place that releases are brought to."""

    id: str
    kind: DestinationKind
    address: str | None
    preset: str | None
    arrived: int
    waiting: int
    failed: int
    last_at_ms: int | None
    failure_code: str | None
    """Of what failed last; null where nothing did."""
    created_at_ms: int

    @classmethod
    def of(cls, shown: ShownDestination) -> "DestinationModel":
        """Write a destination."""
        return cls(
            id=shown.destination.id,
            kind=shown.destination.kind,
            address=shown.destination.address,
            preset=shown.destination.preset,
            arrived=shown.arrived,
            waiting=shown.waiting,
            failed=shown.failed,
            last_at_ms=shown.last_at_ms,
            failure_code=shown.failure_code,
            created_at_ms=shown.destination.created_at_ms,
        )


@router.get("", responses=problems())
def list_(study_id: StudyId, store: StoreOf, _: Manages) -> list[DestinationModel]:
    """List the destinations of a study."""
    return [DestinationModel.of(each) for each in list_destinations(store, study_id)]


@router.post("", status_code=201, responses=problems(409))
def add(study_id: StudyId, body: NewDestination, store: StoreOf, who: Manages) -> DestinationModel:
    """Add a destination. What stands released already is brought there too."""
    made = add_destination(store, who.account_id, study_id, body.address, body.preset)
    shown = list_destinations(store, study_id)
    return DestinationModel.of(next(each for each in shown if each.destination.id == made))


@router.post("/{destination_id}/retry", status_code=202, responses=problems())
def retry(study_id: StudyId, destination_id: DestinationId, store: StoreOf, _: Manages) -> None:
    """Bring what failed there again, now."""
    retry_destination(store, study_id, destination_id)


@router.delete("/{destination_id}", status_code=204, responses=problems())
def remove(study_id: StudyId, destination_id: DestinationId, store: StoreOf, who: Manages) -> None:
    """Bring nothing there any more; what lies there stays."""
    remove_destination(store, who.account_id, study_id, destination_id)
