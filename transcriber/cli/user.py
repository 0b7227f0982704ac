"""`transcriber user`: accounts, and who works in which study."""

import argparse
import json
import sys
from dataclasses import asdict
from getpass import getpass

from rich.table import Table
from rich.text import Text

from transcriber.cli.job_words import when
from transcriber.cli.terminal import console
from transcriber.domain.access import Role
from transcriber.domain.errors import UsageError
from transcriber.services.accounts import (
    Account,
    NewAccount,
    account_named,
    create_account,
    disable_account,
    enable_account,
    list_accounts,
    set_rights,
)
from transcriber.services.links import LinkKind, invite, make_link, path_of
from transcriber.services.members import grant, revoke
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.submit import study_named


def command(arguments: argparse.Namespace) -> int:
    """Run one of the actions on accounts."""
    store = open_store(load_settings())
    if arguments.action == "list":
        _list(store, as_json=arguments.json)
    elif arguments.action in ("add", "invite"):
        _new(store, arguments)
    else:
        _change(store, account_named(store, arguments.email), arguments)
    return 0


def _new(store: Store, arguments: argparse.Namespace) -> None:
    new = NewAccount(arguments.email, arguments.name, arguments.admin, arguments.begins_studies)
    if arguments.action == "add":
        create_account(store, new, password=_password())
        console().print("The account is made.")
        return
    _, secret = invite(store, new)
    _print_link(store, secret, "seven days")


def _change(store: Store, account: Account, arguments: argparse.Namespace) -> None:
    match arguments.action:
        case "reset":
            _print_link(store, make_link(store, account.id, LinkKind.RESET), "an hour")
        case "disable":
            disable_account(store, account.id)
            console().print("They are signed out and cannot sign in; their tokens are gone.")
        case "enable":
            enable_account(store, account.id)
            console().print("They can sign in again.")
        case "rights":
            _rights(store, account, arguments)
        case _:
            _role(store, account, arguments)


def _rights(store: Store, account: Account, arguments: argparse.Namespace) -> None:
    if arguments.admin is None and arguments.begins_studies is None:
        raise UsageError("nothing_to_change", "Say what to change: --admin or --begins-studies.")
    changed = set_rights(
        store,
        account.id,
        is_admin=account.is_admin if arguments.admin is None else arguments.admin,
        begins_studies=(
            account.begins_studies if arguments.begins_studies is None else arguments.begins_studies
        ),
    )
    console().print(f"Runs the service: {_yes(changed.is_admin)}")
    console().print(f"Begins studies: {_yes(changed.begins_studies)}")


def _role(store: Store, account: Account, arguments: argparse.Namespace) -> None:
    study = study_named(store, arguments.study)
    if arguments.role == "none":
        revoke(store, study.id, account.id)
        console().print("They are no member of the study any more.")
        return
    grant(store, study.id, account.id, Role(arguments.role))
    console().print("Their role in the study is set.")


def _list(store: Store, *, as_json: bool) -> None:
    accounts = list_accounts(store)
    if as_json:
        print(json.dumps([asdict(account) for account in accounts], indent=2))
        return
    if not accounts:
        console().print("There is no account yet. `transcriber user add EMAIL --name NAME` makes")
        console().print("one.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("e-mail", "name", "admin", "begins studies", "state", "signed in"):
        table.add_column(heading)
    for account in accounts:
        table.add_row(
            Text(account.email),
            Text(account.name),
            _yes(account.is_admin),
            _yes(account.begins_studies),
            _state(account),
            "never" if account.signed_in_at_ms is None else when(account.signed_in_at_ms),
        )
    console().print(table)


def _state(account: Account) -> str:
    if account.is_disabled:
        return "disabled"
    return "active" if account.has_password or account.has_subject else "invited"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _password() -> str:
    """Ask for a password twice, or read it from what is piped in: never from an argument."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise UsageError("passwords_differ", "The two passwords differ. Try again.")
    return password


def _print_link(store: Store, secret: str, lifetime: str) -> None:
    base = (store.settings.public_url or "").rstrip("/")
    screen = console()
    screen.print(Text(base + path_of(secret)), soft_wrap=True)
    if not base:
        screen.print("Put the address of your service before it (or set public_url).")
    screen.print(f"It works once, for {lifetime}. Hand it to nobody but them.")
