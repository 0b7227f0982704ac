"""Who works in a study, and with which role. Whether somebody may change that, `Needs` decides."""

from dataclasses import dataclass

from sqlalchemy import Connection

from transcriber.domain.access import Role
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.accounts import Account, NewAccount, add_account, known_account
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.links import LinkKind
from transcriber.storage.database.locks import Lock, hold
from transcriber.storage.database.memberships import (
    MANAGERS,
    Membership,
    add_member,
    count_managers,
    members,
    remove_member,
    role_in,
    roles_of,
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
                known_account(store, connection, membership.account_id), membership.role, since_ms
            )
            for membership, since_ms in members(connection, study_id)
        )


def grant(
    store: Store, study_id: str, account_id: str, role: Role, *, by: str | None = None
) -> None:
    """Make an account a member of a study, or give a member another role.

    Raises UsageError `no_such_account`, and `last_manager` where nobody else would be left.
    """
    with store.database.write() as connection:
        lock_study(connection, study_id)
        known_account(store, connection, account_id)
        _grant(store, connection, Membership(study_id, account_id, role), by)


def invite_member(
    store: Store, study_id: str, new: NewAccount, role: Role, *, by: str | None = None
) -> tuple[Account, str | None]:
    """Make whoever has this e-mail address a member; return the account and a link's secret.

    Somebody new gets an account that may do nothing else. The secret is None where there is a way
    in already, and where the account may do anything that the study does not give: then only an
    administrator may let somebody in by it. Raises UsageError as `create_account` and `grant` do.
    """
    secret = None
    with store.database.write() as connection:
        hold(connection, Lock.ACCOUNTS)
        lock_study(connection, study_id)
        account = store.accounts.with_email(connection, new.email)
        if account is None:
            account = add_account(store, connection, NewAccount(new.email, new.name))
        if _has_this_study_only(connection, account, study_id):
            secret = store.links.add(connection, account.id, LinkKind.INVITATION)
        _grant(store, connection, Membership(study_id, account.id, role), by)
        if secret is not None:
            store.audit.record(
                connection, AuditEvent(Action.ACCOUNT_INVITED, by, study_id, subject_id=account.id)
            )
    return account, secret


def revoke(store: Store, study_id: str, account_id: str, *, by: str | None = None) -> None:
    """End a membership; what the account may see of the study ends with its next request.

    Raises UsageError `not_found`, and `last_manager` where nobody else would be left.
    """
    with store.database.write() as connection:
        lock_study(connection, study_id)
        before = role_in(connection, study_id, account_id)
        if before is None:
            raise UsageError("not_found", "There is no such member of this study.")
        remove_member(connection, study_id, account_id)
        _require_manager(connection, study_id, before)
        store.audit.record(
            connection, AuditEvent(Action.MEMBER_REMOVED, by, study_id, subject_id=account_id)
        )


def _grant(store: Store, connection: Connection, wanted: Membership, by: str | None) -> None:
    study_id, account_id = wanted.study_id, wanted.account_id
    before = role_in(connection, study_id, account_id)
    if before is wanted.role:
        return
    if before is None:
        add_member(connection, wanted)
    else:
        set_role(connection, wanted)
        _require_manager(connection, study_id, before)
    action = Action.MEMBER_ADDED if before is None else Action.ROLE_CHANGED
    store.audit.record(connection, AuditEvent(action, by, study_id, subject_id=account_id))


def _has_this_study_only(connection: Connection, account: Account, study_id: str) -> bool:
    has_way_in = account.has_password or account.has_subject
    has_rights = account.is_admin or account.begins_studies
    return not (has_way_in or has_rights) and set(roles_of(connection, account.id)) <= {study_id}


def _require_manager(connection: Connection, study_id: str, before: Role) -> None:
    """Refuse a change that took away the last who manages; the transaction then undoes it."""
    if before in MANAGERS and not count_managers(connection, study_id):
        raise UsageError(
            "last_manager",
            "Nobody else manages this study. Make somebody its lead or data manager first.",
        )
