"""Warnings by mail: through a real server, encrypted, to those who manage a study, and once."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from sqlalchemy import select, update

from tests.planted import plant, plant_study
from tests.served import free_port
from transcriber.domain.access import Role
from transcriber.domain.errors import UsageError
from transcriber.domain.retention import Retention, Rule
from transcriber.domain.study_terms import StudyTerms
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.local_certificate import local_certificate
from transcriber.services.mail import send_mail_due
from transcriber.services.members import grant
from transcriber.services.retention.purge import Look, purge
from transcriber.services.settings import MailSettings, load_settings
from transcriber.services.store import Store
from transcriber.storage.database.service_tables import MAIL
from transcriber.storage.database.studies import Study

DAY_MS = 24 * 3_600_000
PASSWORD = "a password of the mail server"


class Kept:
    """Takes mails and keeps them; `refuses` answers as a full or broken server does."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[str] = []
        self.refuses = False
        self.farewell = "221 Bye"

    async def handle_QUIT(self, _server: object, _session: object, _envelope: object) -> str:  # noqa: N802 - aiosmtpd's name
        return self.farewell

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuses:
            return "451 4.3.0 try again later, lead@example.org"
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.to += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def mail_server(kept: Kept, folder: Path) -> Iterator[int]:
    """Run a server that takes mails only encrypted and from who knows the password."""
    certificate = local_certificate(folder, "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)

    def knows(*arguments: object) -> AuthResult:
        given = arguments[-1]
        is_it = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
        return AuthResult(success=is_it)

    server = Controller(
        kept,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=knows,
    )
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def mailing(
    opened: Store, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """A store whose settings name a mail server that runs."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mail" / "certificate.pem"))
    password_file = tmp_path / "mail-password"
    password_file.write_text(PASSWORD)
    with mail_server(kept, tmp_path / "mail") as port:
        mail = MailSettings(
            server="127.0.0.1",
            port=port,
            encryption="starttls",
            sender="transcriber@example.org",
            user_name="transcriber",
            password_file=password_file,
        )
        yield replace(opened, settings=opened.settings.model_copy(update={"mail": mail}))


def study_with_sound_soon_due(store: Store) -> Study:
    study = plant_study(store)
    terms = StudyTerms(retention=Retention(sound=Rule(days_after_release=30)))
    with store.database.write() as connection:
        study = store.studies.agree(connection, study, replace(study.agreed, terms=terms))
    plant(store, study)
    for role in (Role.LEAD, Role.DATA_MANAGER, Role.REVIEWER):
        account = create_account(store, NewAccount(f"{role.value}@example.org", role.value))
        grant(store, study.id, account.id, role)
    return study


def look(store: Store, days: float) -> None:
    purge(store, Look(round(time.time() * 1000 + days * DAY_MS), trusted=True))


def waiting(store: Store) -> int:
    with store.database.read() as connection:
        return len(connection.execute(select(MAIL.c.id)).all())


def test_who_manages_a_study_is_told_once_and_nothing_is_named(mailing: Store, kept: Kept) -> None:
    study = study_with_sound_soon_due(mailing)
    look(mailing, 10)
    assert (send_mail_due(mailing), kept.mails) == (0, [])
    look(mailing, 17)
    look(mailing, 18)
    assert send_mail_due(mailing) == 2
    assert send_mail_due(mailing) == 0
    assert sorted(kept.to) == ["data_manager@example.org", "lead@example.org"]
    for mail in kept.mails:
        whole = f"{mail['Subject']}\n{mail.get_content()}"
        assert "will soon be destroyed" in whole
        assert study.name not in whole
        assert all(name not in whole for name in study.agreed.roster.names)


def test_a_mail_leads_to_the_page_where_the_service_knows_its_address(
    mailing: Store, kept: Kept
) -> None:
    settings = mailing.settings.model_copy(update={"public_url": "https://talk.example.org/"})
    study = study_with_sound_soon_due(mailing)
    look(mailing, 17)
    assert send_mail_due(replace(mailing, settings=settings)) == 2
    where = f"https://talk.example.org/studies/{study.id}/retention"
    assert len(kept.mails) == 2
    assert all(where in mail.get_content() for mail in kept.mails)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mail_that_was_not_taken_is_sent_later(
    mailing: Store, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    study_with_sound_soon_due(mailing)
    look(mailing, 17)
    kept.refuses = True
    assert send_mail_due(mailing) == 0
    assert waiting(mailing) == 2
    assert "SMTPDataError, attempt 1" in caplog.text
    assert "@" not in caplog.text  # what the server says may quote addresses
    kept.refuses = False
    assert send_mail_due(mailing) == 0  # not at once
    with mailing.database.write() as connection:
        connection.execute(update(MAIL).values(next_at_ms=0))
    assert send_mail_due(mailing) == 2
    assert waiting(mailing) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mail_that_was_taken_is_not_sent_again_for_a_poor_farewell(
    mailing: Store, kept: Kept
) -> None:
    study_with_sound_soon_due(mailing)
    look(mailing, 17)
    kept.farewell = "421 4.3.2 shutting down"
    assert send_mail_due(mailing) == 2
    assert (waiting(mailing), len(kept.mails)) == (0, 2)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mail_is_given_up_in_the_end(mailing: Store, kept: Kept) -> None:
    study_with_sound_soon_due(mailing)
    look(mailing, 17)
    kept.refuses = True
    for _ in range(8):
        assert waiting(mailing) == 2
        send_mail_due(mailing)
        with mailing.database.write() as connection:
            connection.execute(update(MAIL).values(next_at_ms=0))
    assert waiting(mailing) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_server_that_nobody_vouches_for_gets_nothing(
    mailing: Store, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    study_with_sound_soon_due(mailing)
    look(mailing, 17)
    assert send_mail_due(mailing) == 0
    assert kept.mails == []
    assert waiting(mailing) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_a_server_no_mail_is_written(opened: Store) -> None:
    study_with_sound_soon_due(opened)
    look(opened, 17)
    assert waiting(opened) == 0
    assert send_mail_due(opened) == 0


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("server: mail.example.org", "needs a sender"),
        ("server: mail.example.org\n  sender: no address", "one mail address"),
        ("user_name: transcriber", "go together"),
        (
            "server: mail.example.org\n  sender: a@example.org\n  encryption: none",
            "on this machine",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused(said: str, why: str, tmp_path: Path) -> None:
    file = tmp_path / "mail.yaml"
    file.write_text(f"mail:\n  {said}\n")
    with pytest.raises(UsageError, match=why):
        load_settings({"TRANSCRIBER_CONFIG": str(file), "TRANSCRIBER_HOME": str(tmp_path)})
