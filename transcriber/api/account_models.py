"""What the interface tells of accounts."""

from typing import Self

from fastapi import Request
from pydantic import BaseModel, Field

from transcriber.services.accounts import Account
from transcriber.services.links import path_of
from transcriber.services.store import Store


class AccountModel(BaseModel):
    """Somebody who may sign in; times are UTC in milliseconds since 1970."""

    id: str
    email: str
    name: str
    is_admin: bool = Field(description="Whether they run the service; that opens no study.")
    begins_studies: bool
    is_disabled: bool
    has_password: bool = Field(description="False until an invitation was accepted.")
    has_single_sign_on: bool
    created_at_ms: int
    signed_in_at_ms: int | None

    @classmethod
    def of(cls, account: Account) -> Self:
        """Describe an account."""
        return cls(
            id=account.id,
            email=account.email,
            name=account.name,
            is_admin=account.is_admin,
            begins_studies=account.begins_studies,
            is_disabled=account.is_disabled,
            has_password=account.has_password,
            has_single_sign_on=account.has_subject,
            created_at_ms=account.created_at_ms,
            signed_in_at_ms=account.signed_in_at_ms,
        )


def link_to(store: Store, request: Request, secret: str) -> str:
    """Return the address of the page that a link opens, to be handed to whom it is for."""
    base = store.settings.public_url or str(request.base_url)
    return base.rstrip("/") + path_of(secret)
