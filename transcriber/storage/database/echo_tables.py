"""The table of what others said that may tell what was taken back: places and verdicts, no words.

Words are named by their ids, which tell nothing of them.
"""

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
)

ECHO = Table(
    "echo",
    METADATA,
    row_id(),
    # Without a reference: what is left to decide stays when a withdrawal is long done.
    Column("withdrawal_id", IdType, nullable=False),
    owner("recording"),
    Column("first_word", CodeType, nullable=False),
    Column("last_word", CodeType, nullable=False),
    Column("ground", CodeType, nullable=False),
    number("shared"),
    at("created_at_ms"),
    # None while nobody has decided.
    Column("verdict", CodeType),
    Column("decided_by", IdType),
    at("decided_at_ms", nullable=True),
    one_of("ground", "repeats", "refers", "names", "answers"),
    one_of("verdict", "withhold", "leave"),
    UniqueConstraint("withdrawal_id", "recording_id", "first_word", "last_word"),
)
