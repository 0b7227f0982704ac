"""The tables of how long things are kept (docs/decisions/0028-retention.md)."""

from sqlalchemy import Column, Table, UniqueConstraint

from transcriber.storage.database.columns import (
    METADATA,
    CodeType,
    IdType,
    at,
    owner,
    row_id,
    sealed,
)

# Nothing of the study or the recording is destroyed until it is lifted. Lifted ones stay, to tell.
LEGAL_HOLD = Table(
    "legal_hold",
    METADATA,
    row_id(),
    owner("study"),
    # None: the whole study.
    owner("recording", nullable=True),
    sealed("reason"),
    Column("placed_by", IdType),
    at("placed_at_ms"),
    Column("lifted_by", IdType),
    at("lifted_at_ms", nullable=True),
)

# That nobody can be named any more from what stays of a study.
ASSESSMENT = Table(
    "assessment",
    METADATA,
    row_id(),
    owner("study", indexed=False),
    sealed("grounds"),
    Column("assessed_by", IdType, nullable=False),
    at("assessed_at_ms"),
    UniqueConstraint("study_id"),
)

# Of what people were told that it will be destroyed, and for when.
RETENTION_NOTICE = Table(
    "retention_notice",
    METADATA,
    row_id(),
    owner("study", indexed=False),
    Column("kind", CodeType, nullable=False),
    Column("subject_id", IdType, nullable=False),
    at("due_at_ms"),
    at("created_at_ms"),
    UniqueConstraint("study_id", "kind", "subject_id", "due_at_ms"),
)

# One row: when the clock was last looked at, and since when it has gone evenly.
RETENTION_CLOCK = Table(
    "retention_clock",
    METADATA,
    row_id(),
    at("last_ms"),
    at("steady_since_ms"),
)
