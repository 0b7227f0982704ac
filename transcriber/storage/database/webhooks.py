"""Webhooks: addresses that a study tells of what happens, with the secret that signs."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from transcriber.domain.webhook_event import WebhookEvent
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.service_tables import WEBHOOK
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, unseal

SECRET_BYTES = 32
"""Standard Webhooks asks for 24 to 64."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address and what it is told; `disabled_at_ms` since when nothing is sent any more."""

    id: str
    study_id: str
    url: str
    events: tuple[WebhookEvent, ...]
    disabled_at_ms: int | None
    created_at_ms: int


class Webhooks:
    """Keeps webhooks, sealed under their study's key, in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(
        self, connection: Connection, study_id: str, url: str, events: Collection[WebhookEvent]
    ) -> tuple[Webhook, bytes]:
        """Keep a new webhook; return it and the secret that signs, which is made here."""
        webhook_id, secret = new_id(), secrets.token_bytes(SECRET_BYTES)
        key = self._keyring.study(connection, study_id)
        connection.execute(
            insert(WEBHOOK).values(
                id=webhook_id,
                study_id=study_id,
                url=seal(key, _place("url", webhook_id), url.encode()),
                secret=seal(key, _place("secret", webhook_id), secret),
                events=sum(event.bit for event in set(events)),
                created_at_ms=now_ms(),
            )
        )
        (webhook,) = self._found(connection, study_id, WEBHOOK.c.id == webhook_id)
        return webhook, secret

    def all(self, connection: Connection, study_id: str) -> Sequence[Webhook]:
        """Return the webhooks of a study, the oldest first."""
        return self._found(connection, study_id, WEBHOOK.c.study_id == study_id)

    def get(self, connection: Connection, study_id: str, webhook_id: str) -> Webhook | None:
        """Return a webhook of a study by its id."""
        found = self._found(connection, study_id, WEBHOOK.c.id == webhook_id)
        return found[0] if found else None

    def target(self, connection: Connection, webhook_id: str) -> tuple[Webhook, bytes]:
        """Return a webhook and its secret, to send a message. Raises StorageError when erased."""
        row = connection.execute(select(WEBHOOK).where(WEBHOOK.c.id == webhook_id)).one()
        key = self._keyring.study(connection, row.study_id)
        (webhook,) = self._found(connection, row.study_id, WEBHOOK.c.id == webhook_id)
        return webhook, unseal(key, _place("secret", webhook_id), row.secret)

    def remove(self, connection: Connection, webhook_id: str) -> None:
        """Forget a webhook and all messages to it."""
        connection.execute(delete(WEBHOOK).where(WEBHOOK.c.id == webhook_id))

    def enable(self, connection: Connection, webhook_id: str) -> None:
        """Send to a webhook again; what was given up stays so."""
        connection.execute(
            update(WEBHOOK).where(WEBHOOK.c.id == webhook_id).values(disabled_at_ms=None)
        )

    def _found(
        self, connection: Connection, study_id: str, which: ColumnElement[bool]
    ) -> list[Webhook]:
        key = self._keyring.study(connection, study_id)
        rows = connection.execute(
            select(WEBHOOK)
            .where(WEBHOOK.c.study_id == study_id, which)
            .order_by(WEBHOOK.c.created_at_ms, WEBHOOK.c.id)
        )
        return [
            Webhook(
                id=row.id,
                study_id=row.study_id,
                url=unseal(key, _place("url", row.id), row.url).decode(),
                events=tuple(event for event in WebhookEvent if row.events & event.bit),
                disabled_at_ms=row.disabled_at_ms,
                created_at_ms=row.created_at_ms,
            )
            for row in rows
        ]


def _place(column: str, webhook_id: str) -> Place:
    return Place("webhook", column, webhook_id)
