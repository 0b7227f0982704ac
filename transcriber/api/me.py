"""One's own account: who one is, one's password and the browsers that one is signed in with."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from transcriber.api.account_models import AccountModel
from transcriber.api.authentication import (
    address_of,
    forget_signed_in,
    keep_signed_in,
    session_secret,
)
from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal, Role
from transcriber.services.accounts import account_with
from transcriber.services.sessions import (
    current_session,
    end_all_sessions,
    end_session,
    list_sessions,
)
from transcriber.services.sign_in import change_password
from transcriber.services.store import Store

router = APIRouter(prefix="/me", tags=["own account"])


class Me(BaseModel):
    """Who is signed in, and what they are in each study, by its id."""

    account: AccountModel
    roles: dict[str, Role]


class NewPassword(BaseModel):
    """The password so far and the one from now on."""

    old: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


class SessionModel(BaseModel):
    """A browser that is signed in; times are UTC in milliseconds since 1970."""

    id: str
    is_this_one: bool
    created_at_ms: int
    seen_at_ms: int
    expires_at_ms: int


class SessionList(BaseModel):
    """The browsers that somebody is signed in with, the newest first."""

    items: list[SessionModel]


@router.get("")
def show(
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.SIGNED_IN)],
) -> Me:
    """Say who is signed in."""
    account = AccountModel.of(account_with(store, who.account_id))
    return Me(account=account, roles=dict(who.roles))


@router.put("/password", status_code=204)
def put_password(
    password: NewPassword,
    request: Request,
    response: Response,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.OWN_ACCOUNT)],
) -> None:
    """Change the password: all other browsers are signed out."""
    signed_in = change_password(
        store, who.account_id, password.old, password.new, address_of(request)
    )
    keep_signed_in(response, signed_in.secret)


@router.get("/sessions")
def sessions(
    request: Request,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.OWN_ACCOUNT)],
) -> SessionList:
    """List the browsers that one is signed in with."""
    secret = session_secret(request)
    current = current_session(store, secret) if secret is not None else None
    return SessionList(
        items=[
            SessionModel(
                id=session.id,
                is_this_one=current is not None and session.id == current.id,
                created_at_ms=session.created_at_ms,
                seen_at_ms=session.seen_at_ms,
                expires_at_ms=session.expires_at_ms,
            )
            for session in list_sessions(store, who.account_id)
        ]
    )


@router.delete("/sessions", status_code=204)
def delete_sessions(
    response: Response,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.OWN_ACCOUNT)],
) -> None:
    """Sign out all browsers, this one too."""
    end_all_sessions(store, who.account_id)
    forget_signed_in(response)


@router.delete("/sessions/{session_id}", status_code=204)
def delete_session(
    session_id: str,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.OWN_ACCOUNT)],
) -> None:
    """Sign out one browser."""
    end_session(store, who.account_id, session_id)
