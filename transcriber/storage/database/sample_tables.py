"""The table of what is drawn at random to judge the checking itself."""

from sqlalchemy import Column, Table, UniqueConstraint

from transcriber.storage.database.columns import (
    METADATA,
    CodeType,
    IdType,
    at,
    number,
    one_of,
    owner,
    row_id,
    sealed,
)

SAMPLE_KINDS = ("hidden", "blind", "heard")

SAMPLE = Table(
    "sample",
    METADATA,
    row_id(),
    owner("recording", indexed=False),
    # A finding that is hidden, a stretch marked blind, a stretch corrected against the sound.
    Column("kind", CodeType, nullable=False),
    number("number"),
    # Whom it was given to; nobody in particular where it is hidden.
    Column("account_id", IdType),
    # Which words or which time, and what came of it.
    sealed("question"),
    sealed("answer", nullable=True),
    at("created_at_ms"),
    at("answered_at_ms", nullable=True),
    UniqueConstraint("recording_id", "kind", "number"),
    one_of("kind", *SAMPLE_KINDS),
)
