"""API tokens of one's own."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.services.store import Store
from transcriber.services.tokens import (
    LONGEST_NAME,
    MOST_DAYS,
    ApiToken,
    create_token,
    list_tokens,
    revoke_token,
)

router = APIRouter(prefix="/me/tokens", tags=["own account"])


class NewTokenModel(BaseModel):
    """What a token shall be called and allow, and for how long."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    scopes: list[Permission] = Field(
        min_length=1, max_length=len(Permission), description="What it may do; nothing else."
    )
    days: int = Field(ge=1, le=MOST_DAYS)
    study_id: str | None = Field(None, description="The one study that it is for; all where null.")


class TokenModel(BaseModel):
    """A token without its secret; times are UTC in milliseconds since 1970."""

    id: str
    name: str
    scopes: list[Permission]
    study_id: str | None
    created_at_ms: int
    used_at_ms: int | None
    expires_at_ms: int


class CreatedToken(BaseModel):
    """A new token, and what a program sends as `Authorization: Bearer SECRET`."""

    token: TokenModel
    secret: str = Field(description="Shown this once and stored nowhere.")


class TokenList(BaseModel):
    """Tokens, the newest first."""

    items: list[TokenModel]


@router.get("")
def show(
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.OWN_ACCOUNT)],
) -> TokenList:
    """List one's tokens."""
    return TokenList(items=[_model(token) for token in list_tokens(store, who.account_id)])


@router.post("", status_code=201)
def create(
    new: NewTokenModel,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.OWN_ACCOUNT)],
) -> CreatedToken:
    """Make a token; it never allows more than its owner may do when it is used."""
    token, secret = create_token(
        store, who, new.name, frozenset(new.scopes), days=new.days, study_id=new.study_id
    )
    return CreatedToken(token=_model(token), secret=secret)


@router.delete("/{token_id}", status_code=204)
def revoke(
    token_id: str,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.OWN_ACCOUNT)],
) -> None:
    """End a token at once."""
    revoke_token(store, who.account_id, token_id)


def _model(token: ApiToken) -> TokenModel:
    return TokenModel(
        id=token.id,
        name=token.name,
        scopes=sorted(token.scopes),
        study_id=token.study_id,
        created_at_ms=token.created_at_ms,
        used_at_ms=token.used_at_ms,
        expires_at_ms=token.expires_at_ms,
    )
