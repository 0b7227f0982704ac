"""What participants agreed to, and who takes part in a recording."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ID = sa.String(length=32)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "consent",
        sa.Column("id", ID, nullable=False),
        sa.Column("study_id", ID, nullable=False),
        sa.Column("recording_id", ID, nullable=True),
        sa.Column("consent", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["study.id"],
            name=op.f("fk_consent_study_id_study"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_consent_recording_id_recording"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_study_id"), "consent", ["study_id"], unique=False)
    op.create_index(op.f("ix_consent_recording_id"), "consent", ["recording_id"], unique=False)
    op.create_table(
        "taking_part",
        sa.Column("id", ID, nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("labels", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_taking_part_recording_id_recording"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taking_part")),
        sa.UniqueConstraint("recording_id", name=op.f("uq_taking_part_recording_id")),
    )
