"""The tables of what is still arriving (docs/decisions/0014-uploads.md)."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, UniqueConstraint

from transcriber.storage.database.columns import METADATA, IdType, MsType, SealedType, owner, row_id

UPLOAD = Table(
    "upload",
    METADATA,
    row_id(),
    owner("study"),
    Column("account_id", IdType, nullable=False),
    # None where it is told by the end only, as in a form.
    Column("length_bytes", BigInteger),
    Column("offset_bytes", BigInteger, nullable=False),
    # The fencing token: who begins to send raises it, and only who holds it may go on.
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("file_name", SealedType(), nullable=False),
    # There once the upload is complete.
    Column("sha256", SealedType()),
    # The upload's own key, wrapped by the study's.
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at_ms", MsType, nullable=False),
    Column("expires_at_ms", MsType, nullable=False, index=True),
)

UPLOAD_PIECE = Table(
    "upload_piece",
    METADATA,
    # The id of its blob.
    row_id(),
    owner("upload"),
    Column("number", Integer, nullable=False),
    # None while it is being written: whoever finds it so later deletes its file.
    Column("size_bytes", BigInteger),
)

FURTHER_BLOB = Table(
    "further_blob",
    METADATA,
    row_id(),
    owner("recording_part", indexed=False),
    # The part's own blob is 0; these count from 1.
    Column("number", Integer, nullable=False),
    owner("blob"),
    UniqueConstraint("recording_part_id", "number"),
)
