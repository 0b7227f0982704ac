"""Links that let somebody in once: invitations, resets, and the one that `serve` prints.

Nothing is sent by e-mail: whoever makes a link hands it on. What is sent to a page before somebody
presses its button (mail programs open links) uses nothing up.
"""

from dataclasses import dataclass

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.accounts import Account, NewAccount, add_account, known_account
from transcriber.services.passwords import hash_password, require_good
from transcriber.services.sign_in import (
    SignedIn,
    begin_session,
    record_password,
    record_sign_in,
    require_passwords,
    set_password,
)
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.links import LinkKind
from transcriber.storage.database.locks import Lock, hold

__all__ = ["LinkKind", "OpenLink", "accept", "invite", "look_at", "path_of", "sign_in_by_link"]

_RECORDED = {
    LinkKind.INVITATION: Action.ACCOUNT_INVITED,
    LinkKind.RESET: Action.RESET_LINK_MADE,
    LinkKind.SIGN_IN: Action.SIGN_IN_LINK_MADE,
}
LOCAL_ADMINISTRATOR = NewAccount(
    "administrator@localhost", "Administrator", is_admin=True, begins_studies=True
)
"""Who starts a server on their own machine and has no account yet."""


@dataclass(frozen=True, slots=True)
class OpenLink:
    """What a link that was not used yet is for, and whose it is."""

    kind: LinkKind
    account: Account


def path_of(secret: str) -> str:
    """Return the path of the page that a link opens."""
    return f"/link/{secret}"


def invite(store: Store, new: NewAccount, *, by: str | None = None) -> tuple[Account, str]:
    """Make an account and an invitation to it; return it with the link's secret.

    Where there is an account of this e-mail address, it is invited again and stays as it is.
    Raises UsageError as `create_account` does.
    """
    with store.database.write() as connection:
        hold(connection, Lock.ACCOUNTS)
        known = store.accounts.with_email(connection, new.email)
        account = known or add_account(store, connection, new)
        secret = store.links.add(connection, account.id, LinkKind.INVITATION)
        store.audit.record(
            connection, AuditEvent(Action.ACCOUNT_INVITED, by, subject_id=account.id)
        )
    return account, secret


def make_link(store: Store, account_id: str, kind: LinkKind, *, by: str | None = None) -> str:
    """Make a link of a kind and return its secret; earlier ones of that kind are worthless.

    Raises UsageError `no_such_account`.
    """
    with store.database.write() as connection:
        known_account(store, connection, account_id)
        secret = store.links.add(connection, account_id, kind)
        store.audit.record(connection, AuditEvent(_RECORDED[kind], by, subject_id=account_id))
    return secret


def first_sign_in_link(store: Store) -> str:
    """Return a sign-in link for whoever starts the server: the first administrator.

    Where there is none yet, one is made.
    """
    with store.database.write() as connection:
        hold(connection, Lock.ACCOUNTS)
        administrators = (
            account
            for account in store.accounts.all(connection)
            if account.is_admin and not account.is_disabled
        )
        account = next(administrators, None)
        account = account or add_account(store, connection, LOCAL_ADMINISTRATOR)
        secret = store.links.add(connection, account.id, LinkKind.SIGN_IN)
        store.audit.record(connection, AuditEvent(Action.SIGN_IN_LINK_MADE, subject_id=account.id))
    return secret


def look_at(store: Store, secret: str) -> OpenLink:
    """Say what a link is for, without using it. Raises UsageError `link_gone`."""
    with store.database.read() as connection:
        link = store.links.find(connection, secret)
        account = None if link is None else store.accounts.get(connection, link.account_id)
    if link is None or account is None:
        raise _gone()
    return OpenLink(link.kind, account)


def accept(store: Store, secret: str, password: str) -> SignedIn:
    """Use an invitation or a reset: set the password, end all sessions, and sign in.

    Raises UsageError `link_gone`, for a weak password, and `no_passwords` where everybody comes
    through an identity provider; TooBusy. What is refused uses nothing up.
    """
    require_passwords(store)
    found = look_at(store, secret)
    if found.kind is LinkKind.SIGN_IN:
        raise _gone()
    require_good(password, found.account.email)
    hashed = hash_password(password)
    with store.database.write() as connection:
        link = store.links.use(connection, secret)
        if link is None:
            raise _gone()
        set_password(store, connection, link.account_id, hashed)
        signed_in = begin_session(store, connection, link.account_id)
        record_password(store, connection, link.account_id)
    return signed_in


def sign_in_by_link(store: Store, secret: str) -> SignedIn:
    """Use a sign-in link. Raises UsageError `link_gone`."""
    with store.database.write() as connection:
        link = store.links.use(connection, secret)
        if link is None or link.kind is not LinkKind.SIGN_IN:
            raise _gone()
        signed_in = begin_session(store, connection, link.account_id)
        record_sign_in(store, connection, link.account_id)
    return signed_in


def _gone() -> UsageError:
    return UsageError(
        "link_gone",
        "This link was used already, is too old or was replaced by a newer one. Ask whoever gave "
        "it to you for another.",
    )
