"""Things that go wrong, done on purpose to a whole service, and what became of its jobs.

Every trial returns what it counted; recovery is given in leases.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import psutil
import redis

from tests.reliability.service import Service
from transcriber.pipeline.order import State

PATIENCE_S = 240.0


@dataclass
class Count:
    """What became of the jobs of a trial."""

    trials: int = 0
    jobs: int = 0
    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    recovery_leases: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """Of the recoveries, 0 where there was none."""
        ordered = sorted(self.recovery_leases)
        return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)] if ordered else 0.0

    def __str__(self) -> str:
        return (
            f"{self.trials} trials, {self.jobs} jobs: {self.lost} lost, {self.doubled} doubled, "
            f"{self.stuck} stuck; running again after {self.p95:.2f} leases (p95 of "
            f"{len(self.recovery_leases)})"
        )


def kill_children(service: Service, times: int) -> Count:
    """Kill -9 the process that computes, in mid-job."""
    workers = _three_workers(service)

    def strike() -> None:
        children = [child for worker in workers for child in service.children(worker)]
        if children:
            random.choice(children).kill()

    return _strike(service, times, strike)


def kill_workers(service: Service, times: int) -> Count:
    """Kill -9 a whole worker with all its processes, in mid-job; another takes its place."""
    workers = _three_workers(service)

    def strike() -> None:
        number = random.randrange(len(workers))
        os.killpg(workers[number].pid, signal.SIGKILL)
        workers[number].wait()
        workers[number] = service.worker(children=1)

    return _strike(service, times, strike)


def freeze_workers(service: Service, times: int) -> Count:
    """Stop a whole worker past its lease and let it go on: what it writes then is stale."""
    workers = _three_workers(service)

    def strike() -> None:
        frozen = random.choice(workers)
        processes = [frozen.pid, *(child.pid for child in service.children(frozen))]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        time.sleep(service.lease_s * 2.5)
        for process in processes:
            # A worker that goes on may have ended its child by then.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)

    return _strike(service, times, strike)


def _three_workers(service: Service) -> list[subprocess.Popen[bytes]]:
    """Start a clock and three workers that serve every queue: of one that falls, two are left.

    Where a queue has one worker only, its steps wait for as long as a new one takes to start.
    """
    service.beat()
    return [service.worker(children=1) for _ in range(3)]


def kill_broker(service: Service, times: int) -> Count:
    """Kill -9 Redis in mid-job; who keeps it running starts an empty one."""
    server = service.broker()
    service.beat()
    service.worker()

    def strike() -> None:
        assert server.process_id is not None
        os.kill(server.process_id, signal.SIGKILL)
        time.sleep(0.3)
        server.keep_running()

    return _strike(service, times, strike, broker_up=True)


def empty_broker(service: Service, times: int, flush: Callable[[], None]) -> Count:
    """Delete all messages in mid-job."""
    service.beat()
    service.worker()
    return _strike(service, times, flush, broker_up=True)


def stop_database(service: Service, times: int) -> Count:
    """Stop PostgreSQL in mid-job, as a crash would, and start it again after a lease."""
    server = service.postgres
    assert server is not None
    workers = _three_workers(service)
    assert workers

    def strike() -> None:
        server.stop()
        time.sleep(service.lease_s)
        server.start()

    return _strike(service, times, strike, broker_up=True)


def many_jobs(service: Service, jobs: int) -> str:
    """Do so many jobs in one worker; tell its memory after the twentieth and after the last."""
    service.beat()
    worker = service.worker(children=1)
    after: dict[int, int] = {}
    for number in range(1, jobs + 1):
        service.submit(f"recording {number}".encode())
        if not service.wait(service.all_ended, PATIENCE_S):
            break
        if number in (20, jobs):
            tree = [psutil.Process(worker.pid), *service.children(worker)]
            after[number] = sum(process.memory_info().rss for process in tree) >> 20
    undone = sum(state is not State.DONE for state in service.states().values())
    return f"{jobs} jobs, {undone} not done; MiB after 20 and all: {list(after.values())}"


def outlast_redelivery(service: Service, recordings: int) -> str:
    """Do recordings whose stages last longer than the broker waits for a message to be confirmed.

    Tell how many messages it gave away again, how often each stage was begun, and what was made.
    """
    client = redis.Redis(unix_socket_path=service.settings.broker.removeprefix("redis+socket://"))
    service.beat()
    service.worker(children=3)
    service.worker(children=3)
    for number in range(recordings):
        service.submit(f"recording {number}".encode())
    again: set[bytes] = set()

    def ended() -> bool:
        held = cast("dict[bytes, bytes]", client.hgetall("unacked"))
        again.update(tag for tag, message in held.items() if b'"redelivered": true' in message)
        return service.all_ended()

    service.wait(ended, 40 * service.stage_s)
    undone = sum(state is not State.DONE for state in service.states().values())
    steps = [step for job_id in service.states() for step in service.job(job_id).steps]
    most = max(service.attempt(step.id)[0] for step in steps)
    return (
        f"{recordings} recordings, stages of {service.stage_s:.0f} s: {undone} not done; "
        f"{len(again)} messages given away again; a stage was begun {most} times at most; "
        f"{service.doubled()} doubled"
    )


def kill_submitters(service: Service, times: int) -> Count:
    """Kill -9 a process that submits recordings; no recording may be without a job."""
    count = Count(trials=times)
    for number in range(times):
        submitter = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.submitter", str(service.folder), str(number)],
            env=service.environment,
            stdout=subprocess.PIPE,
        )
        assert submitter.stdout is not None
        submitter.stdout.readline()  # it has stored one and goes on
        time.sleep(random.uniform(0, 0.25))
        submitter.kill()
        submitter.wait()
        submitter.stdout.close()
    recordings, jobs = service.recordings(), service.states()
    count.jobs = len(jobs)
    count.lost = recordings - len(jobs)
    return count


def poison(service: Service) -> dict[str, tuple[State, str | None, int]]:
    """Submit one recording that kills whoever transcribes it, between two that do not.

    Return the state, the failure code and the attempts at transcription of each.
    """
    service.beat()
    service.worker()
    jobs = {
        name: service.submit(content)
        for name, content in (
            ("before", b"fine 1"),
            ("poison", b"poison"),
            ("after", b"fine 2"),
        )
    }
    service.wait(service.all_ended, PATIENCE_S)
    found = {}
    for name, job_id in jobs.items():
        job = service.job(job_id)
        transcribe = job.whole("transcribe")
        failure = job.failure.failure_code if job.failure else None
        found[name] = (job.state, failure, service.attempt(transcribe.id)[0])
    return found


def _strike(
    service: Service, times: int, strike: Callable[[], None], *, broker_up: bool = False
) -> Count:
    """Strike so often at a service at work, then wait until its jobs are done."""
    count = Count()

    def may_strike() -> bool:
        """Keep three jobs going; say whether each worker is there and something at work."""
        if sum(state is State.RUNNING for state in service.states().values()) < 3:
            service.submit(f"recording {count.jobs}".encode())
            count.jobs += 1
        return service.is_ready() and bool(service.running()) and not service.tired()

    while count.trials < times and service.wait(may_strike, PATIENCE_S):
        time.sleep(random.uniform(0, service.stage_s))
        before = service.running()
        struck_s = time.monotonic()
        strike()
        count.trials += 1
        again_s = _taking_again(service) if broker_up else _running_again(service, before)
        if again_s is not None:
            count.recovery_leases.append((again_s - struck_s) / service.lease_s)
    service.wait(service.all_ended, PATIENCE_S)
    states = service.states()
    count.lost = count.jobs - len(states)
    count.stuck = sum(state is not State.DONE for state in states.values())
    count.doubled = service.doubled()
    return count


def _taking_again(service: Service) -> float | None:
    """Return when the next step was claimed; None where nothing is left to claim."""
    before = service.claims()
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s and not service.all_ended():
        if service.claims() > before:
            return time.monotonic()
        time.sleep(0.02)
    return None


def _running_again(service: Service, before: list[tuple[str, int]]) -> float | None:
    """Return when a step was claimed once more; None where none was lost."""
    deadline_s = time.monotonic() + service.lease_s * 20
    while before and time.monotonic() < deadline_s:
        for step_id, attempt in list(before):
            now, state = service.attempt(step_id)
            if now > attempt:
                return time.monotonic()
            if state == State.DONE:
                before = [entry for entry in before if entry[0] != step_id]
        time.sleep(0.02)
    return None
