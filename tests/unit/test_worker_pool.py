"""A worker that is told to stop while it starts ends without a complaint."""

from celery.concurrency.prefork import TaskPool

from workers.pool import Pool


def test_a_pool_that_was_ended_is_not_asked_whether_it_started() -> None:
    pool = Pool(1)
    pool.on_terminate()  # what the handler of a signal does; the worker's loop asks afterwards
    assert pool.did_start_ok()


def test_children_that_did_not_start_are_told_still() -> None:
    class Childless:
        def did_start_ok(self) -> bool:
            return False

    pool = Pool(1)
    assert isinstance(pool, TaskPool)
    pool._pool = Childless()
    assert not pool.did_start_ok()
