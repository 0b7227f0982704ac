"""Links that let somebody in once: invitations, resets, and the one for who starts a server."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select

from transcriber.storage.database.account_tables import ACCOUNT, LINK
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.ids import new_id, new_secret
from transcriber.storage.keys.sealing import tag


class LinkKind(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"
    SIGN_IN = "sign_in"


LIFETIME_MS = {
    LinkKind.INVITATION: 7 * 24 * 60 * 60 * 1000,
    LinkKind.RESET: 60 * 60 * 1000,
    LinkKind.SIGN_IN: 15 * 60 * 1000,
}
"""How long a link waits to be used. Resets: OWASP Forgot Password Cheat Sheet, "short"."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was not used yet, and whose it is; the time is UTC in milliseconds."""

    id: str
    account_id: str
    kind: LinkKind
    expires_at_ms: int


class Links:
    """Keeps links; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(self, connection: Connection, account_id: str, kind: LinkKind) -> str:
        """Make a link and return its secret; earlier ones of this kind are worthless."""
        secret = new_secret()
        key = self._keyring.service_or_new(connection)
        self.withdraw(connection, account_id, kind)
        connection.execute(delete(LINK).where(LINK.c.expires_at_ms <= now_ms()))
        connection.execute(
            insert(LINK).values(
                id=new_id(),
                account_id=account_id,
                kind=kind,
                secret_tag=tag(key, "link", secret),
                created_at_ms=now_ms(),
                expires_at_ms=now_ms() + LIFETIME_MS[kind],
            )
        )
        return secret

    def find(self, connection: Connection, secret: str) -> Link | None:
        """Return the link of a secret, None where it was used, is too old or nobody may use it."""
        key = self._keyring.service(connection)
        if key is None:
            return None
        row = connection.execute(
            select(LINK)
            .join(ACCOUNT)
            .where(
                LINK.c.secret_tag == tag(key, "link", secret),
                LINK.c.expires_at_ms > now_ms(),
                ACCOUNT.c.disabled_at_ms.is_(None),
            )
        ).one_or_none()
        if row is None:
            return None
        return Link(row.id, row.account_id, LinkKind(row.kind), row.expires_at_ms)

    def use(self, connection: Connection, secret: str) -> Link | None:
        """Take a link, which nobody can take again; None as for `find`."""
        link = self.find(connection, secret)
        if link is None:
            return None
        taken = connection.execute(delete(LINK).where(LINK.c.id == link.id))
        return link if taken.rowcount else None

    def is_open(self, connection: Connection, account_id: str, kind: LinkKind) -> bool:
        """Whether a link of this kind waits to be used."""
        found = connection.execute(
            select(LINK.c.id).where(
                LINK.c.account_id == account_id,
                LINK.c.kind == kind,
                LINK.c.expires_at_ms > now_ms(),
            )
        )
        return found.first() is not None

    def withdraw(
        self, connection: Connection, account_id: str, kind: LinkKind | None = None
    ) -> None:
        """Make the links of an account worthless: of one kind, or all."""
        which = LINK.c.account_id == account_id
        if kind is not None:
            which &= LINK.c.kind == kind
        connection.execute(delete(LINK).where(which))
