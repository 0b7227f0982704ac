"""The name of a study and its members: who works in it, and as what."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Response

from transcriber.domain.access import Permission, Role
from transcriber.domain.errors import UsageError
from transcriber.services.accounts import NewAccount
from transcriber.services.links import path_of
from transcriber.services.members import grant, invite_member, list_members, revoke
from transcriber.services.studies import draft_of, edit_study, show_study
from transcriber.web.pages.steps import StepForm, after, step_page
from transcriber.web.visits import Visit, see, visit_by
from transcriber.web.words import ROLE_DUTIES, ROLES

router = APIRouter(include_in_schema=False)

Editing = Annotated[Visit, visit_by(Permission.EDIT_STUDY)]
Managing = Annotated[Visit, visit_by(Permission.MANAGE_MEMBERS)]


class NameForm(StepForm):
    """What the study is called."""

    name: str = ""


class MemberForm(StepForm):
    """Somebody who shall work in the study."""

    email: str = ""
    name: str = ""
    role: Role = Role.RESEARCHER


@router.get("/studies/{study_id}/name")
def name(visit: Editing, study_id: str) -> Response:
    """Ask what the study is called."""
    study = show_study(visit.store, study_id)
    return step_page(visit, "name", typed=NameForm(version=study.version, name=study.name))


@router.post("/studies/{study_id}/name")
def keep_name(visit: Editing, study_id: str, typed: Annotated[NameForm, Form()]) -> Response:
    """Keep the name."""
    try:
        draft = replace(draft_of(show_study(visit.store, study_id)), name=typed.name)
        edit_study(visit.store, visit.who.account_id, study_id, draft, typed.version)
    except UsageError as error:
        return step_page(visit, "name", wrong=error.sentence, typed=typed)
    return after(visit, "name", typed)


@router.get("/studies/{study_id}/members")
def members(visit: Managing) -> Response:
    """Show who works in the study."""
    return _members(visit)


@router.post("/studies/{study_id}/members")
def add(visit: Managing, study_id: str, typed: Annotated[MemberForm, Form()]) -> Response:
    """Add a member; somebody new gets an account and a link to it."""
    new = NewAccount(typed.email, typed.name or typed.email)
    by = visit.who.account_id
    try:
        account, secret = invite_member(visit.store, study_id, new, typed.role, by=by)
    except UsageError as error:
        return _members(visit, wrong=error.sentence, typed=typed)
    if secret is None:
        return see(f"/studies/{study_id}/members?saved")
    return _members(visit, invited=account.name, link=visit.address + path_of(secret))


@router.post("/studies/{study_id}/members/{account_id}")
def change(
    visit: Managing, study_id: str, account_id: str, role: Annotated[Role | None, Form()] = None
) -> Response:
    """Give a member another role, or none any more."""
    try:
        if role is None:
            revoke(visit.store, study_id, account_id, by=visit.who.account_id)
        else:
            grant(visit.store, study_id, account_id, role, by=visit.who.account_id)
    except UsageError as error:
        return _members(visit, wrong=error.sentence)
    return see(f"/studies/{study_id}/members?saved")


def _members(
    visit: Visit,
    *,
    wrong: str = "",
    typed: MemberForm | None = None,
    invited: str = "",
    link: str = "",
) -> Response:
    return step_page(
        visit,
        "members",
        wrong=wrong,
        typed=typed or MemberForm(),
        members=list_members(visit.store, visit.request.path_params["study_id"]),
        roles=ROLES,
        duties=ROLE_DUTIES,
        invited=invited,
        link=link,
    )
