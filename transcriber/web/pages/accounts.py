"""The accounts of the service, for whoever runs it."""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel

from transcriber.domain.access import Permission
from transcriber.domain.errors import UsageError
from transcriber.services.accounts import (
    NewAccount,
    account_with,
    disable_account,
    enable_account,
    list_accounts,
    set_rights,
)
from transcriber.services.links import LinkKind, invite, make_link, path_of
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Running = Annotated[Visit, visit_by(Permission.MANAGE_SERVICE)]


class AccountForm(BaseModel):
    """Somebody who shall have an account."""

    email: str = ""
    name: str = ""
    begins_studies: bool = False
    is_admin: bool = False


class RightsForm(BaseModel):
    """What an account may do beside its studies."""

    begins_studies: bool = False
    is_admin: bool = False


@router.get("/admin/accounts")
def accounts(visit: Running) -> Response:
    """List all accounts."""
    return _accounts(visit)


@router.post("/admin/accounts")
def add(visit: Running, typed: Annotated[AccountForm, Form()]) -> Response:
    """Invite somebody; the link is shown once."""
    new = NewAccount(typed.email, typed.name, typed.is_admin, typed.begins_studies)
    try:
        account, secret = invite(visit.store, new, by=visit.who.account_id)
    except UsageError as error:
        return _accounts(visit, wrong=error.sentence, typed=typed)
    return _accounts(visit, whose=account.name, link=visit.address + path_of(secret))


@router.post("/admin/accounts/{account_id}/rights")
def rights(visit: Running, account_id: str, typed: Annotated[RightsForm, Form()]) -> Response:
    """Change what an account may do beside its studies."""
    try:
        set_rights(
            visit.store,
            account_id,
            is_admin=typed.is_admin,
            begins_studies=typed.begins_studies,
            by=visit.who.account_id,
        )
    except UsageError as error:
        return _accounts(visit, wrong=error.sentence)
    return see("/admin/accounts")


@router.post("/admin/accounts/{account_id}/link")
def link(visit: Running, account_id: str) -> Response:
    """Make a link with which the owner of an account chooses a new password."""
    account = account_with(visit.store, account_id)
    kind = LinkKind.RESET if account.has_password else LinkKind.INVITATION
    secret = make_link(visit.store, account_id, kind, by=visit.who.account_id)
    return _accounts(visit, whose=account.name, link=visit.address + path_of(secret))


@router.post("/admin/accounts/{account_id}/disable")
def disable(visit: Running, account_id: str) -> Response:
    """Let an account in no more."""
    try:
        disable_account(visit.store, account_id, by=visit.who.account_id)
    except UsageError as error:
        return _accounts(visit, wrong=error.sentence)
    return see("/admin/accounts")


@router.post("/admin/accounts/{account_id}/enable")
def enable(visit: Running, account_id: str) -> Response:
    """Let an account in again."""
    enable_account(visit.store, account_id, by=visit.who.account_id)
    return see("/admin/accounts")


def _accounts(
    visit: Visit,
    *,
    wrong: str = "",
    typed: AccountForm | None = None,
    whose: str = "",
    link: str = "",
) -> Response:
    return visit.page(
        "accounts.html",
        status=422 if wrong else 200,
        section="admin",
        accounts=list_accounts(visit.store),
        typed=typed or AccountForm(begins_studies=True),
        whose=whose,
        link=link,
        wrong=wrong,
    )
