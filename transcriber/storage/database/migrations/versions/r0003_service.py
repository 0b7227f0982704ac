"""What the service shows of studies and recordings, and what it tells other programs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add versions, lengths and times; make the tables of webhooks and of repeated requests."""
    op.add_column("study", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("recording", sa.Column("duration_ms", sa.BigInteger(), nullable=True))
    op.add_column("step", sa.Column("started_at_ms", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_recording_study_id_created_at_ms_id", "recording", ["study_id", "created_at_ms", "id"]
    )
    op.drop_index("ix_job_recording_id", "job")
    op.create_index(
        "ix_job_recording_id_created_at_ms_id", "job", ["recording_id", "created_at_ms", "id"]
    )
    op.create_index(
        "ix_stage_result_stage_part_created_at_ms",
        "stage_result",
        ["stage", "part", "created_at_ms"],
    )
    op.create_index("ix_release_created_at_ms", "release", ["created_at_ms"])
    op.create_index("ix_job_state_finished_at_ms", "job", ["state", "finished_at_ms"])
    op.create_table(
        "repeated",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("key_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("request_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_id", sa.String(length=32), nullable=True),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_repeated"),
        sa.UniqueConstraint("account_id", "key_tag", name="uq_repeated_account_id_key_tag"),
    )
    op.create_index("ix_repeated_created_at_ms", "repeated", ["created_at_ms"])
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("disabled_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name="fk_webhook_study_id_study", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_index("ix_webhook_study_id", "webhook", ["study_id"])
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("webhook_id", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("recording_id", sa.String(length=32), nullable=True),
        sa.Column("subject_id", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("arrived_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failure_code", sa.String(length=64), nullable=True),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhook.id"],
            name="fk_webhook_delivery_webhook_id_webhook",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
    )
    op.create_index("ix_webhook_delivery_next_at_ms", "webhook_delivery", ["next_at_ms"])
    op.create_index(
        "ix_webhook_delivery_webhook_id_created_at_ms",
        "webhook_delivery",
        ["webhook_id", "created_at_ms"],
    )
