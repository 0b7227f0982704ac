"""API tokens: what a program signs in with. Of its secret only a tag is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select, update

from transcriber.domain.access import Permission
from transcriber.storage.database.account_tables import ACCOUNT, API_TOKEN
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.ids import new_id, new_secret
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, seal, tag, unseal

PREFIX = "transcriber_"
"""What every token begins with, so that scanners for secrets know one in a repository."""

USED_EVERY_MS = 60_000
"""How exactly it is known when a token was last used; each time is a write."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token without its secret; times are UTC in milliseconds.

    `study_id` is the one study that it is for, None for all studies of the account.
    """

    id: str
    account_id: str
    study_id: str | None
    name: str
    scopes: frozenset[Permission]
    created_at_ms: int
    used_at_ms: int | None
    expires_at_ms: int


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token shall be called, be for and allow, and how long."""

    name: str
    scopes: frozenset[Permission]
    study_id: str | None
    lifetime_ms: int


class ApiTokens:
    """Keeps tokens; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(self, connection: Connection, account_id: str, new: NewToken) -> tuple[ApiToken, str]:
        """Keep a new token and return it with its secret, which is stored nowhere."""
        secret, token_id = PREFIX + new_secret(), new_id()
        key = self._keyring.service_or_new(connection)
        connection.execute(
            insert(API_TOKEN).values(
                id=token_id,
                account_id=account_id,
                study_id=new.study_id,
                secret_tag=tag(key, "api token", secret),
                name=seal(key, Place(API_TOKEN.name, "name", token_id), new.name.encode()),
                scopes=_dumped(new.scopes),
                created_at_ms=now_ms(),
                expires_at_ms=now_ms() + new.lifetime_ms,
            )
        )
        (token,) = self._found(connection, API_TOKEN.c.id == token_id)
        return token, secret

    def find(self, connection: Connection, secret: str) -> ApiToken | None:
        """Return the token of a secret, None where it ended or its account is disabled."""
        key = self._keyring.service(connection)
        if key is None:
            return None
        found = self._found(
            connection,
            (API_TOKEN.c.secret_tag == tag(key, "api token", secret))
            & (API_TOKEN.c.expires_at_ms > now_ms())
            & ACCOUNT.c.disabled_at_ms.is_(None),
        )
        return found[0] if found else None

    def is_used_lately(self, connection: Connection, token: ApiToken) -> bool:
        """Whether it was noted within the last minute that the token is used."""
        if token.used_at_ms is None:
            return False
        age = select(now_ms() - token.used_at_ms)
        return bool(connection.execute(age).scalar_one() < USED_EVERY_MS)

    def used(self, connection: Connection, token: ApiToken) -> None:
        """Note that the token is used now."""
        connection.execute(
            update(API_TOKEN).where(API_TOKEN.c.id == token.id).values(used_at_ms=now_ms())
        )

    def of(self, connection: Connection, account_id: str) -> tuple[ApiToken, ...]:
        """Return the tokens of an account, the newest first, those that ended too."""
        return tuple(self._found(connection, API_TOKEN.c.account_id == account_id))

    def revoke(self, connection: Connection, account_id: str, token_id: str) -> bool:
        """Delete a token of an account; return whether there was one."""
        revoked = connection.execute(
            delete(API_TOKEN).where(
                API_TOKEN.c.id == token_id, API_TOKEN.c.account_id == account_id
            )
        )
        return revoked.rowcount > 0

    def revoke_all(self, connection: Connection, account_id: str) -> None:
        """Delete all tokens of an account."""
        connection.execute(delete(API_TOKEN).where(API_TOKEN.c.account_id == account_id))

    def _found(self, connection: Connection, which: ColumnElement[bool]) -> Sequence[ApiToken]:
        key = self._keyring.service(connection)
        if key is None:
            return []
        rows = connection.execute(
            select(API_TOKEN)
            .join(ACCOUNT)
            .where(which)
            .order_by(API_TOKEN.c.created_at_ms.desc(), API_TOKEN.c.id)
        ).mappings()
        return [_token(key, row) for row in rows]


def _token(key: Key, row: RowMapping) -> ApiToken:
    return ApiToken(
        id=row["id"],
        account_id=row["account_id"],
        study_id=row["study_id"],
        name=unseal(key, Place(API_TOKEN.name, "name", row["id"]), row["name"]).decode(),
        scopes=frozenset(Permission(code) for code in row["scopes"].split()),
        created_at_ms=row["created_at_ms"],
        used_at_ms=row["used_at_ms"],
        expires_at_ms=row["expires_at_ms"],
    )


def _dumped(scopes: Iterable[Permission]) -> str:
    return " ".join(sorted(scopes))
