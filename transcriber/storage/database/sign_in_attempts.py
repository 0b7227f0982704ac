"""How many guesses at passwords the last minute saw, so that there are never many.

Counted in the database, because several web processes answer. Of an e-mail address and a network
only tags are kept, for an hour; of successes longer, so that one knows where an account is at home.

An account takes 5 guesses a minute. Of these, one network gets 3, so that nobody can use all of
them up for the rest of the world; and all networks together from which the account never signed in
get 4, so that one is left for where its owner sits. A network gets 20 for accounts that are not at
home there. Whoever is refused has spent nobody else's guesses.
"""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from transcriber.storage.database.account_tables import SIGN_IN_ATTEMPT as ATTEMPT
from transcriber.storage.database.accounts import email_tag
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.locks import Lock, hold
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import tag

WINDOW_MS = 60_000
FOR_ACCOUNT = 5
FOR_ACCOUNT_FROM_STRANGERS = 4
FOR_ACCOUNT_FROM_NETWORK = 3
FOR_NETWORK = 20

KEPT_MS = 60 * 60 * 1000
AT_HOME_MS = 30 * 24 * 60 * 60 * 1000
"""How long a network counts as one where an account is at home."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a guess may be looked at: then `attempt_id` names it.

    `is_first_refusal` is true once a minute for an account that is refused.
    """

    attempt_id: str | None
    is_first_refusal: bool = False


class SignInAttempts:
    """Counts attempts; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def admit(self, connection: Connection, email: str, address: str) -> Admission:
        """Count a guess before it is looked at, or refuse it."""
        key = self._keyring.service_or_new(connection)
        hold(connection, Lock.SIGN_IN)
        account = email_tag(key, email)
        network = tag(key, "network", network_of(address))
        _forget_old(connection)
        if _may_guess(connection, account, network):
            return Admission(_add(connection, account, network, "guess"))
        of_account = ATTEMPT.c.account_tag == account
        is_first = not _count(connection, of_account, ATTEMPT.c.outcome == "refused")
        if is_first:
            _add(connection, account, network, "refused")
        return Admission(None, is_first)

    def succeeded(self, connection: Connection, attempt_id: str) -> None:
        """Note that a guess was right: it no longer counts, and the network is known."""
        connection.execute(
            update(ATTEMPT).where(ATTEMPT.c.id == attempt_id).values(outcome="success")
        )

    def withdraw(self, connection: Connection, attempt_id: str) -> None:
        """Take a guess back that nobody looked at in the end."""
        connection.execute(delete(ATTEMPT).where(ATTEMPT.c.id == attempt_id))


def network_of(address: str) -> str:
    """Return the network that one customer has: an IPv4 address, or 64 bits of IPv6 (RFC 6177)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64))


def _may_guess(connection: Connection, account: bytes, network: bytes) -> bool:
    guess = ATTEMPT.c.outcome == "guess"
    of_account, of_network = ATTEMPT.c.account_tag == account, ATTEMPT.c.network_tag == network
    at_home = select(ATTEMPT.c.network_tag).where(of_account, ATTEMPT.c.outcome == "success")
    is_at_home = connection.execute(at_home.where(of_network)).first() is not None
    limits: list[tuple[int, tuple[ColumnElement[bool], ...]]] = [
        (FOR_ACCOUNT, (of_account,)),
        (FOR_ACCOUNT_FROM_NETWORK, (of_account, of_network)),
    ]
    if not is_at_home:
        strangers = ATTEMPT.c.network_tag.not_in(at_home)
        limits += [
            (FOR_ACCOUNT_FROM_STRANGERS, (of_account, strangers)),
            (FOR_NETWORK, (of_network,)),
        ]
    return all(_count(connection, guess, *which) < limit for limit, which in limits)


def _count(connection: Connection, *which: ColumnElement[bool]) -> int:
    counted: int = connection.execute(
        select(func.count())
        .select_from(ATTEMPT)
        .where(ATTEMPT.c.created_at_ms > now_ms() - WINDOW_MS, *which)
    ).scalar_one()
    return counted


def _add(connection: Connection, account: bytes, network: bytes, outcome: str) -> str:
    attempt_id = new_id()
    connection.execute(
        insert(ATTEMPT).values(
            id=attempt_id,
            account_tag=account,
            network_tag=network,
            outcome=outcome,
            created_at_ms=now_ms(),
        )
    )
    return attempt_id


def _forget_old(connection: Connection) -> None:
    connection.execute(
        delete(ATTEMPT).where(
            ATTEMPT.c.created_at_ms < now_ms() - KEPT_MS, ATTEMPT.c.outcome != "success"
        )
    )
    connection.execute(delete(ATTEMPT).where(ATTEMPT.c.created_at_ms < now_ms() - AT_HOME_MS))
