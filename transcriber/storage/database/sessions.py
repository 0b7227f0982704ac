"""Sessions: a browser that somebody signed in with. Of its secret only a tag is stored."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from transcriber.storage.database.account_tables import ACCOUNT, SESSION
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.ids import new_id, new_secret
from transcriber.storage.keys.sealing import tag

SEEN_EVERY_MS = 60_000
"""How exactly it is known when a session was last used; each time is a write."""


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """How long a session lives unused, and at the longest."""

    idle_ms: int
    longest_ms: int


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in; times are UTC in milliseconds."""

    id: str
    account_id: str
    created_at_ms: int
    seen_at_ms: int
    expires_at_ms: int


class Sessions:
    """Keeps sessions; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring, terms: SessionTerms) -> None:
        self._keyring = keyring
        self._terms = terms

    def begin(self, connection: Connection, account_id: str) -> str:
        """Begin a session of an account and return its secret, which is stored nowhere."""
        secret = new_secret()
        key = self._keyring.service_or_new(connection)
        connection.execute(
            insert(SESSION).values(
                id=new_id(),
                account_id=account_id,
                secret_tag=tag(key, "session", secret),
                created_at_ms=now_ms(),
                seen_at_ms=now_ms(),
                expires_at_ms=now_ms() + self._terms.longest_ms,
            )
        )
        connection.execute(delete(SESSION).where(~self._alive()))
        return secret

    def find(self, connection: Connection, secret: str) -> Session | None:
        """Return the session of a secret, None where it ended or its account is disabled."""
        key = self._keyring.service(connection)
        if key is None:
            return None
        row = connection.execute(
            select(SESSION)
            .join(ACCOUNT)
            .where(
                SESSION.c.secret_tag == tag(key, "session", secret),
                self._alive(),
                ACCOUNT.c.disabled_at_ms.is_(None),
            )
        ).one_or_none()
        if row is None:
            return None
        return Session(row.id, row.account_id, row.created_at_ms, row.seen_at_ms, row.expires_at_ms)

    def is_seen_lately(self, connection: Connection, session: Session) -> bool:
        """Whether it was noted within the last minute that the session is used."""
        age = select(now_ms() - session.seen_at_ms)
        return bool(connection.execute(age).scalar_one() < SEEN_EVERY_MS)

    def seen(self, connection: Connection, session: Session) -> None:
        """Note that the session is used now."""
        connection.execute(
            update(SESSION).where(SESSION.c.id == session.id).values(seen_at_ms=now_ms())
        )

    def of(self, connection: Connection, account_id: str) -> tuple[Session, ...]:
        """Return the sessions of an account that are alive, the newest first."""
        rows = connection.execute(
            select(SESSION)
            .where(SESSION.c.account_id == account_id, self._alive())
            .order_by(SESSION.c.created_at_ms.desc(), SESSION.c.id)
        )
        return tuple(
            Session(row.id, row.account_id, row.created_at_ms, row.seen_at_ms, row.expires_at_ms)
            for row in rows
        )

    def end(self, connection: Connection, account_id: str, session_id: str) -> bool:
        """End one session of an account; return whether there was one."""
        ended = connection.execute(
            delete(SESSION).where(SESSION.c.id == session_id, SESSION.c.account_id == account_id)
        )
        return ended.rowcount > 0

    def end_all(self, connection: Connection, account_id: str) -> None:
        """End all sessions of an account."""
        connection.execute(delete(SESSION).where(SESSION.c.account_id == account_id))

    def _alive(self) -> ColumnElement[bool]:
        now = now_ms()
        return (SESSION.c.expires_at_ms > now) & (SESSION.c.seen_at_ms > now - self._terms.idle_ms)
