"""Signing in and out, and changing one's password. An address is the one a request came from."""

from dataclasses import dataclass

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.passwords import (
    TooBusy,
    hash_password,
    is_outdated,
    is_right,
    require_good,
)
from transcriber.services.store import Store
from transcriber.storage.database.accounts import Account
from transcriber.storage.database.audit_events import AuditEvent


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in now, and the secret that their browser keeps in its cookie."""

    account: Account
    secret: str


def sign_in(store: Store, email: str, password: str, address: str) -> SignedIn:
    """Sign in with a password.

    Raises UsageError `sign_in_refused` after too many guesses, `sign_in_failed` for whatever is
    wrong, in the same words and after the same time whether there is such an account or not, and
    `no_passwords` where everybody comes through an identity provider; TooBusy.
    """
    account_id, hashed = _proved(store, email, password, address)
    renewed = hash_password(password) if is_outdated(hashed) else None
    with store.database.write() as connection:
        signed_in = begin_session(store, connection, account_id, hashed)
        if renewed is not None:
            store.accounts.set_password_hash(connection, account_id, renewed)
        record_sign_in(store, connection, account_id)
    return signed_in


def begin_session(
    store: Store, connection: Connection, account_id: str, hashed: str | None = None
) -> SignedIn:
    """Begin a session of somebody who proved who they are, by the password hashed so if by one.

    Whoever calls this records that they signed in. Raises UsageError `sign_in_failed` where the
    account was disabled or its password changed meanwhile.
    """
    store.accounts.signed_in(connection, account_id)  # holds off whoever changes the account
    account = store.accounts.get(connection, account_id)
    is_same = hashed is None or store.accounts.password_hash(connection, account_id) == hashed
    if account is None or account.is_disabled or not is_same:
        raise _failed()
    return SignedIn(account, store.sessions.begin(connection, account_id))


def _proved(store: Store, email: str, password: str, address: str) -> tuple[str, str]:
    """Return the account that a password belongs to, and what it was checked with."""
    require_passwords(store)
    with store.database.write() as connection:
        account = store.accounts.with_email(connection, email)
        admission = store.attempts.admit(connection, email, address)
        hashed = None
        if account is not None and not account.is_disabled:
            hashed = store.accounts.password_hash(connection, account.id)
        if admission.is_first_refusal:
            _record_attempt(store, connection, Action.SIGN_IN_REFUSED, account)
    if admission.attempt_id is None:
        raise UsageError(
            "sign_in_refused",
            "There were too many attempts to sign in. Wait a minute and try again.",
        )
    try:
        right = is_right(password, hashed)
    except TooBusy:
        with store.database.write() as connection:
            store.attempts.withdraw(connection, admission.attempt_id)
        raise
    with store.database.write() as connection:
        if right:
            store.attempts.succeeded(connection, admission.attempt_id)
        else:
            _record_attempt(store, connection, Action.SIGN_IN_FAILED, account)
    if account is None or hashed is None or not right:
        raise _failed()
    return account.id, hashed


def sign_out(store: Store, secret: str) -> None:
    """End the session of a browser, if it is one."""
    with store.database.write() as connection:
        session = store.sessions.find(connection, secret)
        if session is None:
            return
        store.sessions.end(connection, session.account_id, session.id)
        store.audit.record(
            connection,
            AuditEvent(Action.SIGNED_OUT, session.account_id, subject_id=session.account_id),
        )


def change_password(store: Store, account_id: str, old: str, new: str, address: str) -> SignedIn:
    """Change one's own password; all sessions end, and the one that is returned begins.

    Raises UsageError as `sign_in` does where the old one is wrong, and for a new one that is weak.
    """
    with store.database.read() as connection:
        account = store.accounts.get(connection, account_id)
    if account is None:
        raise _failed()
    require_good(new, account.email)
    _, hashed = _proved(store, account.email, old, address)
    renewed = hash_password(new)
    with store.database.write() as connection:
        begin_session(store, connection, account_id, hashed)
        set_password(store, connection, account_id, renewed)
        signed_in = begin_session(store, connection, account_id)
        record_password(store, connection, account_id)
    return signed_in


def set_password(store: Store, connection: Connection, account_id: str, hashed: str) -> None:
    """Replace a password; whoever came in by the old one is out, and links are worthless."""
    store.accounts.set_password_hash(connection, account_id, hashed)
    store.sessions.end_all(connection, account_id)
    store.links.withdraw(connection, account_id)


def record_sign_in(store: Store, connection: Connection, account_id: str) -> None:
    """Write down that somebody signed in."""
    store.audit.record(connection, AuditEvent(Action.SIGNED_IN, account_id, subject_id=account_id))


def record_password(store: Store, connection: Connection, account_id: str) -> None:
    """Write down that somebody changed their password."""
    store.audit.record(
        connection, AuditEvent(Action.PASSWORD_CHANGED, account_id, subject_id=account_id)
    )


def require_passwords(store: Store) -> None:
    """Raise UsageError `no_passwords` where everybody comes through an identity provider."""
    if store.settings.oidc.only:
        raise UsageError(
            "no_passwords",
            "There are no passwords here. Sign in through your organisation.",
        )


def _record_attempt(
    store: Store, connection: Connection, action: Action, account: Account | None
) -> None:
    subject = None if account is None else account.id
    store.audit.record(connection, AuditEvent(action, subject_id=subject))


def _failed() -> UsageError:
    return UsageError("sign_in_failed", "This e-mail address and password do not belong together.")
