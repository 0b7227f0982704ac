"""Destinations of releases, and what is brought there."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ID = sa.String(length=32)
CODE = sa.String(length=64)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "destination",
        sa.Column("id", ID, nullable=False),
        sa.Column("study_id", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("preset", CODE, nullable=True),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("removed_at_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('folder', 'bucket')", name=op.f("ck_destination_kind")),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["study.id"],
            name=op.f("fk_destination_study_id_study"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destination")),
    )
    op.create_index(op.f("ix_destination_study_id"), "destination", ["study_id"], unique=False)
    op.create_table(
        "hand_off",
        sa.Column("id", ID, nullable=False),
        sa.Column("destination_id", ID, nullable=False),
        sa.Column("release_id", ID, nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("what", CODE, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("arrived_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("sha256", CODE, nullable=True),
        sa.Column("failure_code", CODE, nullable=True),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("what IN ('release', 'recall')", name=op.f("ck_hand_off_what")),
        sa.ForeignKeyConstraint(
            ["destination_id"],
            ["destination.id"],
            name=op.f("fk_hand_off_destination_id_destination"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_off")),
        sa.UniqueConstraint(
            "destination_id",
            "release_id",
            "what",
            name=op.f("uq_hand_off_destination_id_release_id_what"),
        ),
    )
    op.create_index(op.f("ix_hand_off_release_id"), "hand_off", ["release_id"], unique=False)
    op.create_index(op.f("ix_hand_off_next_at_ms"), "hand_off", ["next_at_ms"], unique=False)
