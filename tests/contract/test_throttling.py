"""Guesses at passwords are few, and nobody is locked out by somebody else's; on both databases."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median

import pytest
from sqlalchemy import func, select, update

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.passwords import AT_ONCE, hash_password, is_right
from transcriber.services.sign_in import sign_in
from transcriber.services.store import Store
from transcriber.storage.database.account_tables import SIGN_IN_ATTEMPT as ATTEMPT
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.sign_in_attempts import (
    AT_HOME_MS,
    FOR_ACCOUNT,
    FOR_ACCOUNT_FROM_NETWORK,
    FOR_ACCOUNT_FROM_STRANGERS,
    FOR_NETWORK,
    WINDOW_MS,
    network_of,
)

pytestmark = pytest.mark.slow

EMAIL, PASSWORD, WRONG = "priya@example.ac.uk", "otter lantern gravel", "teapot walrus orbit"
HOME = "198.51.100.7"


@pytest.fixture
def account(opened: Store) -> str:
    return create_account(opened, NewAccount(EMAIL, "Priya"), password=PASSWORD).id


def guess(opened: Store, address: str, email: str = EMAIL, password: str = WRONG) -> str:
    try:
        sign_in(opened, email, password, address)
    except UsageError as refused:
        return refused.code
    return "signed_in"


def admitted(opened: Store, address: str, email: str = EMAIL) -> bool:
    """A wrong guess without the time that hashing takes."""
    with opened.database.write() as connection:
        return opened.attempts.admit(connection, email, address).attempt_id is not None


def address(number: int) -> str:
    return f"203.0.113.{number}"


def pass_time(opened: Store, by_ms: int) -> None:
    with opened.database.write() as connection:
        connection.execute(update(ATTEMPT).values(created_at_ms=ATTEMPT.c.created_at_ms - by_ms))


def test_one_network_does_not_use_up_the_guesses_of_an_account(opened: Store, account: str) -> None:
    codes = [guess(opened, address(1)) for _ in range(5)]
    assert codes == ["sign_in_failed"] * FOR_ACCOUNT_FROM_NETWORK + ["sign_in_refused"] * 2
    assert guess(opened, address(1), password=PASSWORD) == "sign_in_refused"
    assert guess(opened, HOME, password=PASSWORD) == "signed_in"


def test_many_networks_leave_one_guess_to_where_its_owner_is_at_home(
    opened: Store, account: str
) -> None:
    assert guess(opened, HOME, password=PASSWORD) == "signed_in"
    through = [admitted(opened, address(number)) for number in range(50)]
    assert sum(through) == FOR_ACCOUNT_FROM_STRANGERS < FOR_ACCOUNT
    assert guess(opened, HOME, password=PASSWORD) == "signed_in"
    assert guess(opened, HOME) == "sign_in_failed"
    assert guess(opened, HOME, password=PASSWORD) == "sign_in_refused"  # five were wrong


def test_a_home_is_forgotten_when_nobody_was_there_for_a_month(opened: Store, account: str) -> None:
    guess(opened, HOME, password=PASSWORD)
    pass_time(opened, AT_HOME_MS + 1)
    for number in range(FOR_ACCOUNT_FROM_STRANGERS):
        admitted(opened, address(number))
    assert guess(opened, HOME, password=PASSWORD) == "sign_in_refused"


def test_after_a_minute_there_are_guesses_again(opened: Store, account: str) -> None:
    while admitted(opened, address(1)):
        pass
    pass_time(opened, WINDOW_MS - 5_000)
    assert not admitted(opened, address(1))
    pass_time(opened, 5_000)
    assert guess(opened, address(1), password=PASSWORD) == "signed_in"


def test_whoever_knows_the_password_signs_in_as_often_as_they_like(
    opened: Store, account: str
) -> None:
    codes = {guess(opened, HOME, password=PASSWORD) for _ in range(2 * FOR_ACCOUNT)}
    assert codes == {"signed_in"}


def test_one_network_has_few_guesses_at_all_accounts_and_no_other_suffers(
    opened: Store, account: str
) -> None:
    through = [admitted(opened, address(1), f"{number}@x") for number in range(2 * FOR_NETWORK)]
    assert sum(through) == FOR_NETWORK
    assert guess(opened, address(1), password=PASSWORD) == "sign_in_refused"
    assert guess(opened, address(2), password=PASSWORD) == "signed_in"


def test_who_is_at_home_in_a_network_is_not_refused_for_what_others_do_there(
    opened: Store, account: str
) -> None:
    assert guess(opened, HOME, password=PASSWORD) == "signed_in"
    while admitted(opened, HOME, "somebody@x"):
        pass
    for number in range(2 * FOR_NETWORK):
        admitted(opened, HOME, f"{number}@x")
    assert guess(opened, HOME, password=PASSWORD) == "signed_in"


def test_an_account_that_there_is_not_is_throttled_alike(opened: Store, account: str) -> None:
    unknown = [guess(opened, address(1), "nobody@x") for _ in range(5)]
    assert unknown == [guess(opened, address(2)) for _ in range(5)]


def test_a_refusal_is_written_down_once_a_minute(opened: Store, account: str) -> None:
    for _ in range(10):
        guess(opened, address(1))
    with opened.database.read() as connection:
        told = [(event.action, event.subject_id) for _, event in events(connection)][1:]
    failed = [(Action.SIGN_IN_FAILED, account)] * FOR_ACCOUNT_FROM_NETWORK
    assert told == [*failed, (Action.SIGN_IN_REFUSED, account)]


def test_guesses_at_the_same_moment_are_counted_one_by_one(opened: Store, account: str) -> None:
    with ThreadPoolExecutor(16) as pool:
        through = list(pool.map(lambda n: admitted(opened, address(n)), range(64)))
    assert sum(through) == FOR_ACCOUNT_FROM_STRANGERS


def test_little_is_kept_of_what_was_tried(opened: Store, account: str) -> None:
    for number in range(10):
        admitted(opened, address(number))
    pass_time(opened, 2 * 60 * WINDOW_MS)
    admitted(opened, HOME)
    with opened.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(ATTEMPT)).scalar_one() == 1


@pytest.mark.parametrize(
    ("one", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", "testclient"),
    ],
)
def test_a_customer_has_one_network(one: str, network: str) -> None:
    assert network_of(one) == network


def processor_time_s(act: Callable[[], object]) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


def test_looking_for_an_account_that_there_is_not_takes_as_long() -> None:
    hashed = hash_password(PASSWORD)
    known, unknown = (
        median(processor_time_s(partial(is_right, WRONG, of)) for _ in range(9))
        for of in (hashed, None)
    )
    assert 0.5 < unknown / known < 2
    assert not is_right(WRONG, None)


FLOOD = """
import resource
from concurrent.futures import ThreadPoolExecutor
from transcriber.services.passwords import TooBusy, hash_password

def attempt(number):
    try:
        hash_password("otter lantern gravel")
    except TooBusy:
        return False
    return True

attempt(0)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with ThreadPoolExecutor(64) as pool:
    done = list(pool.map(attempt, range(256)))
print(sum(done), len(done), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_flood_of_passwords_does_not_fill_the_memory() -> None:
    flood = subprocess.run(
        [sys.executable, "-c", FLOOD], capture_output=True, text=True, check=True
    )
    done, tried, more_kib = map(int, flood.stdout.split())
    assert 0 < done < tried == 256
    assert more_kib < AT_ONCE * 64 * 1024  # one of them was measured before
