"""Steps in the list of events, decisions for a whole study, and the recording checked first."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Say of an event which step it belongs to; make the tables."""
    op.add_column(
        "decision",
        sa.Column("batch", sa.String(length=32), nullable=True),
    )
    op.add_column(
        "decision",
        sa.Column("origin", sa.String(length=64), server_default="person", nullable=False),
    )

    op.create_table(
        "search_due",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("transcript_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transcript_id"],
            ["transcript.id"],
            name="fk_search_due_transcript_id_transcript",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_search_due"),
    )
    op.create_index("ix_search_due_transcript_id", "search_due", ["transcript_id"], unique=False)

    op.create_table(
        "study_decision",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("edit", sa.LargeBinary(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.Column("undone_at_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name="fk_study_decision_study_id_study", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_study_decision"),
        sa.UniqueConstraint("study_id", "number", name="uq_study_decision_study_id_number"),
    )

    op.create_table(
        "first_review",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("recording_id", sa.String(length=32), nullable=False),
        sa.Column("opened_by", sa.String(length=32), nullable=True),
        sa.Column("opened_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name="fk_first_review_recording_id_recording",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name="fk_first_review_study_id_study", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_first_review"),
        sa.UniqueConstraint("study_id", name="uq_first_review_study_id"),
    )
    op.create_index("ix_first_review_recording_id", "first_review", ["recording_id"], unique=False)
