"""Releases: what was signed off, how it was checked, and taking it back."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from transcriber.domain.access import Permission
from transcriber.domain.errors import TranscriberError
from transcriber.services.releases import list_releases, show_release
from transcriber.services.retention.keeping import release_status
from transcriber.services.review.withdraw import withdraw
from transcriber.services.studies import show_study
from transcriber.web.pages.account_names import account_names
from transcriber.web.pages.steps import steps_of
from transcriber.web.sign_off_words import TYPES
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Seeing = Annotated[Visit, visit_by(Permission.SEE_RELEASES)]
Signing = Annotated[Visit, visit_by(Permission.SIGN_OFF)]

STUDY = "/studies/{study_id}"


@router.get(f"{STUDY}/released")
def released(
    visit: Seeing, study_id: str, cursor: Annotated[str | None, Query(max_length=80)] = None
) -> Response:
    """List what was signed off in a study."""
    return visit.page(
        "study_released.html",
        section="studies",
        study=show_study(visit.store, study_id),
        steps=steps_of(visit, study_id),
        releases=list_releases(visit.store, study_id, cursor),
        begun=cursor,
    )


@router.get(f"{STUDY}/releases/{{release_id}}")
def release(visit: Seeing, study_id: str, release_id: str) -> Response:
    """Show a release: how it was checked, and what changed since the one before."""
    return _shown(visit, study_id, release_id)


@router.post(f"{STUDY}/releases/{{release_id}}/withdraw")
def take_back(
    visit: Signing, study_id: str, release_id: str, reason: Annotated[str, Form()] = ""
) -> Response:
    """Withdraw a release."""
    try:
        withdraw(visit.store, visit.who.account_id, study_id, release_id, reason)
    except TranscriberError as error:
        return _shown(visit, study_id, release_id, wrong=error.sentence)
    return see(f"{STUDY.format(study_id=study_id)}/releases/{release_id}")


def _shown(visit: Visit, study_id: str, release_id: str, *, wrong: str = "") -> Response:
    who = visit.who
    reads = who.may(Permission.HEAR_AND_READ, study_id)
    shown = show_release(visit.store, who.account_id, study_id, release_id, with_withdrawn=reads)
    signed = shown.manifest.get("signed", [])
    return visit.page(
        "release.html",
        status=422 if wrong else 200,
        section="studies",
        study=show_study(visit.store, study_id),
        release=shown.summary,
        shown=shown,
        called=release_status(visit.store, study_id, shown.summary.recording_id),
        manifest=shown.manifest,
        names=account_names(visit.store, [each["account"] for each in signed]),
        types={kind.value: name for kind, name in TYPES.items()},
        may_read=reads,
        may_withdraw=who.may(Permission.SIGN_OFF, study_id),
        made="made" in visit.request.query_params,
        wrong=wrong,
    )
