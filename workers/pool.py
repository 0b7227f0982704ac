"""The children of a worker that is told to stop while it starts."""

from celery.concurrency.prefork import TaskPool


class Pool(TaskPool):  # type: ignore[misc]  # Celery tells no types
    """Celery's pool of processes, which can also be ended before it was asked whether it started.

    Celery 5.7 ends the pool in the handler of the signal and asks then; the worker would leave with
    a traceback after a Ctrl-C that came early.
    """

    def did_start_ok(self) -> bool:
        """Return whether the children are there; nobody waits for them once the pool was ended."""
        return self._pool is None or bool(super().did_start_ok())
