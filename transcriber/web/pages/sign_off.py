"""Sign-off: what is missing, what will leave, and what a second look at it finds."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from transcriber.api.problems import status_of
from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.errors import TranscriberError
from transcriber.domain.finding import IN_WORDS
from transcriber.domain.residual_risk import STRENGTHS
from transcriber.services.numbered_talk import talk_page
from transcriber.services.release_sound import sound_to_leave
from transcriber.services.review.override import override_draft
from transcriber.services.review.participant_copy import participant_copy, participants
from transcriber.services.review.sign_off import look, sign
from transcriber.services.review.standing import Missing, standing
from transcriber.services.studies import show_study
from transcriber.web.pages.account_names import account_names
from transcriber.web.sign_off_words import ABOUT, CHECKS, MISSING, REASONS
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Reading = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, Action.VIEWED)]
Copying = Annotated[Visit, visit_by(Permission.HEAR_AND_READ)]
Checking = Annotated[Visit, visit_by(Permission.REVIEW)]
Signing = Annotated[Visit, visit_by(Permission.SIGN_OFF)]
Running = Annotated[Visit, visit_by(Permission.MANAGE_SERVICE)]

RECORDING = "/studies/{study_id}/recordings/{recording_id}"


@router.get(f"{RECORDING}/sign-off")
def sign_off(visit: Reading) -> Response:
    """Show how a recording stands."""
    return _shown(visit)


@router.post(f"{RECORDING}/sign-off")
def put_name_to_it(
    visit: Signing, study_id: str, recording_id: str, seen: Annotated[int, Form(ge=0)]
) -> Response:
    """Sign it: the release is made, or a second reviewer is waited for."""
    try:
        signed = sign(visit.store, visit.who.account_id, study_id, recording_id, seen)
    except TranscriberError as error:
        return _shown(visit, wrong=error.sentence, status=status_of(error))
    if signed.release_id is None:
        return see(f"/studies/{study_id}/recordings/{recording_id}/sign-off?signed")
    return see(f"/studies/{study_id}/releases/{signed.release_id}?made")


@router.get(f"{RECORDING}/sign-off/text")
def text(
    visit: Reading,
    study_id: str,
    recording_id: str,
    profile: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Show what would leave by one of the study's policies, and where it differs from the first."""
    now = standing(visit.store, study_id, recording_id)
    texts = {each.policy.name: each.text for each in (now.released, *now.profiles)}
    chosen = texts.get(profile, now.text)
    return visit.page(
        "release_text.html",
        section="studies",
        study=show_study(visit.store, study_id),
        title=f"What would leave of {now.text.code}",
        back=f"/studies/{study_id}/recordings/{recording_id}/sign-off",
        back_label=f"Sign off {now.text.code}",
        profiles=tuple(texts),
        profile=profile if profile in texts else now.released.policy.name,
        page=talk_page(chosen, page, None if chosen is now.text else now.text),
    )


@router.post(f"{RECORDING}/sign-off/looked")
def looked(
    visit: Checking, study_id: str, recording_id: str, key: Annotated[str, Form(max_length=64)]
) -> Response:
    """Keep that somebody looked at a place and left it."""
    try:
        look(visit.store, visit.who.account_id, study_id, recording_id, key)
    except TranscriberError as error:
        return _shown(visit, wrong=error.sentence, status=status_of(error))
    return see(f"/studies/{study_id}/recordings/{recording_id}/sign-off#second-look")


@router.post(f"{RECORDING}/sign-off/override")
def let_draft_leave(
    visit: Running, study_id: str, recording_id: str, reason: Annotated[str, Form()] = ""
) -> Response:
    """Let a draft be checked and signed."""
    override_draft(visit.store, visit.who, study_id, recording_id, reason)
    return see(f"/studies/{study_id}/recordings/{recording_id}/sign-off")


@router.get(f"{RECORDING}/copy")
def ask_whose_copy(visit: Reading, study_id: str, recording_id: str) -> Response:
    """Ask for whom a copy is."""
    return _copy(visit, study_id, recording_id)


@router.post(f"{RECORDING}/copy")
def give_copy(
    visit: Copying,
    study_id: str,
    recording_id: str,
    label: Annotated[str, Form(max_length=63)] = "",
    kind: Annotated[str, Form(max_length=8)] = "docx",
) -> Response:
    """Give a participant's copy."""
    try:
        file = participant_copy(
            visit.store, visit.who.account_id, study_id, recording_id, label, kind
        )
    except TranscriberError as error:
        return _copy(visit, study_id, recording_id, error.sentence, status_of(error))
    return Response(
        file.data,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


def _copy(
    visit: Visit, study_id: str, recording_id: str, wrong: str = "", status: int = 200
) -> Response:
    return visit.page(
        "participant_copy.html",
        status=status,
        section="studies",
        study=show_study(visit.store, study_id),
        base=f"/studies/{study_id}/recordings/{recording_id}",
        asked=participants(visit.store, study_id, recording_id),
        wrong=wrong,
    )


def _shown(visit: Visit, *, wrong: str = "", status: int = 200) -> Response:
    study_id, recording_id = (
        visit.request.path_params[name] for name in ("study_id", "recording_id")
    )
    now = standing(visit.store, study_id, recording_id)
    who, missing = visit.who, {obstacle.missing for obstacle in now.obstacles}
    people = [each.signed_by for each in now.signatures]
    return visit.page(
        "sign_off.html",
        status=status,
        section="studies",
        study=show_study(visit.store, study_id),
        base=f"/studies/{study_id}/recordings/{recording_id}",
        now=now,
        sound=sound_to_leave(visit.store, now.released),
        names=account_names(visit.store, people),
        missing_words=MISSING,
        checks=CHECKS,
        types=IN_WORDS,
        reasons=REASONS,
        strengths=STRENGTHS,
        about=ABOUT,
        is_draft=Missing.DRAFT in missing,
        signed_by_me=who.account_id in people,
        may_sign=who.may(Permission.SIGN_OFF, study_id),
        may_check=who.may(Permission.REVIEW, study_id),
        may_override=who.may(Permission.MANAGE_SERVICE),
        wrong=wrong,
    )
