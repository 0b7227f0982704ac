"""Releases: what was signed off, how it was checked, and taking it back."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from transcriber.domain.access import Permission
from transcriber.domain.errors import TranscriberError
from transcriber.domain.finding import IN_WORDS
from transcriber.exports.formats import COMMON, FORMATS
from transcriber.exports.presets import PRESETS
from transcriber.services.packaged_release import release_addresses
from transcriber.services.release_sound import offered_sound
from transcriber.services.releases import list_releases
from transcriber.services.retention.keeping import release_status
from transcriber.services.review.withdraw import withdraw
from transcriber.services.shown_release import read_release_text, show_release
from transcriber.services.sightings.report import list_sightings
from transcriber.services.studies import show_study
from transcriber.web.pages.account_names import account_names
from transcriber.web.pages.steps import steps_of
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
        common=COMMON.values(),
        may_hand_off=visit.who.may(Permission.MANAGE_WEBHOOKS, study_id),
        seen=visit.who.may(Permission.SEE_RECORDINGS, study_id)
        and list_sightings(visit.store, study_id),
        presets=PRESETS.values(),
    )


@router.get(f"{STUDY}/releases/{{release_id}}")
def release(visit: Seeing, study_id: str, release_id: str) -> Response:
    """Show a release: how it was checked, and what changed since the one before."""
    return _shown(visit, study_id, release_id)


@router.get(f"{STUDY}/releases/{{release_id}}/text")
def text(
    visit: Seeing,
    study_id: str,
    release_id: str,
    profile: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Show a text of a release by its paragraphs."""
    who = visit.who.account_id
    read = read_release_text(visit.store, who, study_id, release_id, profile, page)
    return visit.page(
        "release_text.html",
        section="studies",
        study=show_study(visit.store, study_id),
        title=f"{read.code}, release {read.number}",
        back=f"{STUDY.format(study_id=study_id)}/releases/{release_id}",
        back_label=f"Release {read.number}",
        profiles=read.profiles,
        profile=read.profile,
        page=read.page,
    )


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
    study = show_study(visit.store, study_id)
    return visit.page(
        "release.html",
        status=422 if wrong else 200,
        section="studies",
        study=study,
        release=shown.summary,
        sound=offered_sound(visit.store, study, shown.summary.recording_id, shown.manifest),
        shown=shown,
        called=release_status(visit.store, study_id, shown.summary.recording_id),
        manifest=shown.manifest,
        common=COMMON.values(),
        further=[each for key, each in FORMATS.items() if key not in COMMON],
        presets=PRESETS.values(),
        names=account_names(visit.store, [each["account"] for each in signed]),
        types={kind.value: name for kind, name in IN_WORDS.items()},
        may_read=reads,
        addresses=_addresses(visit, study_id, release_id) if shown.stands else {},
        may_withdraw=who.may(Permission.SIGN_OFF, study_id),
        made="made" in visit.request.query_params,
        reported="reported" in visit.request.query_params,
        no_paragraph="no_paragraph" in visit.request.query_params,
        wrong=wrong,
    )


def _addresses(visit: Visit, study_id: str, release_id: str) -> Mapping[str, str]:
    """Return the addresses of the packages where they are asked for: all files are written then."""
    if "addresses" not in visit.request.query_params:
        return {}
    return release_addresses(visit.store, visit.who.account_id, study_id, release_id)
