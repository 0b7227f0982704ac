"""Mails to people of a study, through the mail server that a setting names.

A mail lies in the clear on every machine that carries it. So it names no study, recording or
person: it says that there is something to look at, and where.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from transcriber.domain.errors import UsageError
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.services.rounds import send_in_round
from transcriber.services.settings import MailSettings
from transcriber.services.store import Store
from transcriber.storage.database.mail_queue import Mail, mail_ended, mail_failed, take_mail

PATIENCE_S = 15.0
"""For each answer of the mail server."""

Send = Callable[[EmailMessage], None]

_TEXTS: Mapping[WebhookEvent, tuple[str, str, str]] = {
    WebhookEvent.RETENTION_DUE: (
        "Transcriber: something of a study will soon be destroyed",
        "By the promises of one of your studies, something of it will soon be destroyed: "
        "sound, named transcripts, or the key that says who is who. Nobody has to do anything for "
        "that. If it has to stay, place a legal hold or change the promise before.",
        "retention",
    ),
}
"""Subject, text, and the page of the study that tells more."""

_log = logging.getLogger(__name__)


def send_mail_due(store: Store, sender: Send | None = None) -> int:
    """Send what is due, for a round; return how many mails the server took.

    A mail may be sent twice when its sender is killed. Raises StorageError when the database is
    away.
    """
    settings = store.settings.mail
    if sender is None and settings.server is None:
        return 0
    sends = sender or (lambda message: _send(message, settings))
    return send_in_round(
        lambda: take_mail(store.database), lambda mail: _deliver(store, mail, sends)
    )


def _deliver(store: Store, mail: Mail, sends: Send) -> bool:
    with store.database.read() as connection:
        account = store.accounts.get(connection, mail.account_id)
    if account is None or account.is_disabled:
        mail_ended(store.database, mail)
        return False
    try:
        sends(_message(store, mail, account.email))
    except (OSError, smtplib.SMTPException, UsageError, ValueError) as error:
        given_up = mail_failed(store.database, mail)
        # The text of these errors quotes addresses.
        _log.warning(
            "mail to account %s: %s, attempt %d%s",
            mail.account_id,
            type(error).__name__,
            mail.attempts,
            ", given up" if given_up else "",
        )
        return False
    mail_ended(store.database, mail)
    return True


def _message(store: Store, mail: Mail, to: str) -> EmailMessage:
    subject, text, page = _TEXTS[mail.event]
    where = (store.settings.public_url or "").rstrip("/")
    look = (
        f"Look here: {where}/studies/{mail.study_id}/{page}"
        if where
        else "Sign in and look at your studies, under Data protection."
    )
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = store.settings.mail.sender or ""
    message["To"] = to
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(mail.id, "transcriber.invalid")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer of an absent person
    message.set_content(
        f"{text}\n\n{look}\n\nYou get this as a lead or data manager of the study.\n"
    )
    return message


def _send(message: EmailMessage, settings: MailSettings) -> None:
    server, context = settings.server or "", ssl.create_default_context()
    if settings.encryption == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server, settings.port, timeout=PATIENCE_S, context=context
        )
    else:
        smtp = smtplib.SMTP(server, settings.port, timeout=PATIENCE_S)
    with closing(smtp):
        if settings.encryption == "starttls":
            smtp.starttls(context=context)  # refused by the server, it raises: never in the clear
        if settings.user_name:
            smtp.login(settings.user_name, settings.password or "")
        smtp.send_message(message)
        # The server has taken it: a poor farewell must not send it again.
        with suppress(OSError):
            smtp.quit()
