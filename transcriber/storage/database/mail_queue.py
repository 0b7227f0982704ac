"""Mails to people of a study: written in the commit of what they tell, sent later, tried again.

Nothing here is sealed: a row is an event and ids, and addresses are looked up when it is sent.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from transcriber.domain.webhook_event import WebhookEvent
from transcriber.storage.database.account_tables import ACCOUNT
from transcriber.storage.database.attempts import MINUTE_MS, next_attempt, take_due
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.database import Database
from transcriber.storage.database.service_tables import MAIL
from transcriber.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class Mail:
    """What an account is to be told of a study, at its attempt number `attempts`."""

    id: str
    account_id: str
    study_id: str
    event: WebhookEvent
    attempts: int


def announce_by_mail(
    connection: Connection, event: WebhookEvent, study_id: str, account_ids: Collection[str]
) -> None:
    """Write a mail to each of some accounts that may sign in, unless one waits already."""
    waiting = select(MAIL.c.account_id).where(
        MAIL.c.study_id == study_id, MAIL.c.event == event.value
    )
    wanting = connection.execute(
        select(ACCOUNT.c.id).where(
            ACCOUNT.c.id.in_(account_ids),
            ACCOUNT.c.disabled_at_ms.is_(None),
            ACCOUNT.c.id.not_in(waiting),
        )
    ).scalars()
    for account_id in list(wanting):
        connection.execute(
            insert(MAIL).values(
                id=new_id(),
                account_id=account_id,
                study_id=study_id,
                event=event.value,
                next_at_ms=now_ms(),
                created_at_ms=now_ms(),
            )
        )


def take_mail(database: Database) -> Mail | None:
    """Take the mail that is due for longest; None when there is none. Raises StorageError."""
    with database.write() as connection:
        row = take_due(connection, MAIL, MINUTE_MS)
    if row is None:
        return None
    event = WebhookEvent(row["event"])
    return Mail(row["id"], row["account_id"], row["study_id"], event, row["attempts"])


def mail_ended(database: Database, mail: Mail) -> None:
    """Take a mail off the list: it was sent, or there is nobody to send it to."""
    with database.write() as connection:
        connection.execute(delete(MAIL).where(MAIL.c.id == mail.id))


def mail_failed(database: Database, mail: Mail) -> bool:
    """Let a mail be tried later; return whether it was given up."""
    later = next_attempt(mail.attempts)
    if later is None:
        mail_ended(database, mail)
        return True
    with database.write() as connection:
        connection.execute(update(MAIL).where(MAIL.c.id == mail.id).values(next_at_ms=later))
    return False
