"""The tables of what stands between a checked transcript and its release."""

from sqlalchemy import Column, Table, UniqueConstraint

from transcriber.storage.database.columns import (
    METADATA,
    IdType,
    TagType,
    at,
    owner,
    row_id,
    sealed,
)

SIGNATURE = Table(
    "signature",
    METADATA,
    row_id(),
    owner("transcript"),
    # Of the text that was signed: a text that is another since is not signed.
    Column("text_tag", TagType, nullable=False),
    Column("signed_by", IdType, nullable=False),
    at("created_at_ms"),
    UniqueConstraint("transcript_id", "text_tag", "signed_by"),
)

LOOKED = Table(
    "looked",
    METADATA,
    row_id(),
    owner("transcript", indexed=False),
    # Of a place and of the turn around it: where either is another since, nobody has looked.
    Column("place_tag", TagType, nullable=False),
    Column("looked_by", IdType, nullable=False),
    at("created_at_ms"),
    UniqueConstraint("transcript_id", "place_tag"),
)

DRAFT_OVERRIDE = Table(
    "draft_override",
    METADATA,
    row_id(),
    owner("transcript", indexed=False),
    Column("decided_by", IdType, nullable=False),
    sealed("reason"),
    at("created_at_ms"),
    UniqueConstraint("transcript_id"),
)
