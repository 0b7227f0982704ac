"""Where the releases of a study go by themselves, and whether they arrived."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from transcriber.domain.access import Permission
from transcriber.domain.errors import UsageError
from transcriber.exports.presets import PRESETS
from transcriber.services.hand_off.destinations import (
    add_destination,
    list_destinations,
    remove_destination,
    retry_destination,
)
from transcriber.services.studies import show_study
from transcriber.services.webhooks import list_webhooks
from transcriber.web.hand_off_words import failure
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Managing = Annotated[Visit, visit_by(Permission.MANAGE_WEBHOOKS)]

PAGE = "/studies/{study_id}/hand-off"
ONE = f"{PAGE}/{{destination_id}}"


@router.get(PAGE)
def destinations(visit: Managing, study_id: str) -> Response:
    """Show the destinations of a study."""
    return _page(visit, study_id)


@router.post(PAGE)
def add(
    visit: Managing,
    study_id: str,
    address: Annotated[str, Form()] = "",
    preset: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Add a destination."""
    try:
        add_destination(visit.store, visit.who.account_id, study_id, address, preset or None)
    except UsageError as error:
        return _page(visit, study_id, wrong=error.sentence, address=address)
    return see(PAGE.format(study_id=study_id))


@router.post(f"{ONE}/retry")
def retry(visit: Managing, study_id: str, destination_id: str) -> Response:
    """Bring what failed again."""
    retry_destination(visit.store, study_id, destination_id)
    return see(PAGE.format(study_id=study_id))


@router.post(f"{ONE}/remove")
def remove(visit: Managing, study_id: str, destination_id: str) -> Response:
    """Bring nothing there any more."""
    remove_destination(visit.store, visit.who.account_id, study_id, destination_id)
    return see(PAGE.format(study_id=study_id))


def _page(visit: Visit, study_id: str, *, wrong: str = "", address: str = "") -> Response:
    allowed = visit.store.settings.hand_off
    return visit.page(
        "hand_off.html",
        status=422 if wrong else 200,
        section="studies",
        study=show_study(visit.store, study_id),
        destinations=list_destinations(visit.store, study_id),
        webhooks=list_webhooks(visit.store, study_id),
        allowed=[*map(str, allowed.folders), *(each.partition("?")[0] for each in allowed.buckets)],
        presets=PRESETS,
        failure=failure,
        wrong=wrong,
        address=address,
    )
