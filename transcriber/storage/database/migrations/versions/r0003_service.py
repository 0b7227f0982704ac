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
