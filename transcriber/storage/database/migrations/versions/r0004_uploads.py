"""Uploads that are still arriving, and recordings whose files lie in several blobs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables; say of a blob which upload it came with, of a recording what it is."""
    op.add_column(
        "recording",
        sa.Column("source", sa.String(length=64), server_default="sound", nullable=False),
    )
    op.add_column("blob", sa.Column("upload_id", sa.String(length=32), nullable=True))
    op.add_column("blob", sa.Column("wrapped", sa.LargeBinary(), nullable=True))

    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("length_bytes", sa.BigInteger(), nullable=True),
        sa.Column("offset_bytes", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("file_name", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name="fk_upload_study_id_study", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
    )
    op.create_index("ix_upload_study_id", "upload", ["study_id"], unique=False)
    op.create_index("ix_upload_expires_at_ms", "upload", ["expires_at_ms"], unique=False)

    op.create_table(
        "upload_piece",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("upload_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["upload.id"],
            name="fk_upload_piece_upload_id_upload",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_upload_piece"),
    )
    op.create_index("ix_upload_piece_upload_id", "upload_piece", ["upload_id"], unique=False)

    op.create_table(
        "further_blob",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("recording_part_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["blob.id"], name="fk_further_blob_blob_id_blob", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recording_part_id"],
            ["recording_part.id"],
            name="fk_further_blob_recording_part_id_recording_part",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_further_blob"),
        sa.UniqueConstraint(
            "recording_part_id", "number", name="uq_further_blob_recording_part_id_number"
        ),
    )
    op.create_index("ix_further_blob_blob_id", "further_blob", ["blob_id"], unique=False)
