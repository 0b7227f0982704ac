"""What killed processes of this machine held: nobody has to wait for those leases to run out."""

from transcriber.services.store import Store
from transcriber.storage.scratch import Scratch


def mark_of_claim(step_id: str, attempt: int) -> str:
    """Return what a process shows in its scratch folder for as long as it is at a step."""
    return f"{step_id}.{attempt}"


def free_abandoned(store: Store, scratch: Scratch) -> int:
    """Free at once what processes held that are gone, and delete the sound that they left.

    Only those of this machine can be seen; for all others their leases run out. The token that
    every write carries makes this safe: what was taken over cannot be written by the first. Return
    how many steps there were. Raises StorageError; then their leases run out.
    """
    freed = 0
    for mark in scratch.sweep():
        step_id, _, attempt = mark.partition(".")
        freed += store.leases.abandon(step_id, int(attempt))
    if freed:
        store.leases.expire()
    return freed
