"""Accounts, for whoever runs the service."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from transcriber.api.account_models import AccountModel, link_to
from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.services.accounts import (
    LONGEST_EMAIL,
    LONGEST_NAME,
    NewAccount,
    account_with,
    disable_account,
    enable_account,
    list_accounts,
    set_rights,
)
from transcriber.services.links import LinkKind, invite, make_link
from transcriber.services.store import Store

router = APIRouter(prefix="/accounts", tags=["accounts"])


class Invitation(BaseModel):
    """Who shall have an account, and what they may do beside their studies."""

    email: str = Field(max_length=LONGEST_EMAIL)
    name: str = Field(max_length=LONGEST_NAME)
    is_admin: bool = False
    begins_studies: bool = False


class Invited(BaseModel):
    """An account and the link to be handed to whom it is for."""

    account: AccountModel
    link: str = Field(description="Works once, for seven days. Nothing is sent by e-mail.")


class ResetLink(BaseModel):
    """The link to be handed to whom the account belongs to."""

    link: str = Field(description="Works once, for an hour. Nothing is sent by e-mail.")


class Change(BaseModel):
    """What shall be different; what is left out stays."""

    is_admin: bool | None = None
    begins_studies: bool | None = None
    is_disabled: bool | None = None


class AccountList(BaseModel):
    """Accounts, the oldest first."""

    items: list[AccountModel]


@router.get("")
def show(
    store: Annotated[Store, Depends(store_of)],
    _: Annotated[Principal, Needs(Permission.MANAGE_SERVICE)],
) -> AccountList:
    """List all accounts."""
    return AccountList(items=[AccountModel.of(account) for account in list_accounts(store)])


@router.post("", status_code=201)
def create(
    invitation: Invitation,
    request: Request,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.MANAGE_SERVICE)],
) -> Invited:
    """Make an account and an invitation to it; an account that there is is invited again."""
    new = NewAccount(**invitation.model_dump())
    account, secret = invite(store, new, by=who.account_id)
    return Invited(account=AccountModel.of(account), link=link_to(store, request, secret))


@router.patch("/{account_id}")
def change(
    account_id: str,
    change: Change,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.MANAGE_SERVICE)],
) -> AccountModel:
    """Change what an account may do, or whether it may sign in."""
    account = account_with(store, account_id)
    wanted = (
        account.is_admin if change.is_admin is None else change.is_admin,
        account.begins_studies if change.begins_studies is None else change.begins_studies,
    )
    if wanted != (account.is_admin, account.begins_studies):
        set_rights(
            store, account_id, is_admin=wanted[0], begins_studies=wanted[1], by=who.account_id
        )
    if change.is_disabled is True and not account.is_disabled:
        disable_account(store, account_id, by=who.account_id)
    if change.is_disabled is False and account.is_disabled:
        enable_account(store, account_id, by=who.account_id)
    return AccountModel.of(account_with(store, account_id))


@router.post("/{account_id}/reset", status_code=201)
def reset(
    account_id: str,
    request: Request,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.MANAGE_SERVICE)],
) -> ResetLink:
    """Make a link by which somebody sets a new password."""
    secret = make_link(store, account_id, LinkKind.RESET, by=who.account_id)
    return ResetLink(link=link_to(store, request, secret))
