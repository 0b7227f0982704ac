"""Tables of destinations, and of what was brought or is to be brought there."""

from sqlalchemy import Column, Table, UniqueConstraint

from transcriber.domain.hand_off import DestinationKind, Handed
from transcriber.storage.database.columns import (
    METADATA,
    CodeType,
    IdType,
    MsType,
    at,
    number,
    one_of,
    owner,
    row_id,
    sealed,
)

DESTINATION = Table(
    "destination",
    METADATA,
    row_id(),
    owner("study"),
    Column("kind", CodeType, nullable=False),
    # A path or a URL tells who works where; gone once the destination is removed.
    sealed("address", nullable=True),
    # For which coding tool; the package of the release where there is none.
    Column("preset", CodeType),
    Column("created_by", IdType, nullable=False),
    at("created_at_ms"),
    # It stays, because the audit names what was brought there.
    at("removed_at_ms", nullable=True),
    one_of("kind", *(kind.value for kind in DestinationKind)),
)

HAND_OFF = Table(
    "hand_off",
    METADATA,
    row_id(),
    owner("destination", indexed=False),
    Column("release_id", IdType, nullable=False, index=True),
    Column("recording_id", IdType, nullable=False),
    Column("what", CodeType, nullable=False),
    number("attempts", "0"),
    # When it is to be tried next; None once it arrived or was given up.
    Column("next_at_ms", MsType, index=True),
    at("arrived_at_ms", nullable=True),
    # SHA-256 of the file that arrived, in hexadecimal.
    Column("sha256", CodeType),
    Column("failure_code", CodeType),
    at("created_at_ms"),
    UniqueConstraint("destination_id", "release_id", "what"),
    one_of("what", *(what.value for what in Handed)),
)
