"""Accounts: made, listed, given rights, disabled.

`by` is the id of the account that asks for it, None where somebody types a command on the server.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.passwords import hash_password, require_good
from transcriber.services.store import Store
from transcriber.storage.database.accounts import Account
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.locks import Lock, hold

__all__ = ["Account", "NewAccount", "account_named", "create_account", "list_accounts"]

LONGEST_EMAIL = 254
"""RFC 5321, 4.5.3.1.3, without its angle brackets."""

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Who shall have an account, and what they may do beside the studies they are members of."""

    email: str
    name: str
    is_admin: bool = False
    begins_studies: bool = False


def create_account(
    store: Store, new: NewAccount, *, password: str | None = None, by: str | None = None
) -> Account:
    """Make an account; without a password nobody can sign in until a link was used.

    Raises UsageError for an e-mail address that is none or has an account, for an empty name and
    for a weak password.
    """
    hashed = None
    if password is not None:
        require_good(password, new.email)
        hashed = hash_password(password)
    with store.database.write() as connection:
        account = add_account(store, connection, new)
        if hashed is not None:
            store.accounts.set_password_hash(connection, account.id, hashed)
        store.audit.record(
            connection, AuditEvent(Action.ACCOUNT_CREATED, by, subject_id=account.id)
        )
    return account_with(store, account.id)


def add_account(store: Store, connection: Connection, new: NewAccount) -> Account:
    """Make an account within a transaction. Raises UsageError as `create_account` does."""
    email, name = _checked_email(new.email), _checked_name(new.name)
    hold(connection, Lock.ACCOUNTS)
    if store.accounts.with_email(connection, email) is not None:
        raise UsageError("email_taken", "There is an account with this e-mail address already.")
    return store.accounts.add(
        connection, email, name, is_admin=new.is_admin, begins_studies=new.begins_studies
    )


def list_accounts(store: Store) -> tuple[Account, ...]:
    """Return all accounts, the oldest first."""
    with store.database.read() as connection:
        return store.accounts.all(connection)


def account_with(store: Store, account_id: str) -> Account:
    """Return the account of an id. Raises UsageError `no_such_account`."""
    with store.database.read() as connection:
        return known_account(store, connection, account_id)


def names_of(store: Store, account_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of accounts by their ids; of those that are gone there is none."""
    with store.database.read() as connection:
        found = (store.accounts.get(connection, account_id) for account_id in set(account_ids))
        return {account.id: account.name for account in found if account is not None}


def account_named(store: Store, email: str) -> Account:
    """Return the account of an e-mail address. Raises UsageError `no_such_account`."""
    with store.database.read() as connection:
        account = store.accounts.with_email(connection, email)
    if account is None:
        raise _no_such_account()
    return account


def known_account(store: Store, connection: Connection, account_id: str) -> Account:
    """Return the account of an id within a transaction. Raises UsageError `no_such_account`."""
    account = store.accounts.get(connection, account_id)
    if account is None:
        raise _no_such_account()
    return account


def set_rights(
    store: Store, account_id: str, *, is_admin: bool, begins_studies: bool, by: str | None = None
) -> Account:
    """Replace what an account may do beside its studies.

    Raises UsageError `no_such_account`, and `last_administrator` where nobody else would be left.
    """
    with store.database.write() as connection:
        hold(connection, Lock.ACCOUNTS)
        account = known_account(store, connection, account_id)
        if account.is_admin and not is_admin:
            _require_another_administrator(store, connection, account)
        store.accounts.set_rights(
            connection, account_id, is_admin=is_admin, begins_studies=begins_studies
        )
        store.audit.record(connection, AuditEvent(Action.RIGHTS_CHANGED, by, subject_id=account_id))
    return account_with(store, account_id)


def disable_account(store: Store, account_id: str, *, by: str | None = None) -> None:
    """Let an account in no more: sessions, links and tokens are worthless at once.

    Its memberships stay, so that `enable_account` brings all back but those. Raises UsageError
    `no_such_account`, and `last_administrator` where nobody else would be left.
    """
    with store.database.write() as connection:
        hold(connection, Lock.ACCOUNTS)
        account = known_account(store, connection, account_id)
        if account.is_admin:
            _require_another_administrator(store, connection, account)
        store.accounts.disable(connection, account_id)
        store.sessions.end_all(connection, account_id)
        store.links.withdraw(connection, account_id)
        store.tokens.revoke_all(connection, account_id)
        store.audit.record(
            connection, AuditEvent(Action.ACCOUNT_DISABLED, by, subject_id=account_id)
        )


def enable_account(store: Store, account_id: str, *, by: str | None = None) -> None:
    """Let an account in again. Raises UsageError `no_such_account`."""
    with store.database.write() as connection:
        known_account(store, connection, account_id)
        store.accounts.enable(connection, account_id)
        store.audit.record(
            connection, AuditEvent(Action.ACCOUNT_ENABLED, by, subject_id=account_id)
        )


def _require_another_administrator(store: Store, connection: Connection, account: Account) -> None:
    others = [
        other
        for other in store.accounts.all(connection)
        if other.is_admin and not other.is_disabled and other.id != account.id
    ]
    if not others:
        raise UsageError(
            "last_administrator",
            "This is the only administrator. Make somebody else one first.",
        )


def _checked_email(email: str) -> str:
    text = email.strip()
    local, _, domain = text.rpartition("@")
    if not (local and domain) or len(text) > LONGEST_EMAIL or not _is_one_word(text):
        raise UsageError("bad_email", "This is not an e-mail address. Check how it is written.")
    return text


def _checked_name(name: str) -> str:
    text = " ".join(name.split())
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        raise UsageError("bad_name", f"Give a name of at most {LONGEST_NAME} letters, on one line.")
    return text


def _is_one_word(text: str) -> bool:
    return all(unicodedata.category(character)[0] not in "CZ" for character in text)


def _no_such_account() -> UsageError:
    return UsageError("no_such_account", "There is no account like this.")
