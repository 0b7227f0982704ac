"""What others said that may tell what somebody took back, to be decided on."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

ID = sa.String(length=32)
CODE = sa.String(length=64)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "echo",
        sa.Column("id", ID, nullable=False),
        sa.Column("withdrawal_id", ID, nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("first_word", CODE, nullable=False),
        sa.Column("last_word", CODE, nullable=False),
        sa.Column("ground", CODE, nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("verdict", CODE, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "ground IN ('repeats', 'refers', 'names', 'answers')", name=op.f("ck_echo_ground")
        ),
        sa.CheckConstraint("verdict IN ('withhold', 'leave')", name=op.f("ck_echo_verdict")),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_echo_recording_id_recording"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_echo")),
        sa.UniqueConstraint(
            "withdrawal_id",
            "recording_id",
            "first_word",
            "last_word",
            name=op.f("uq_echo_withdrawal_id_recording_id_first_word_last_word"),
        ),
    )
    op.create_index(op.f("ix_echo_recording_id"), "echo", ["recording_id"], unique=False)
