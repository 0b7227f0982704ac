"""A step has one worker at a time, and only that one may write; on SQLite and on PostgreSQL."""

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from tests.stored_jobs import OF_SOUND, StoredJobs
from transcriber.domain.errors import EngineFailed, InputError
from transcriber.storage.database.job_steps import cancel_steps, retry_steps
from transcriber.storage.database.leases import Claim, LeaseLost, Leases, Terms
from transcriber.storage.database.outbox import Outbox
from transcriber.storage.database.tables import OUTBOX, STAGE_RESULT, STEP
from transcriber.storage.database.upgrade import open_database

LEASE_MS = 1_000
BROKE = EngineFailed("broke", "It broke.")


@pytest.fixture
def jobs(database_url: str) -> StoredJobs:
    return StoredJobs(open_database(database_url))


@pytest.fixture
def leases(jobs: StoredJobs) -> Leases:
    """Leases that do not run out while a test runs."""
    return Leases(jobs.database, Terms(600_000, tries=3))


@pytest.fixture
def brief(jobs: StoredJobs) -> Leases:
    """Leases that run out soon."""
    return Leases(jobs.database, Terms(LEASE_MS, tries=3))


def taken(leases: Leases, queue: str = "cpu") -> Claim:
    claim = leases.claim(queue)
    assert claim is not None
    return claim


def taken_of(leases: Leases, stage: str) -> Claim:
    """Take steps until one is of `stage`; the others stay taken."""
    while (claim := taken(leases)).stage != stage:
        pass
    return claim


def run_out() -> None:
    time.sleep(LEASE_MS / 1000 + 0.05)


def finish_all(jobs: StoredJobs, leases: Leases, queue: str = "cpu") -> list[str]:
    done = []
    while (claim := leases.claim(queue)) is not None:
        jobs.finish(leases, claim)
        done.append(claim.stage)
    return done


def test_a_job_goes_through_all_stages_in_an_order_that_they_allow(
    jobs: StoredJobs, leases: Leases
) -> None:
    job = jobs.add()
    done = finish_all(jobs, leases)
    assert sorted(done) == sorted(stage.name for stage in OF_SOUND)
    for stage in OF_SOUND:
        for needed in set(stage.needs) & set(OF_SOUND):
            assert done.index(needed.name) < done.index(stage.name)
    assert jobs.job(job).state == "done"
    assert jobs.job(job).finished_at_ms is not None


def test_a_claimed_step_is_nobody_elses(jobs: StoredJobs, leases: Leases) -> None:
    jobs.add()
    assert taken(leases).stage == "ingest"
    assert leases.claim("cpu") is None


def test_many_workers_at_once_take_every_step_once(jobs: StoredJobs, leases: Leases) -> None:
    ids = [jobs.add() for _ in range(12)]
    claims: list[Claim] = []

    def work() -> None:
        while (claim := leases.claim("cpu")) is not None:
            claims.append(claim)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claim.job_id for claim in claims if claim.attempt == 1) == sorted(ids)


def test_after_its_lease_a_step_is_taken_by_another_and_the_first_writes_nothing(
    jobs: StoredJobs, brief: Leases
) -> None:
    jobs.add()
    frozen = taken(brief)
    run_out()
    second = taken(brief)
    assert (second.step_id, second.attempt) == (frozen.step_id, frozen.attempt + 1)
    writes: list[Callable[[], None]] = [
        lambda: jobs.finish(brief, frozen),
        lambda: brief.renew(frozen),
        lambda: brief.release(frozen),
        lambda: brief.fail(frozen, BROKE, final=True),
        lambda: brief.fan_out(frozen, 3),
    ]
    for write in writes:
        with pytest.raises(LeaseLost):
            write()
    assert jobs.count(STAGE_RESULT) == 0
    jobs.finish(brief, second)
    assert jobs.count(STAGE_RESULT) == 1
    with pytest.raises(LeaseLost):
        jobs.finish(brief, frozen)
    assert jobs.count(STAGE_RESULT) == 1


def test_a_renewed_lease_holds(jobs: StoredJobs, brief: Leases) -> None:
    jobs.add()
    claim = taken(brief)
    for _ in range(4):
        time.sleep(LEASE_MS / 2000)
        brief.renew(claim)
        assert brief.claim("cpu") is None
    jobs.finish(brief, claim)


def test_a_step_that_is_given_back_may_be_taken_at_once_and_counts_no_try(
    jobs: StoredJobs, leases: Leases
) -> None:
    jobs.add()
    for _ in range(5):
        claim = taken(leases)
        leases.release(claim)
    again = taken(leases)
    assert (again.tries, again.attempt) == (1, 6)


def test_two_stages_that_finish_at_once_unlock_what_waits_for_both(
    jobs: StoredJobs, leases: Leases
) -> None:
    for _ in range(8):
        job = jobs.add()
        jobs.finish(leases, taken(leases))
        claims = [taken(leases) for _ in range(5)]
        together = threading.Barrier(len(claims))

        def finish(claim: Claim, together: threading.Barrier = together) -> None:
            together.wait()
            jobs.finish(leases, claim)

        threads = [threading.Thread(target=finish, args=(claim,)) for claim in claims]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert jobs.steps(job)["compare"] == "ready"
        finish_all(jobs, leases)


def test_a_failed_attempt_is_followed_by_others_until_the_third(
    jobs: StoredJobs, brief: Leases
) -> None:
    job = jobs.add()
    for attempt in (1, 2, 3):
        claim = taken(brief)
        assert claim.tries == attempt
        brief.fail(claim, BROKE, final=False)
        if attempt < 3:
            assert brief.claim("cpu") is None  # not at once
            run_out()
    assert jobs.steps(job)["ingest"] == "failed"
    assert (jobs.job(job).state, jobs.job(job).failure_code) == ("failed", "broke")
    assert brief.claim("cpu") is None


def test_what_no_attempt_can_mend_fails_at_once(jobs: StoredJobs, leases: Leases) -> None:
    job = jobs.add()
    leases.fail(taken(leases), InputError("no_speech", "Nobody speaks."), final=True)
    assert jobs.job(job).failure_code == "no_speech"


def test_a_step_that_kills_its_workers_fails_after_three(jobs: StoredJobs, brief: Leases) -> None:
    job = jobs.add()
    for _ in range(3):
        assert taken(brief).stage == "ingest"
        run_out()
        brief.expire()
    assert brief.claim("cpu") is None
    assert (jobs.job(job).state, jobs.job(job).failure_code) == ("failed", "worker_lost")


def test_a_silent_worker_is_noticed_once(jobs: StoredJobs, brief: Leases) -> None:
    jobs.add()
    taken(brief)
    assert brief.expire() == 0
    run_out()
    assert brief.expire() == 1
    assert brief.expire() == 0


def test_diarisation_may_fail_and_the_job_goes_on(jobs: StoredJobs, leases: Leases) -> None:
    job = jobs.add()
    while (claim := leases.claim("cpu")) is not None:
        if claim.stage == "diarise":
            leases.fail(claim, BROKE, final=True)
        else:
            jobs.finish(leases, claim)
    assert jobs.job(job).state == "done"
    assert jobs.job(job).failure_code == "broke"


def test_a_retry_goes_on_from_the_last_finished_stage(jobs: StoredJobs, leases: Leases) -> None:
    job = jobs.add()
    jobs.finish(leases, taken(leases))
    while (claim := leases.claim("cpu")) is not None:
        if claim.stage == "transcribe":
            leases.fail(claim, BROKE, final=True)
        else:
            jobs.finish(leases, claim)
    assert jobs.job(job).state == "failed"
    with jobs.database.write() as connection:
        assert retry_steps(connection, job)
    assert jobs.job(job).state == "running"
    assert jobs.steps(job)["ingest"] == "done"
    done = finish_all(jobs, leases)
    assert "transcribe" in done
    assert "ingest" not in done
    assert jobs.job(job).state == "done"


def test_a_retry_of_what_something_stood_in_for_does_what_rests_on_it_again(
    jobs: StoredJobs, leases: Leases
) -> None:
    job = jobs.add()
    while (claim := leases.claim("cpu")) is not None:
        if claim.stage == "diarise":
            leases.fail(claim, BROKE, final=True)
        else:
            jobs.finish(leases, claim)
    with jobs.database.write() as connection:
        assert retry_steps(connection, job)
    done = finish_all(jobs, leases)
    assert done[0] == "diarise"
    assert "align" in done
    assert "transcribe" not in done


def test_a_cancelled_job_is_not_worked_on_and_what_runs_may_not_write(
    jobs: StoredJobs, leases: Leases
) -> None:
    job = jobs.add()
    running = taken(leases)
    with jobs.database.write() as connection:
        assert cancel_steps(connection, job)
    assert jobs.job(job).state == "cancelled"
    assert leases.claim("cpu") is None
    with pytest.raises(LeaseLost):
        leases.renew(running)
    with pytest.raises(LeaseLost):
        jobs.finish(leases, running)
    with jobs.database.write() as connection:
        assert retry_steps(connection, job)
    assert taken(leases).stage == "ingest"


def test_a_stage_waits_for_its_parts_and_is_then_joined(jobs: StoredJobs, leases: Leases) -> None:
    job = jobs.add()
    jobs.finish(leases, taken(leases))
    leases.fan_out(taken_of(leases, "transcribe"), 3)
    assert jobs.steps(job)["transcribe"] == "waiting"
    parts = [taken_of(leases, "transcribe") for _ in range(3)]
    assert sorted(part.part for part in parts) == [1, 2, 3]
    for part in parts:
        assert jobs.steps(job)["transcribe"] == "waiting"
        jobs.finish(leases, part)
    assert jobs.steps(job)["transcribe"] == "ready"
    assert taken_of(leases, "transcribe").part == 0


def test_a_part_that_fails_fails_its_stage_and_is_done_again_alone(
    jobs: StoredJobs, leases: Leases
) -> None:
    job = jobs.add()
    jobs.finish(leases, taken(leases))
    leases.fan_out(taken_of(leases, "transcribe"), 2)
    first, second = (taken_of(leases, "transcribe") for _ in range(2))
    jobs.finish(leases, first)
    leases.fail(second, BROKE, final=True)
    assert jobs.steps(job)["transcribe"] == "failed"
    assert jobs.job(job).failure_code == "broke"
    with jobs.database.write() as connection:
        retry_steps(connection, job)
    again = taken_of(leases, "transcribe")
    assert again.part == second.part
    jobs.finish(leases, again)
    assert jobs.steps(job)["transcribe"] == "ready"


def test_urgent_jobs_come_first_then_older_ones(jobs: StoredJobs, leases: Leases) -> None:
    first = jobs.add()
    time.sleep(0.01)
    jobs.add()
    urgent = jobs.add(priority=5)
    assert [taken(leases).job_id for _ in range(2)] == [urgent, first]


def test_queues_are_apart(jobs: StoredJobs, leases: Leases) -> None:
    jobs.add("cpu")
    quick = jobs.add("interactive")
    claim = taken(leases, "interactive")
    assert claim.job_id == quick
    assert leases.queue_of(claim.step_id) == "interactive"
    assert leases.claim("interactive") is None
    assert leases.queue_of("0" * 32) is None


class Away(Exception):
    pass


def test_whatever_becomes_ready_is_in_the_outbox_until_it_was_sent(
    jobs: StoredJobs, leases: Leases
) -> None:
    jobs.add()
    outbox = Outbox(jobs.database)
    assert jobs.unsent() == ["ingest"]

    def away(queue: str, step_id: str) -> None:
        raise Away

    with pytest.raises(Away):
        outbox.relay(away)
    assert jobs.unsent() == ["ingest"]
    sent: list[tuple[str, str]] = []
    assert outbox.relay(lambda *message: sent.append(message)) == 1
    claim = taken(leases)
    assert sent == [("cpu", claim.step_id)]
    assert jobs.unsent() == []
    jobs.finish(leases, claim)
    assert jobs.unsent() == ["diarise", "review_copy", "sound_check", "spot", "transcribe"]


def test_what_a_broker_lost_is_sent_again_and_no_more_than_that(
    jobs: StoredJobs, leases: Leases
) -> None:
    for _ in range(4):
        jobs.add()
    outbox = Outbox(jobs.database)
    outbox.relay(lambda *_: None)
    assert outbox.recover({"cpu": 4, "interactive": 0}) == 0
    assert outbox.recover({"cpu": 1, "interactive": 0}) == 3
    assert outbox.recover({"cpu": 1, "interactive": 0}) == 0  # they are in the outbox already
    sent: list[str] = []
    outbox.relay(lambda queue, step_id: sent.append(step_id))
    assert len(set(sent)) == 3
    assert jobs.count(OUTBOX) == 0


def test_a_step_that_pauses_after_a_failure_is_sent_when_its_time_has_come(
    jobs: StoredJobs, leases: Leases
) -> None:
    jobs.add()
    outbox = Outbox(jobs.database)
    outbox.relay(lambda *_: None)
    claim = taken(leases)
    leases.fail(claim, BROKE, final=False)
    assert outbox.recover({"cpu": 0}) == 0
    with jobs.database.write() as connection:
        connection.execute(update(STEP).where(STEP.c.id == claim.step_id).values(lease_until_ms=1))
    assert outbox.recover({"cpu": 0}) == 1


def test_a_failure_keeps_its_sentence(jobs: StoredJobs, leases: Leases) -> None:
    jobs.add()
    claim = taken(leases)
    leases.fail(claim, BROKE, final=True)
    with jobs.database.read() as connection:
        row = connection.execute(select(STEP).where(STEP.c.id == claim.step_id)).one()
    assert (row.failure_code, row.failure_sentence) == ("broke", "It broke.")


def test_clocks_of_workers_do_not_matter(jobs: StoredJobs, leases: Leases) -> None:
    jobs.add()
    claim = taken(leases)
    with jobs.database.write() as connection:
        connection.execute(update(STEP).where(STEP.c.id == claim.step_id).values(lease_until_ms=1))
    assert taken(leases).attempt == claim.attempt + 1
