"""Guesses at passwords from many addresses, on two web processes, while others sign in.

    python -m tests.service.guessing --full

1,000 guesses at ten accounts from 50 addresses over 150 seconds. Every address is a real one of
this machine (127.0.1.1 and on), every guess a request over TLS.
"""

import argparse
import ssl
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import httpx
from sqlalchemy import select

from tests.service.people import PASSWORD
from tests.service.running import Running, running_app
from transcriber.services.accounts import NewAccount, create_account
from transcriber.storage.database.account_tables import SIGN_IN_ATTEMPT as ATTEMPT
from transcriber.storage.database.sign_in_attempts import WINDOW_MS

PROCESSES = 2
CALM_S = 10
EVALUATED, REFUSED, SIGNED_IN = 401, 429, 200


@dataclass(frozen=True)
class Attack:
    """How many guesses, from how many addresses, at how many accounts, over how long."""

    guesses: int
    addresses: int
    accounts: int
    seconds: float


SMALL = Attack(guesses=200, addresses=10, accounts=4, seconds=0)
FULL = Attack(guesses=1000, addresses=50, accounts=10, seconds=150)


@dataclass
class Outcome:
    """What became of it. Times are those that others waited for their own sign-in."""

    answers: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    most_in_a_minute: int = 0
    evaluated: int = 0
    others_answers: list[int] = field(default_factory=list)
    others_s: list[float] = field(default_factory=list)
    before_s: list[float] = field(default_factory=list)
    owners_answers: list[int] = field(default_factory=list)


def run(attack: Attack, folder: Path) -> Outcome:
    """Attack a service of two processes; meanwhile others and an attacked owner sign in."""
    outcome, over = Outcome(), threading.Event()
    with running_app(folder, processes=PROCESSES) as service:
        attacked = [f"attacked{number}@x" for number in range(attack.accounts)]
        others = [f"other{number}@x" for number in range(3)]
        for email in (*attacked, *others):
            create_account(service.store, NewAccount(email, "Somebody"), password=PASSWORD)
        owner = _Caller(service, "127.0.3.1")
        assert owner.sign_in(attacked[0], PASSWORD) == SIGNED_IN  # they are at home here
        outcome.before_s = _calm(service, others)
        with ThreadPoolExecutor(attack.addresses + 4) as pool:
            watched = [
                pool.submit(_sign_in_often, _Caller(service, f"127.0.2.{n + 1}"), email, over)
                for n, email in enumerate(others)
            ]
            owned = pool.submit(_sign_in_often, owner, attacked[0], over)
            attackers = [
                pool.submit(_guess, _Caller(service, f"127.0.1.{n + 1}"), attacked, attack)
                for n in range(attack.addresses)
            ]
            for attacker in attackers:
                for answer in attacker.result():
                    outcome.answers[answer] += 1
            over.set()
        for one in watched:
            outcome.others_answers += [answer for answer, _ in one.result()]
            outcome.others_s += [took_s for _, took_s in one.result()]
        outcome.owners_answers = [answer for answer, _ in owned.result()]
        outcome.most_in_a_minute, outcome.evaluated = _evaluated(service)
    return outcome


def _calm(service: Running, others: Sequence[str]) -> list[float]:
    """Return what the others wait for their sign-in while nobody attacks."""
    over = threading.Event()
    with ThreadPoolExecutor(len(others)) as pool:
        waits = [
            pool.submit(_sign_in_often, _Caller(service, f"127.0.2.{n + 1}"), email, over)
            for n, email in enumerate(others)
        ]
        time.sleep(CALM_S)
        over.set()
    return [took_s for wait in waits for _, took_s in wait.result()]


def p95(waited_s: Sequence[float]) -> float:
    """What 95 in 100 waited at the most."""
    return sorted(waited_s)[int(0.95 * len(waited_s))]


class _Caller:
    """Somebody at an address, who asks one process after the other."""

    def __init__(self, service: Running, address: str) -> None:
        trusted = ssl.create_default_context(cafile=str(service.certificate))
        transport = httpx.HTTPTransport(verify=trusted, local_address=address)
        from_page = {"sec-fetch-site": "same-origin"}
        self._client = httpx.Client(transport=transport, headers=from_page, timeout=300)
        self._urls = cycle(service.urls)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def sign_in(self, email: str, password: str) -> int:
        """Try to sign in; return the status of the answer."""
        body = {"email": email, "password": password}
        return self._client.post(f"{next(self._urls)}/api/v1/session", json=body).status_code


def _guess(caller: _Caller, attacked: Sequence[str], attack: Attack) -> list[int]:
    each = attack.guesses // attack.addresses
    answers = []
    with closing(caller):
        for number in range(each):
            answers.append(
                caller.sign_in(attacked[number % len(attacked)], f"a guess, number {number}")
            )
            time.sleep(attack.seconds / each)
    return answers


def _sign_in_often(caller: _Caller, email: str, over: threading.Event) -> list[tuple[int, float]]:
    done: list[tuple[int, float]] = []
    with closing(caller):
        while not over.is_set() or not done:
            began = time.monotonic()
            done.append((caller.sign_in(email, PASSWORD), time.monotonic() - began))
            over.wait(1)
    return done


def _evaluated(service: Running) -> tuple[int, int]:
    """Return the most wrong guesses at one account in any minute, and all of them."""
    with service.store.database.read() as connection:
        rows = connection.execute(
            select(ATTEMPT.c.account_tag, ATTEMPT.c.created_at_ms).where(
                ATTEMPT.c.outcome == "guess"
            )
        ).all()
    moments = defaultdict(list)
    for account, at_ms in rows:
        moments[account].append(at_ms)
    most = max(
        sum(begin <= at_ms < begin + WINDOW_MS for at_ms in of_account)
        for of_account in moments.values()
        for begin in of_account
    )
    return most, len(rows)


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="1,000 guesses from 50 addresses")
    attack = FULL if parser.parse_args().full else SMALL
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(attack, Path(folder))
    print(attack)
    print(f"evaluated {outcome.evaluated}, of one account in a minute {outcome.most_in_a_minute}")
    print(f"answers {dict(outcome.answers)}")
    others = outcome.others_answers
    print(f"others: {len(others)} sign-ins, {len(others) - others.count(SIGNED_IN)} not let in")
    print(f"  p95 {p95(outcome.others_s):.2f} s, before the attack {p95(outcome.before_s):.2f} s")
    owners = outcome.owners_answers
    print(f"the owner at home: {len(owners)}, {len(owners) - owners.count(SIGNED_IN)} not let in")


if __name__ == "__main__":
    main()
