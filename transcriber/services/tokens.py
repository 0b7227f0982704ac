"""API tokens: made by people for their programs, shown once, revoked at any time."""

from transcriber.domain.access import Permission, Principal
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.principals import allowed_scopes
from transcriber.services.store import Store
from transcriber.storage.database.api_tokens import ApiToken, NewToken
from transcriber.storage.database.audit_events import AuditEvent

__all__ = ["ApiToken", "create_token", "list_tokens", "revoke_token"]

MOST_DAYS = 365
DAY_MS = 24 * 60 * 60 * 1000
LONGEST_NAME = 100


def create_token(
    store: Store,
    who: Principal,
    name: str,
    scopes: frozenset[Permission],
    *,
    days: int,
    study_id: str | None = None,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which nobody can see again.

    It never allows more than its owner may do when it is used. Raises UsageError `bad_token` for a
    name or a time that will not do, and `not_allowed` for a scope or study that is not theirs.
    """
    text = " ".join(name.split())
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        raise UsageError(
            "bad_token", f"Give the token a name of at most {LONGEST_NAME} letters, on one line."
        )
    if not 1 <= days <= MOST_DAYS or not scopes:
        raise UsageError(
            "bad_token",
            f"Say what the token is for, and for how many days: at most {MOST_DAYS}.",
        )
    is_theirs = study_id is None or study_id in who.roles
    if who.scopes is not None or not is_theirs or not scopes <= allowed_scopes(who):
        raise UsageError("not_allowed", "A token cannot do what you may not do yourself.")
    new = NewToken(text, scopes, study_id, days * DAY_MS)
    with store.database.write() as connection:
        token, secret = store.tokens.add(connection, who.account_id, new)
        store.audit.record(
            connection,
            AuditEvent(Action.TOKEN_CREATED, who.account_id, study_id, subject_id=token.id),
        )
    return token, secret


def list_tokens(store: Store, account_id: str) -> tuple[ApiToken, ...]:
    """Return the tokens of an account, the newest first, those that ended too."""
    with store.database.read() as connection:
        return store.tokens.of(connection, account_id)


def revoke_token(store: Store, account_id: str, token_id: str) -> None:
    """End a token of one's own at once. Raises UsageError `not_found`."""
    with store.database.write() as connection:
        if not store.tokens.revoke(connection, account_id, token_id):
            raise UsageError("not_found", "There is no such token of yours.")
        store.audit.record(
            connection, AuditEvent(Action.TOKEN_REVOKED, account_id, subject_id=token_id)
        )
