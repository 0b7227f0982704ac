"""Tables of identifiers that were seen in releases, and of the releases that hold them.

Releases and recordings are named without a reference: that something was seen stays known when they
are erased.
"""

from sqlalchemy import Column, Table, UniqueConstraint

from transcriber.storage.database.columns import (
    METADATA,
    CodeType,
    IdType,
    at,
    number,
    owner,
    row_id,
    sealed,
)

SIGHTING = Table(
    "sighting",
    METADATA,
    row_id(),
    owner("study"),
    Column("release_id", IdType, nullable=False),
    Column("recording_id", IdType, nullable=False),
    # Which of its texts: 0 is the one that was signed.
    number("text"),
    number("paragraph"),
    Column("reported_by", IdType, nullable=False),
    at("created_at_ms"),
    Column("answered_by", IdType),
    at("answered_at_ms", nullable=True),
    # None where it identified nobody, or was not answered yet.
    Column("entity_type", CodeType),
)

SIGHTING_RELEASE = Table(
    "sighting_release",
    METADATA,
    row_id(),
    owner("sighting", indexed=False),
    Column("release_id", IdType, nullable=False),
    Column("recording_id", IdType, nullable=False, index=True),
    # None where it had been withdrawn before.
    at("recalled_at_ms", nullable=True),
    # None until its words are marked in the recording.
    at("marked_at_ms", nullable=True),
    # Paragraphs and times, no words.
    sealed("places"),
    UniqueConstraint("sighting_id", "release_id"),
)
