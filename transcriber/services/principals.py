"""From the secret of a cookie or a token to somebody with permissions."""

from sqlalchemy import Connection

from transcriber.domain.access import Permission, Principal, Role
from transcriber.services.accounts import known_account
from transcriber.services.store import Store
from transcriber.storage.database.accounts import Account
from transcriber.storage.database.api_tokens import ApiToken
from transcriber.storage.database.memberships import roles_of


def principal_of_session(store: Store, secret: str) -> Principal | None:
    """Return who is signed in with a browser, None where its session ended."""
    with store.database.read() as connection:
        session = store.sessions.find(connection, secret)
        if session is None:
            return None
        account = known_account(store, connection, session.account_id)
        principal = _principal(connection, account)
        is_noted = store.sessions.is_seen_lately(connection, session)
    if not is_noted:
        with store.database.write() as connection:
            store.sessions.seen(connection, session)
    return principal


def principal_of_token(store: Store, secret: str) -> Principal | None:
    """Return whom a token stands for and what it allows, None where it ended."""
    with store.database.read() as connection:
        token = store.tokens.find(connection, secret)
        if token is None:
            return None
        account = known_account(store, connection, token.account_id)
        principal = _principal(connection, account, token)
        is_noted = store.tokens.is_used_lately(connection, token)
    if not is_noted:
        with store.database.write() as connection:
            store.tokens.used(connection, token)
    return principal


def _principal(
    connection: Connection, account: Account, token: ApiToken | None = None
) -> Principal:
    roles = roles_of(connection, account.id)
    if token is None:
        return Principal(account.id, account.is_admin, account.begins_studies, roles)
    if token.study_id is None:
        return Principal(account.id, account.is_admin, account.begins_studies, roles, token.scopes)
    mine: dict[str, Role] = {
        study: role for study, role in roles.items() if study == token.study_id
    }
    return Principal(account.id, roles=mine, scopes=token.scopes)


_OF_EVERYBODY = (Permission.ANYBODY, Permission.SIGNED_IN, Permission.OWN_ACCOUNT)


def allowed_scopes(principal: Principal) -> frozenset[Permission]:
    """Return what a token of theirs may allow: what they may do themselves, somewhere."""
    return frozenset(
        permission
        for permission in Permission
        if permission not in _OF_EVERYBODY
        and (
            principal.may(permission)
            or any(principal.may(permission, study) for study in principal.roles)
        )
    )
