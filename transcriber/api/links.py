"""Invitations and resets, used."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from transcriber.api.account_models import AccountModel
from transcriber.api.authentication import keep_signed_in
from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.services.links import accept
from transcriber.services.store import Store

router = APIRouter(prefix="/links", tags=["signing in"])


class Acceptance(BaseModel):
    """The last part of a link's address, and the password from now on."""

    secret: str = Field(max_length=100)
    password: str = Field(max_length=1000)


@router.post("/accept")
def accept_link(
    acceptance: Acceptance,
    response: Response,
    store: Annotated[Store, Depends(store_of)],
    _: Annotated[Principal, Needs(Permission.ANYBODY)],
) -> AccountModel:
    """Use an invitation or a reset: set the password and sign in. It works once."""
    signed_in = accept(store, acceptance.secret, acceptance.password)
    keep_signed_in(response, signed_in.secret)
    return AccountModel.of(signed_in.account)
