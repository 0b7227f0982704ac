"""How far a recording is, as people see it."""

from enum import StrEnum


class RecordingState(StrEnum):
    """Told from its latest job, its latest words and whether these were signed off."""

    WAITING = "waiting"
    """Nothing was done of it yet."""
    WORKING = "working"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DRAFT = "draft"
    """Done, but by the small built-in recogniser: its words are too often wrong to sign off."""
    READY = "ready"
    """Done, for a person to check."""
    SIGNED_OFF = "signed_off"
    DESTROYED = "destroyed"
    """Its sound and words were destroyed by the study's rules, and no release of it stands."""
