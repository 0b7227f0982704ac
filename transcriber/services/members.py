"""Who works in a study, and with which role. Whether somebody may change that, `Needs` decides."""

from dataclasses import dataclass

from sqlalchemy import Connection

from transcriber.domain.access import Role
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.accounts import Account, NewAccount, known_account
from transcriber.services.links import invite
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.memberships import (
    add_member,
    count_data_managers,
    members,
    remove_member,
    role_in,
    set_role,
)
from transcriber.storage.database.studies import lock_study


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works in a study; the time is UTC in milliseconds."""

    account: Account
    role: Role
    since_ms: int


def list_members(store: Store, study_id: str) -> tuple[Member, ...]:
    """Return the members of a study, the first one first."""
    with store.database.read() as connection:
        return tuple(
            Member(
                known_account(store, connection, membership.account_id),
                membership.role,
                membership.created_at_ms,
            )
            for membership in members(connection, study_id)
        )


def grant(
    store: Store, study_id: str, account_id: str, role: Role, *, by: str | None = None
) -> None:
    """Make an account a member of a study, or give a member another role.

    Raises UsageError `no_such_account`, and `last_data_manager` where nobody else would be left.
    """
    with store.database.write() as connection:
        lock_study(connection, study_id)
        known_account(store, connection, account_id)
        before = role_in(connection, study_id, account_id)
        if before is role:
            return
        if before is None:
            add_member(connection, study_id, account_id, role)
        else:
            set_role(connection, study_id, account_id, role)
            _require_data_manager(connection, study_id, before)
        action = Action.MEMBER_ADDED if before is None else Action.ROLE_CHANGED
        store.audit.record(connection, AuditEvent(action, by, study_id, subject_id=account_id))


def invite_member(
    store: Store, study_id: str, new: NewAccount, role: Role, *, by: str | None = None
) -> tuple[Account, str | None]:
    """Make whoever has this e-mail address a member; return the account and a link's secret.

    The secret is None where they have a way in already. Somebody new gets an account that may do
    nothing else. Raises UsageError as `create_account` and `grant` do.
    """
    with store.database.read() as connection:
        account = store.accounts.with_email(connection, new.email)
    secret = None
    if account is None or not (account.has_password or account.has_subject):
        account, secret = invite(store, NewAccount(new.email, new.name), by=by)
    grant(store, study_id, account.id, role, by=by)
    return account, secret


def revoke(store: Store, study_id: str, account_id: str, *, by: str | None = None) -> None:
    """End a membership; what the account may see of the study ends with its next request.

    Raises UsageError `not_found`, and `last_data_manager` where nobody else would be left.
    """
    with store.database.write() as connection:
        lock_study(connection, study_id)
        before = role_in(connection, study_id, account_id)
        if before is None:
            raise UsageError("not_found", "There is no such member of this study.")
        remove_member(connection, study_id, account_id)
        _require_data_manager(connection, study_id, before)
        store.audit.record(
            connection, AuditEvent(Action.MEMBER_REMOVED, by, study_id, subject_id=account_id)
        )


def _require_data_manager(connection: Connection, study_id: str, before: Role) -> None:
    """Refuse a change that took the last data manager away; the transaction then undoes it."""
    if before is Role.DATA_MANAGER and not count_data_managers(connection, study_id):
        raise UsageError(
            "last_data_manager",
            "This is the only data manager of the study. Give somebody else that role first.",
        )
