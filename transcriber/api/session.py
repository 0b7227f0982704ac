"""Signing in and out."""

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
from transcriber.domain.access import Permission, Principal
from transcriber.services.links import sign_in_by_link
from transcriber.services.sign_in import sign_in, sign_out
from transcriber.services.store import Store

router = APIRouter(prefix="/session", tags=["signing in"])


class Credentials(BaseModel):
    """What somebody signs in with."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1000)


class LinkSecret(BaseModel):
    """The last part of a link's address."""

    secret: str = Field(max_length=100)


@router.post("")
def begin(
    credentials: Credentials,
    request: Request,
    response: Response,
    store: Annotated[Store, Depends(store_of)],
    _: Annotated[Principal, Needs(Permission.ANYBODY)],
) -> AccountModel:
    """Sign in: the answer sets the cookie of the session."""
    signed_in = sign_in(store, credentials.email, credentials.password, address_of(request))
    keep_signed_in(response, signed_in.secret)
    return AccountModel.of(signed_in.account)


@router.post("/link")
def begin_by_link(
    link: LinkSecret,
    response: Response,
    store: Annotated[Store, Depends(store_of)],
    _: Annotated[Principal, Needs(Permission.ANYBODY)],
) -> AccountModel:
    """Sign in with the link that the server printed when it started; it works once."""
    signed_in = sign_in_by_link(store, link.secret)
    keep_signed_in(response, signed_in.secret)
    return AccountModel.of(signed_in.account)


@router.delete("", status_code=204)
def end(
    request: Request,
    response: Response,
    store: Annotated[Store, Depends(store_of)],
    _: Annotated[Principal, Needs(Permission.OWN_ACCOUNT)],
) -> None:
    """Sign out: the session of this browser ends."""
    secret = session_secret(request)
    if secret is not None:
        sign_out(store, secret)
    forget_signed_in(response)
