"""Accounts: who may sign in, found by e-mail address or by who they are at a provider."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, true, update

from transcriber.storage.database.account_tables import ACCOUNT
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, Sealed, seal, tag, unseal


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in; times are UTC in milliseconds.

    `is_admin` runs the service, `begins_studies` may make new ones. `has_subject` is true once they
    came through the identity provider.
    """

    id: str
    email: str
    name: str
    is_admin: bool
    begins_studies: bool
    has_password: bool
    has_subject: bool
    created_at_ms: int
    signed_in_at_ms: int | None
    disabled_at_ms: int | None

    @property
    def is_disabled(self) -> bool:
        """Whether they may not sign in."""
        return self.disabled_at_ms is not None


@dataclass(frozen=True, slots=True)
class Subject:
    """Who somebody is at an identity provider (`iss` and `sub` of OpenID Connect Core 5.7)."""

    issuer: str
    subject: str


class Accounts:
    """Keeps accounts; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(
        self, connection: Connection, email: str, name: str, *, is_admin: bool, begins_studies: bool
    ) -> Account:
        """Keep a new account. Raises Conflict when there is one of this e-mail address."""
        key = self._keyring.service_or_new(connection)
        account_id = new_id()
        connection.execute(
            insert(ACCOUNT).values(
                id=account_id,
                email=_seal(key, "email", account_id, email),
                email_tag=email_tag(key, email),
                name=_seal(key, "name", account_id, name),
                is_admin=is_admin,
                begins_studies=begins_studies,
                created_at_ms=now_ms(),
            )
        )
        (account,) = self._found(connection, ACCOUNT.c.id == account_id)
        return account

    def get(self, connection: Connection, account_id: str) -> Account | None:
        """Return the account of this id."""
        found = self._found(connection, ACCOUNT.c.id == account_id)
        return found[0] if found else None

    def with_email(self, connection: Connection, email: str) -> Account | None:
        """Return the account of this e-mail address, whatever its capitals."""
        key = self._keyring.service(connection)
        if key is None:
            return None
        found = self._found(connection, ACCOUNT.c.email_tag == email_tag(key, email))
        return found[0] if found else None

    def with_subject(self, connection: Connection, subject: Subject) -> Account | None:
        """Return the account of somebody at the identity provider."""
        key = self._keyring.service(connection)
        if key is None:
            return None
        found = self._found(connection, ACCOUNT.c.subject_tag == _subject_tag(key, subject))
        return found[0] if found else None

    def all(self, connection: Connection) -> tuple[Account, ...]:
        """Return all accounts, the oldest first."""
        return tuple(self._found(connection, true()))

    def password_hash(self, connection: Connection, account_id: str) -> str | None:
        """Return what the password is checked with, None where there is no password."""
        sealed = connection.execute(
            select(ACCOUNT.c.password).where(ACCOUNT.c.id == account_id)
        ).scalar_one_or_none()
        if sealed is None:
            return None
        key = self._keyring.service_or_new(connection)
        return unseal(key, Place(ACCOUNT.name, "password", account_id), sealed).decode()

    def set_password_hash(self, connection: Connection, account_id: str, hashed: str) -> None:
        """Replace what the password is checked with."""
        key = self._keyring.service_or_new(connection)
        sealed = _seal(key, "password", account_id, hashed)
        self._change(connection, account_id, password=sealed)

    def set_subject(self, connection: Connection, account_id: str, subject: Subject) -> None:
        """Note who they are at the identity provider. Raises Conflict when another account is."""
        key = self._keyring.service_or_new(connection)
        self._change(connection, account_id, subject_tag=_subject_tag(key, subject))

    def set_rights(
        self, connection: Connection, account_id: str, *, is_admin: bool, begins_studies: bool
    ) -> None:
        """Replace what they may do beside their studies."""
        self._change(connection, account_id, is_admin=is_admin, begins_studies=begins_studies)

    def disable(self, connection: Connection, account_id: str) -> None:
        """Let them sign in no more."""
        self._change(connection, account_id, disabled_at_ms=now_ms())

    def enable(self, connection: Connection, account_id: str) -> None:
        """Let them sign in again."""
        self._change(connection, account_id, disabled_at_ms=None)

    def signed_in(self, connection: Connection, account_id: str) -> None:
        """Note that they signed in now."""
        self._change(connection, account_id, signed_in_at_ms=now_ms())

    def _change(self, connection: Connection, account_id: str, **values: object) -> None:
        connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(**values))

    def _found(self, connection: Connection, which: ColumnElement[bool]) -> Sequence[Account]:
        key = self._keyring.service(connection)
        if key is None:
            return []
        rows = connection.execute(
            select(ACCOUNT).where(which).order_by(ACCOUNT.c.created_at_ms, ACCOUNT.c.id)
        ).mappings()
        return [_account(key, row) for row in rows]


def email_tag(key: Key, email: str) -> bytes:
    """Return what an e-mail address is found by, whatever its capitals and outer spaces."""
    return tag(key, "email", email.strip().casefold())


def _account(key: Key, row: RowMapping) -> Account:
    account_id = row["id"]
    email, name = (
        unseal(key, Place(ACCOUNT.name, column, account_id), row[column]).decode()
        for column in ("email", "name")
    )
    return Account(
        id=account_id,
        email=email,
        name=name,
        is_admin=row["is_admin"],
        begins_studies=row["begins_studies"],
        has_password=row["password"] is not None,
        has_subject=row["subject_tag"] is not None,
        created_at_ms=row["created_at_ms"],
        signed_in_at_ms=row["signed_in_at_ms"],
        disabled_at_ms=row["disabled_at_ms"],
    )


def _seal(key: Key, column: str, account_id: str, value: str) -> Sealed:
    return seal(key, Place(ACCOUNT.name, column, account_id), value.encode())


def _subject_tag(key: Key, subject: Subject) -> bytes:
    return tag(key, "subject", f"{subject.issuer}\0{subject.subject}")
