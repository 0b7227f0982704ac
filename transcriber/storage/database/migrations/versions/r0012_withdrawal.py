"""Withdrawals of participants, and what each did."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ID = sa.String(length=32)
CODE = sa.String(length=64)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "withdrawal",
        sa.Column("id", ID, nullable=False),
        sa.Column("study_id", ID, nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=True),
        sa.Column("on_roster", sa.Boolean(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("key_entries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("decisions", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_by", ID, nullable=True),
        sa.Column("started_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("finished_at_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["study.id"],
            name=op.f("fk_withdrawal_study_id_study"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    op.create_index(op.f("ix_withdrawal_study_id"), "withdrawal", ["study_id"], unique=False)
    op.create_table(
        "withdrawal_recording",
        sa.Column("id", ID, nullable=False),
        sa.Column("withdrawal_id", ID, nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("fate", CODE, nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("sound_ms", sa.BigInteger(), nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.Column("finished_at_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "fate IN ('erased', 'taken_out')", name=op.f("ck_withdrawal_recording_fate")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"],
            ["withdrawal.id"],
            name=op.f("fk_withdrawal_recording_withdrawal_id_withdrawal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal_recording")),
        sa.UniqueConstraint(
            "withdrawal_id",
            "recording_id",
            name=op.f("uq_withdrawal_recording_withdrawal_id_recording_id"),
        ),
    )
    op.create_table(
        "withdrawal_release",
        sa.Column("id", ID, nullable=False),
        sa.Column("withdrawal_id", ID, nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("release_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("next_release_id", ID, nullable=True),
        sa.Column("next_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"],
            ["withdrawal.id"],
            name=op.f("fk_withdrawal_release_withdrawal_id_withdrawal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal_release")),
        sa.UniqueConstraint(
            "withdrawal_id",
            "release_id",
            name=op.f("uq_withdrawal_release_withdrawal_id_release_id"),
        ),
    )
