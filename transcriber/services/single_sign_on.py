"""Signing in through the identity provider of an organisation (OpenID Connect Core 1.0).

Somebody is known by issuer and subject, which never change hands; e-mail addresses do. The first
time, the provider's verified e-mail address leads to an account with an open invitation.
"""

import base64
import binascii
import json
import time
from typing import Any

from transcriber.domain.audit import Action
from transcriber.domain.errors import StorageError, UsageError
from transcriber.services.sign_in import SignedIn, begin_session, record_sign_in
from transcriber.services.store import Store
from transcriber.storage.database.accounts import Subject
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.links import LinkKind
from transcriber.storage.keys.sealing import Place, seal, unseal

__all__ = ["Subject", "is_offered", "open_state", "seal_state", "sign_in_as"]

STATE_S = 600
"""How long somebody may stay at the provider before they come back."""

_PLACE = Place("single_sign_on", "state", "cookie")


def is_offered(store: Store) -> bool:
    """Whether people may sign in through an organisation."""
    return store.settings.oidc.issuer is not None


def require_offered(store: Store) -> None:
    """Raise UsageError `not_found` where no provider is set up."""
    if not is_offered(store):
        raise UsageError("not_found", "No organisation is set up here to sign in through.")


def sign_in_as(store: Store, subject: Subject, verified_email: str | None) -> SignedIn:
    """Sign in somebody whom the provider vouched for.

    `verified_email` is None where the provider did not say that it is theirs. Raises UsageError
    `not_invited`, and `sign_in_failed` where the account is disabled.
    """
    with store.database.write() as connection:
        account = store.accounts.with_subject(connection, subject)
        if account is None and verified_email is not None:
            invited = store.accounts.with_email(connection, verified_email)
            if invited and store.links.is_open(connection, invited.id, LinkKind.INVITATION):
                account = invited
                store.accounts.set_subject(connection, account.id, subject)
                store.links.withdraw(connection, account.id)
        if account is not None and not account.is_disabled:
            signed_in = begin_session(store, connection, account.id)
            record_sign_in(store, connection, account.id)
            return signed_in
        subject_id = None if account is None else account.id
        store.audit.record(connection, AuditEvent(Action.SIGN_IN_FAILED, subject_id=subject_id))
    if account is not None:
        raise UsageError("sign_in_failed", "This account may not sign in. Ask an administrator.")
    raise UsageError(
        "not_invited",
        "Your organisation knows you, but nobody has invited you here yet, or the invitation is "
        "too old. Ask whoever manages your study.",
    )


def seal_state(store: Store, state: dict[str, Any]) -> str:
    """Return what a browser keeps, and cannot read or change, while it is at the provider."""
    dumped = json.dumps({"state": state, "until_s": time.time() + STATE_S}).encode()
    with store.database.write() as connection:
        key = store.keyring.service_or_new(connection)
    return base64.urlsafe_b64encode(seal(key, _PLACE, dumped)).decode()


def open_state(store: Store, sealed: str | None) -> dict[str, Any]:
    """Return what `seal_state` was given. Raises UsageError `sign_in_interrupted`."""
    with store.database.read() as connection:
        key = store.keyring.service(connection)
    try:
        if key is None or sealed is None:
            raise ValueError
        opened = json.loads(unseal(key, _PLACE, base64.urlsafe_b64decode(sealed)))
        if opened["until_s"] < time.time():
            raise ValueError
    except (ValueError, binascii.Error, StorageError):
        raise UsageError(
            "sign_in_interrupted",
            "Signing in took too long or began in another browser. Start again.",
        ) from None
    state: dict[str, Any] = opened["state"]
    return state
