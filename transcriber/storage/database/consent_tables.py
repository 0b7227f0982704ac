"""The tables of consent, and of who takes part in a recording."""

from sqlalchemy import Table, UniqueConstraint

from transcriber.storage.database.columns import METADATA, at, owner, row_id, sealed

# What the participant of a label agreed to. Sealed by the study's key: labels stand for people.
CONSENT = Table(
    "consent",
    METADATA,
    row_id(),
    owner("study"),
    # None: in all recordings.
    owner("recording", nullable=True),
    sealed("consent"),
    at("changed_at_ms"),
)

# The labels of those who take part, as somebody said; sealed by the recording's key.
TAKING_PART = Table(
    "taking_part",
    METADATA,
    row_id(),
    owner("recording", indexed=False),
    sealed("labels"),
    UniqueConstraint("recording_id"),
)
