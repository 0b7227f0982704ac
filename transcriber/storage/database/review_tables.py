"""The tables of checking, beside the list of events itself (docs/decisions/0017-review.md)."""

from sqlalchemy import Column, Table, UniqueConstraint

from transcriber.storage.database.columns import (
    METADATA,
    IdType,
    at,
    number,
    owner,
    row_id,
    sealed,
)

# One for each list whose words the machine has yet to look through again.
SEARCH_DUE = Table(
    "search_due",
    METADATA,
    row_id(),
    owner("transcript"),
    # The first event that it has to look at.
    number("number"),
    at("created_at_ms"),
)

# What was decided on all mentions of an entity, in all recordings of a study.
STUDY_DECISION = Table(
    "study_decision",
    METADATA,
    row_id(),
    owner("study", indexed=False),
    number("number"),
    Column("decided_by", IdType),
    sealed("edit"),
    at("created_at_ms"),
    Column("undone_by", IdType),
    at("undone_at_ms", nullable=True),
    UniqueConstraint("study_id", "number"),
)

# The recording with which the checking of a study began.
FIRST_REVIEW = Table(
    "first_review",
    METADATA,
    row_id(),
    owner("study", indexed=False),
    owner("recording"),
    Column("opened_by", IdType),
    at("opened_at_ms"),
    Column("confirmed_by", IdType),
    at("confirmed_at_ms", nullable=True),
    UniqueConstraint("study_id"),
)
