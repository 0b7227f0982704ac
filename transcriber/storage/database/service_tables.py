"""Tables of what the service tells other programs, and of what these ask for twice.

Columns as in `columns.py`.
"""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from transcriber.storage.database.columns import (
    METADATA,
    CodeType,
    IdType,
    MsType,
    SealedType,
    TagType,
    owner,
    row_id,
)

REPEATED = Table(
    "repeated",
    METADATA,
    row_id(),
    Column("account_id", IdType, nullable=False),
    Column("key_tag", TagType, nullable=False),
    Column("request_tag", TagType, nullable=False),
    # None while the first request is being answered.
    Column("made_id", IdType),
    Column("created_at_ms", MsType, nullable=False, index=True),
    UniqueConstraint("account_id", "key_tag"),
)

WEBHOOK = Table(
    "webhook",
    METADATA,
    row_id(),
    owner("study"),
    Column("url", SealedType(), nullable=False),
    Column("secret", SealedType(), nullable=False),
    # Which events it is told of, as bits (transcriber.domain.webhook_event).
    Column("events", Integer, nullable=False),
    Column("disabled_at_ms", MsType),
    Column("created_at_ms", MsType, nullable=False),
)

WEBHOOK_DELIVERY = Table(
    "webhook_delivery",
    METADATA,
    row_id(),
    owner("webhook", indexed=False),
    Column("event", CodeType, nullable=False),
    # Ids only: whoever wants to know more asks for it.
    Column("recording_id", IdType),
    Column("subject_id", IdType),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # When it is to be tried next; None once it arrived or was given up.
    Column("next_at_ms", MsType, index=True),
    Column("arrived_at_ms", MsType),
    Column("status", Integer),
    Column("failure_code", CodeType),
    Column("created_at_ms", MsType, nullable=False),
    Index(None, "webhook_id", "created_at_ms"),
)

# What somebody is still to be told by mail. A row goes once it was sent, or given up.
MAIL = Table(
    "mail",
    METADATA,
    row_id(),
    owner("account", indexed=False),
    owner("study"),
    Column("event", CodeType, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at_ms", MsType, nullable=False, index=True),
    Column("created_at_ms", MsType, nullable=False),
    # One that waits is enough: it says where to look, and that page tells all.
    UniqueConstraint("account_id", "study_id", "event"),
)
