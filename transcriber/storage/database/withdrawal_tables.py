"""The tables of withdrawals: what is to be done, and the receipt of what was.

Recordings and releases are named without a reference: the receipt stays when they are erased.
"""

from sqlalchemy import Boolean, Column, LargeBinary, Table, UniqueConstraint

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

WITHDRAWAL = Table(
    "withdrawal",
    METADATA,
    row_id(),
    owner("study"),
    # Who withdraws; None once all is done, so that nothing says whose receipt it is.
    sealed("who", nullable=True),
    Column("on_roster", Boolean, nullable=False),
    # Keyed hashes, one after the other, of what the study held on them: by these they are found
    # again where an older backup is put back.
    Column("marks", LargeBinary, nullable=False),
    number("key_entries", default="0"),
    number("decisions", default="0"),
    Column("started_by", IdType),
    at("started_at_ms"),
    at("finished_at_ms", nullable=True),
    # The code of what kept it from going on when it was last tried, and since when.
    Column("stopped_by", CodeType),
    at("stopped_at_ms", nullable=True),
)

WITHDRAWAL_RECORDING = Table(
    "withdrawal_recording",
    METADATA,
    row_id(),
    owner("withdrawal", indexed=False),
    Column("recording_id", IdType, nullable=False),
    Column("fate", CodeType, nullable=False),
    number("turns"),
    number("words"),
    at("sound_ms"),
    number("mentions"),
    number("unclear_ms", default="0"),
    number("unknown_words", default="0"),
    at("finished_at_ms", nullable=True),
    UniqueConstraint("withdrawal_id", "recording_id"),
    one_of("fate", "erased", "taken_out"),
)

WITHDRAWAL_RELEASE = Table(
    "withdrawal_release",
    METADATA,
    row_id(),
    owner("withdrawal", indexed=False),
    Column("recording_id", IdType, nullable=False),
    Column("release_id", IdType, nullable=False),
    number("number"),
    # The version that took its place.
    Column("next_release_id", IdType),
    number("next_number", nullable=True),
    # To how many places that have it the notice of its recall could not be brought.
    number("places_untold", default="0"),
    UniqueConstraint("withdrawal_id", "release_id"),
)
