"""Accounts and the audit, as somebody types the commands."""

import io
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import update

from transcriber.cli import main
from transcriber.domain.access import Role
from transcriber.domain.roster import Roster
from transcriber.services.accounts import account_named
from transcriber.services.links import accept, look_at
from transcriber.services.members import list_members
from transcriber.services.settings import load_settings
from transcriber.services.sign_in import sign_in
from transcriber.services.store import Store, open_store
from transcriber.services.submit import study_for
from transcriber.storage.database.tables import AUDIT_EVENT

EMAIL, PASSWORD = "priya.nair@example.ac.uk", "otter lantern gravel"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store in a data folder of one's own."""
    monkeypatch.setenv("TRANSCRIBER_HOME", str(tmp_path))
    for name in ("CONFIG", "DATABASE_URL", "BROKER_URL", "BLOB_URL"):
        monkeypatch.delenv(f"TRANSCRIBER_{name}", raising=False)
    return open_store(load_settings())


def type_password(monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))


def secret_in(printed: str) -> str:
    found = re.search(r"/link/([\w-]{43})\b", printed)
    assert found is not None
    return found[1]


def test_an_account_is_made_with_a_password_that_is_no_argument(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_password(monkeypatch)
    assert main(["user", "add", EMAIL, "--name", "Priya Nair", "--admin"]) == 0
    assert sign_in(store, EMAIL, PASSWORD, "192.0.2.1").account.is_admin
    type_password(monkeypatch)
    assert main(["user", "add", EMAIL, "--name", "Priya Nair"]) == 2
    told = capsys.readouterr()
    assert "already" in told.err
    assert PASSWORD not in told.out + told.err


def test_a_weak_password_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    type_password(monkeypatch, "short")
    assert main(["user", "add", EMAIL, "--name", "Priya Nair"]) == 2


def test_somebody_is_invited_and_resets_their_password(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", "invite", EMAIL, "--name", "Priya Nair", "--begins-studies"]) == 0
    invitation = secret_in(capsys.readouterr().out)
    assert accept(store, invitation, PASSWORD).account.begins_studies
    assert main(["user", "reset", EMAIL]) == 0
    assert look_at(store, secret_in(capsys.readouterr().out)).account.email == EMAIL


def test_accounts_are_listed_disabled_and_enabled(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", "list"]) == 0
    assert "no account yet" in capsys.readouterr().out
    main(["user", "invite", EMAIL, "--name", "Priya Nair"])
    for action, state in (("disable", "disabled"), ("enable", "invited")):
        assert main(["user", action, EMAIL]) == 0
        capsys.readouterr()
        main(["user", "list"])
        assert state in capsys.readouterr().out
    main(["user", "list", "--json"])
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["email"], listed["is_admin"]) == (EMAIL, False)
    assert main(["user", "disable", "nobody@example.ac.uk"]) == 2


def test_rights_and_roles_are_given_and_taken(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["user", "invite", EMAIL, "--name", "Priya Nair"])
    assert main(["user", "rights", EMAIL]) == 2
    assert main(["user", "rights", EMAIL, "--admin"]) == 0
    assert account_named(store, EMAIL).is_admin
    assert main(["user", "rights", EMAIL, "--no-admin"]) == 2
    assert "only administrator" in capsys.readouterr().err
    study = study_for(store, "Feeding", Roster(), ())
    role = ["user", "role", EMAIL, "--study", "feeding", "--role"]
    assert main([*role, "researcher"]) == 0
    (member,) = list_members(store, study.id)
    assert member.role is Role.RESEARCHER
    assert main([*role, "none"]) == 0
    assert list_members(store, study.id) == ()
    assert main([*role, "none"]) == 2


def test_the_audit_is_verified_against_what_was_noted(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "verify"]) == 0
    main(["user", "invite", EMAIL, "--name", "Priya Nair"])
    capsys.readouterr()
    assert main(["audit", "verify", "--anchor"]) == 0
    anchor = capsys.readouterr().out.strip()
    main(["user", "reset", EMAIL])
    assert main(["audit", "verify", "--against", anchor]) == 0
    assert main(["audit", "verify", "--against", "7"]) == 2
    with store.database.write() as connection:
        connection.execute(
            update(AUDIT_EVENT).where(AUDIT_EVENT.c.number == 1).values(action="viewed")
        )
    capsys.readouterr()
    assert main(["audit", "verify", "--anchor"]) == 1
    assert "Event 1 was changed." in capsys.readouterr().out
    assert main(["audit", "verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["faults"] == [{"number": 1, "kind": "changed"}]
