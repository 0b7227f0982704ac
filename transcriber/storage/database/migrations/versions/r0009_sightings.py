"""Identifiers that were seen in releases, and the releases that hold them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ID = sa.String(length=32)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sighting",
        sa.Column("id", ID, nullable=False),
        sa.Column("study_id", ID, nullable=False),
        sa.Column("release_id", ID, nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("text", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("reported_by", ID, nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answered_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("entity_type", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["study.id"],
            name=op.f("fk_sighting_study_id_study"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting")),
    )
    op.create_index(op.f("ix_sighting_study_id"), "sighting", ["study_id"], unique=False)
    op.create_table(
        "sighting_release",
        sa.Column("id", ID, nullable=False),
        sa.Column("sighting_id", ID, nullable=False),
        sa.Column("release_id", ID, nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("recalled_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("marked_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sighting_id"],
            ["sighting.id"],
            name=op.f("fk_sighting_release_sighting_id_sighting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting_release")),
        sa.UniqueConstraint(
            "sighting_id", "release_id", name=op.f("uq_sighting_release_sighting_id_release_id")
        ),
    )
    op.create_index(
        op.f("ix_sighting_release_recording_id"), "sighting_release", ["recording_id"], unique=False
    )
