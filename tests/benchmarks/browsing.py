"""How long pages take for people who browse while the machine works.

    python -m tests.benchmarks.browsing [--users N] [--seconds S]

`transcriber serve` runs as anybody starts it, with two workers that have recordings to do all the
while. Each user has a session and a stream of progress open, and opens a page, reads it for one to
three seconds, and opens another. Prints how long pages took until they were there, as the user's
browser sees it without its own drawing, the errors, and what the workers did meanwhile.
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import httpx
from sqlalchemy import func, select

from tests.benchmarks.workers import recordings
from tests.served import Serve, serving
from transcriber.domain.access import Role
from transcriber.domain.recording import Kind
from transcriber.pipeline.order import State
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.links import LinkKind, make_link, sign_in_by_link
from transcriber.services.members import grant
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import StudyDraft, create_study, show_study
from transcriber.services.submit import Submission, submit
from transcriber.storage.database.tables import STEP

STUDIES = 5
READS_S = (1.0, 3.0)
"""What somebody takes to look at a page before the next one."""


@dataclass
class User:
    """Somebody who browses: the cookie of their session, and the pages that they may open."""

    cookie: str
    study_id: str
    pages: list[str]


@dataclass
class Told:
    """What was seen from outside."""

    took_ms: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    events: int = 0
    broken_streams: int = 0

    @property
    def p50_ms(self) -> float:
        """Half of the pages took less."""
        return quantiles(self.took_ms, n=20)[9]

    @property
    def p95_ms(self) -> float:
        """Nineteen of twenty pages took less."""
        return quantiles(self.took_ms, n=20)[18]


def prepare(store: Store, folder: Path, users: int) -> list[User]:
    """Make studies with recordings that wait for workers, and people who look at them."""
    boss = create_account(store, NewAccount("boss@example.ac.uk", "Boss", begins_studies=True))
    files, _ = recordings(folder, 15, 1)
    studies: list[tuple[str, list[str]]] = []
    for number in range(STUDIES):
        study = create_study(store, boss.id, StudyDraft(f"Study {number}"))
        pages = ["/studies", "/account", "/help", f"/studies/{study.id}"] + [
            f"/studies/{study.id}/recordings/{made.stored.id}"
            for made in (
                submit(store, show_study(store, study.id), Submission((path,), Kind.GROUP))
                for path in files[number::STUDIES]
            )
        ]
        studies.append((study.id, pages))
    found = []
    for number in range(users):
        account = create_account(store, NewAccount(f"u{number}@example.ac.uk", f"User {number}"))
        study_id, pages = studies[number % STUDIES]
        grant(store, study_id, account.id, Role.RESEARCHER)
        secret = make_link(store, account.id, LinkKind.SIGN_IN)
        cookie = f"__Host-transcriber={sign_in_by_link(store, secret).secret}"
        found.append(User(cookie, study_id, pages))
    return found


async def browse(address: str, users: list[User], seconds: float) -> Told:
    """Let all of them browse for so long, each with a stream open."""
    told = Told()
    until_s = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        streams = [asyncio.create_task(_watch(client, user, told)) for user in users]
        await asyncio.gather(*(_open(client, user, told, until_s) for user in users))
        told.broken_streams = sum(stream.done() for stream in streams)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
    return told


async def _open(client: httpx.AsyncClient, user: User, told: Told, until_s: float) -> None:
    await asyncio.sleep(random.uniform(0, READS_S[1]))
    while time.monotonic() < until_s:
        begun_s = time.perf_counter()
        try:
            answer = await client.get(random.choice(user.pages), headers={"cookie": user.cookie})
        except httpx.HTTPError as error:
            told.errors[type(error).__name__] += 1
        else:
            told.took_ms.append((time.perf_counter() - begun_s) * 1000)
            if answer.status_code != 200:
                told.errors[str(answer.status_code)] += 1
        await asyncio.sleep(random.uniform(*READS_S))


async def _watch(client: httpx.AsyncClient, user: User, told: Told) -> None:
    path = f"/api/v1/studies/{user.study_id}/progress"
    headers = {"cookie": user.cookie, "accept": "text/event-stream"}
    async with client.stream("GET", path, headers=headers, timeout=None) as answer:
        if answer.status_code != 200:
            told.errors[f"stream {answer.status_code}"] += 1
        async for line in answer.aiter_lines():
            told.events += line.startswith("data:")


def steps(store: Store, state: State) -> int:
    """Return how many steps are in a state."""
    with store.database.read() as connection:
        counting = select(func.count()).select_from(STEP).where(STEP.c.state == state)
        return connection.execute(counting).scalar_one()


def measure(users: int, seconds: float) -> tuple[Told, int]:
    """Return what was seen, and how many steps the workers finished meanwhile."""
    with tempfile.TemporaryDirectory(prefix="br") as folder, serving() as serve:
        store = open_store(load_settings({"TRANSCRIBER_HOME": str(serve.home)}))
        people = prepare(store, Path(folder), users)
        _wait_for_work(serve, store)
        done = steps(store, State.DONE)
        told = asyncio.run(browse(serve.address, people, seconds))
        assert steps(store, State.RUNNING) > 0, "the workers had nothing to do at the end"
        return told, steps(store, State.DONE) - done


def _wait_for_work(serve: Serve, store: Store) -> None:
    while steps(store, State.RUNNING) < 2:
        assert serve.process.poll() is None, "the service ended"
        time.sleep(0.5)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="browsing while workers work")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    arguments = parser.parse_args()
    load_before = os.getloadavg()[0]
    told, done = measure(arguments.users, arguments.seconds)
    print(f"users                {arguments.users}")
    print(f"pages opened         {len(told.took_ms)}")
    print(f"p50, p95, longest    {told.p50_ms:.0f}, {told.p95_ms:.0f}, {max(told.took_ms):.0f} ms")
    print(f"errors               {sum(told.errors.values())} {dict(told.errors) or ''}")
    print(f"events received      {told.events}, streams that broke: {told.broken_streams}")
    print(f"steps done meanwhile {done}")
    print(f"load before, after   {load_before:.1f}, {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
