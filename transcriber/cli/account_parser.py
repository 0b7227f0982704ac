"""Commands on who may do what, and on what was done: `user` and `audit`."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transcriber.cli.store_parser import Add

ROLES = ("lead", "data_manager", "researcher", "reviewer", "analyst", "none")


def add_user(add: "Add") -> None:
    """`transcriber user`."""
    actions = add("user", "accounts, and who works in which study").add_subparsers(
        dest="action", metavar="add|invite|list|reset|disable|enable|rights|role", required=True
    )
    for name, what in (
        ("add", "make an account; its password is asked for, or the first line of the input"),
        ("invite", "make an account and a link by which somebody sets their own password"),
    ):
        action = actions.add_parser(name, help=what)
        action.add_argument("email", metavar="EMAIL")
        action.add_argument("--name", required=True, help="what to call them")
        action.add_argument("--admin", action="store_true", help="they run the service")
        action.add_argument(
            "--begins-studies", action="store_true", help="they may begin new studies"
        )
    listing = actions.add_parser("list", help="all accounts")
    listing.add_argument("--json", action="store_true", help="print the list as JSON")
    for name, what in (
        ("reset", "a link by which somebody sets a new password"),
        ("disable", "let an account in no more, from this moment"),
        ("enable", "let it in again"),
    ):
        actions.add_parser(name, help=what).add_argument("email", metavar="EMAIL")
    rights = actions.add_parser("rights", help="what somebody may do beside their studies")
    rights.add_argument("email", metavar="EMAIL")
    for option in ("--admin", "--begins-studies"):
        rights.add_argument(option, action=argparse.BooleanOptionalAction, default=None)
    role = actions.add_parser("role", help="what somebody is in a study")
    role.add_argument("email", metavar="EMAIL")
    role.add_argument("--study", required=True, metavar="NAME")
    role.add_argument("--role", required=True, choices=ROLES, help="none ends their membership")


def add_audit(add: "Add") -> None:
    """`transcriber audit`."""
    actions = add("audit", "what was done, by whom and when").add_subparsers(
        dest="action", metavar="verify|export", required=True
    )
    verify = actions.add_parser("verify", help="whether nothing in it was changed or taken away")
    verify.add_argument(
        "--anchor", action="store_true", help="print where it ends, to be noted elsewhere"
    )
    verify.add_argument(
        "--against",
        metavar="ANCHOR|FILE",
        help="compare with what was noted on an earlier day, besides the file of the settings",
    )
    verify.add_argument("--json", action="store_true", help="print the result as JSON")
    export = actions.add_parser("export", help="the events as a table: ids and codes, no names")
    export.add_argument("--study", metavar="NAME", help="of one study only")
    export.add_argument(
        "--from", dest="from_ms", type=day_ms, metavar="DAY", help="such as 2026-11-27, in UTC"
    )
    export.add_argument("--to", dest="to_ms", type=day_ms, metavar="DAY", help="the last day")
    export.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="FILE.csv, or .jsonl for programs"
    )


def day_ms(text: str) -> int:
    """Read `2026-11-27` as its beginning in UTC, in milliseconds. Raises ArgumentTypeError."""
    try:
        return round(datetime.fromisoformat(f"{text}T00:00:00+00:00").timestamp() * 1000)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write 2026-11-27") from None
