"""What happens without anybody asking: silent workers are noticed, lost messages sent again."""

from typing import Any

SWEEPS_A_LEASE = 8
"""A silent worker's step is free at most an eighth of a lease after its lease ran out."""

LONGEST_PAUSE_S = 10.0
"""A broker that lost everything is full again after that, however long a lease is."""

SWEEP = "transcriber.sweep"

NOTE_AUDIT = "transcriber.note_audit"
NOTE_AUDIT_EVERY_S = 600.0
"""Between two looks whether the audit grew, whose end is then noted outside the database."""

DELIVER = "transcriber.deliver"
DELIVER_EVERY_S = 5.0
"""Between two looks for messages to webhooks, and for mail."""

PURGE = "transcriber.purge"
PURGE_EVERY_S = 15.0 * 60.0
"""Between two looks for what is to be destroyed: far less than `LONGEST_GAP_MS`, so that some that
are missed do not look like a jump of the clock."""

HAND_OFF = "transcriber.hand_off"
HAND_OFF_EVERY_S = 5.0
"""Between two looks for releases to bring somewhere."""

SWEEP_QUEUE = "sweep"
"""Every worker serves it beside its own, so that one that is free does it at once."""


def pause_s(lease_s: float) -> float:
    """Return the seconds between two looks at who is silent."""
    return min(lease_s / SWEEPS_A_LEASE, LONGEST_PAUSE_S)


def beat_schedule(lease_s: float) -> dict[str, dict[str, Any]]:
    """Return Celery's schedule."""
    every_s = pause_s(lease_s)
    return {
        "sweep": {
            "task": SWEEP,
            "schedule": every_s,
            # Of those that piled up while no worker was there, one is enough.
            "options": {"queue": SWEEP_QUEUE, "expires": every_s * 2},
        },
        "deliver": {
            "task": DELIVER,
            "schedule": DELIVER_EVERY_S,
            "options": {"queue": SWEEP_QUEUE, "expires": DELIVER_EVERY_S},
        },
        "purge": {
            "task": PURGE,
            "schedule": PURGE_EVERY_S,
            "options": {"queue": SWEEP_QUEUE, "expires": PURGE_EVERY_S},
        },
        "hand_off": {
            "task": HAND_OFF,
            "schedule": HAND_OFF_EVERY_S,
            "options": {"queue": SWEEP_QUEUE, "expires": HAND_OFF_EVERY_S},
        },
        "note_audit": {
            "task": NOTE_AUDIT,
            "schedule": NOTE_AUDIT_EVERY_S,
            "options": {"queue": SWEEP_QUEUE, "expires": NOTE_AUDIT_EVERY_S},
        },
    }
