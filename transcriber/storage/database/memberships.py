"""Memberships: who works in which study, with which role. Nothing here needs a key."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from transcriber.domain.access import ALLOWED, Permission, Role
from transcriber.storage.database.account_tables import ACCOUNT, MEMBERSHIP
from transcriber.storage.database.clock import now_ms
from transcriber.storage.ids import new_id

MANAGERS = ALLOWED[Permission.MANAGE_MEMBERS]
"""Roles of which a study always has one: who else should let somebody in?"""


@dataclass(frozen=True, slots=True)
class Membership:
    """An account's role in a study."""

    study_id: str
    account_id: str
    role: Role


def add_member(connection: Connection, new: Membership) -> None:
    """Make an account a member. Raises Conflict when it is one already."""
    connection.execute(
        insert(MEMBERSHIP).values(
            id=new_id(),
            study_id=new.study_id,
            account_id=new.account_id,
            role=new.role,
            created_at_ms=now_ms(),
        )
    )


def set_role(connection: Connection, changed: Membership) -> None:
    """Give a member another role."""
    connection.execute(
        update(MEMBERSHIP)
        .where(
            MEMBERSHIP.c.study_id == changed.study_id,
            MEMBERSHIP.c.account_id == changed.account_id,
        )
        .values(role=changed.role)
    )


def remove_member(connection: Connection, study_id: str, account_id: str) -> None:
    """End a membership."""
    connection.execute(
        delete(MEMBERSHIP).where(
            MEMBERSHIP.c.study_id == study_id, MEMBERSHIP.c.account_id == account_id
        )
    )


def members(connection: Connection, study_id: str) -> tuple[tuple[Membership, int], ...]:
    """Return the members of a study and since when (UTC in milliseconds), the first one first."""
    rows = connection.execute(
        select(MEMBERSHIP)
        .where(MEMBERSHIP.c.study_id == study_id)
        .order_by(MEMBERSHIP.c.created_at_ms, MEMBERSHIP.c.id)
    )
    return tuple(
        (Membership(row.study_id, row.account_id, Role(row.role)), row.created_at_ms)
        for row in rows
    )


def role_in(connection: Connection, study_id: str, account_id: str) -> Role | None:
    """Return what an account is in a study, None where it is no member."""
    role = connection.execute(
        select(MEMBERSHIP.c.role).where(
            MEMBERSHIP.c.study_id == study_id, MEMBERSHIP.c.account_id == account_id
        )
    ).scalar_one_or_none()
    return None if role is None else Role(role)


def roles_of(connection: Connection, account_id: str) -> Mapping[str, Role]:
    """Return the roles of an account by study."""
    rows = connection.execute(
        select(MEMBERSHIP.c.study_id, MEMBERSHIP.c.role).where(
            MEMBERSHIP.c.account_id == account_id
        )
    )
    return {row.study_id: Role(row.role) for row in rows}


def count_managers(connection: Connection, study_id: str) -> int:
    """Count who manages a study and may sign in."""
    counted: int = connection.execute(
        select(func.count())
        .select_from(MEMBERSHIP.join(ACCOUNT))
        .where(
            MEMBERSHIP.c.study_id == study_id,
            MEMBERSHIP.c.role.in_(MANAGERS),
            ACCOUNT.c.disabled_at_ms.is_(None),
        )
    ).scalar_one()
    return counted
