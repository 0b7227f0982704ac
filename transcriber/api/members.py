"""Who works in a study."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from transcriber.api.account_models import link_to
from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal, Role
from transcriber.services.accounts import LONGEST_EMAIL, LONGEST_NAME, NewAccount
from transcriber.services.members import Member, grant, invite_member, list_members, revoke
from transcriber.services.store import Store

router = APIRouter(prefix="/studies/{study_id}/members", tags=["members"])


class MemberModel(BaseModel):
    """Somebody who works in a study; the time is UTC in milliseconds since 1970."""

    account_id: str
    email: str
    name: str
    role: Role
    since_ms: int

    @classmethod
    def of(cls, member: Member) -> Self:
        """Describe a member."""
        return cls(
            account_id=member.account.id,
            email=member.account.email,
            name=member.account.name,
            role=member.role,
            since_ms=member.since_ms,
        )


class MemberList(BaseModel):
    """Members, the first one first."""

    items: list[MemberModel]


class NewMember(BaseModel):
    """Who shall be a member; they get an account where they have none."""

    email: str = Field(max_length=LONGEST_EMAIL)
    name: str = Field(max_length=LONGEST_NAME)
    role: Role


class AddedMember(BaseModel):
    """The new member's account, and a link for whoever has no way in yet."""

    account_id: str
    link: str | None = Field(description="Works once, for seven days. Nothing is sent by e-mail.")


class GivenRole(BaseModel):
    """What a member shall be."""

    role: Role


@router.get("")
def show(
    study_id: str,
    store: Annotated[Store, Depends(store_of)],
    _: Annotated[Principal, Needs(Permission.SEE_STUDY)],
) -> MemberList:
    """List the members of a study."""
    return MemberList(items=[MemberModel.of(member) for member in list_members(store, study_id)])


@router.post("", status_code=201)
def add(
    study_id: str,
    new: NewMember,
    request: Request,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.MANAGE_MEMBERS)],
) -> AddedMember:
    """Make somebody a member of a study, by their e-mail address."""
    account, secret = invite_member(
        store, study_id, NewAccount(new.email, new.name), new.role, by=who.account_id
    )
    link = None if secret is None else link_to(store, request, secret)
    return AddedMember(account_id=account.id, link=link)


@router.put("/{account_id}", status_code=204)
def give_role(
    study_id: str,
    account_id: str,
    given: GivenRole,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.MANAGE_MEMBERS)],
) -> None:
    """Give a member another role; an account that is no member becomes one."""
    grant(store, study_id, account_id, given.role, by=who.account_id)


@router.delete("/{account_id}", status_code=204)
def remove(
    study_id: str,
    account_id: str,
    store: Annotated[Store, Depends(store_of)],
    who: Annotated[Principal, Needs(Permission.MANAGE_MEMBERS)],
) -> None:
    """End a membership."""
    revoke(store, study_id, account_id, by=who.account_id)
