"""The first tables.

Written out and not taken from `tables.py`, which goes on changing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "audit_event",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=True),
        sa.Column("study_id", sa.String(length=32), nullable=True),
        sa.Column("recording_id", sa.String(length=32), nullable=True),
        sa.Column("subject_id", sa.String(length=32), nullable=True),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_recording_id", "audit_event", ["recording_id"], unique=False)
    op.create_index("ix_audit_event_study_id", "audit_event", ["study_id"], unique=False)

    op.create_table(
        "study",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("name_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("individuals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("groups", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_study"),
        sa.UniqueConstraint("name_tag", name="uq_study_name_tag"),
    )

    op.create_table(
        "tombstone",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key_destroyed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("finished_at_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('study', 'recording')", name=op.f("ck_tombstone_kind")),
        sa.PrimaryKeyConstraint("id", name="pk_tombstone"),
    )

    op.create_table(
        "entity",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("entity_type", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("key_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("first_tag", sa.LargeBinary(length=32), nullable=True),
        sa.Column("last_tag", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name="fk_entity_study_id_study", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_entity"),
        sa.UniqueConstraint("study_id", "entity_id", name="uq_entity_study_id_entity_id"),
        sa.UniqueConstraint(
            "study_id", "entity_type", "key_tag", name="uq_entity_study_id_entity_type_key_tag"
        ),
        sa.UniqueConstraint(
            "study_id", "entity_type", "number", name="uq_entity_study_id_entity_type_number"
        ),
        sa.UniqueConstraint("study_id", "first_tag", name="uq_entity_study_id_first_tag"),
        sa.UniqueConstraint("study_id", "last_tag", name="uq_entity_study_id_last_tag"),
    )

    op.create_table(
        "label",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("speaker_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("label_tag", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name="fk_label_study_id_study", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_label"),
        sa.UniqueConstraint("study_id", "label_tag", name="uq_label_study_id_label_tag"),
        sa.UniqueConstraint("study_id", "speaker_tag", name="uq_label_study_id_speaker_tag"),
    )

    op.create_table(
        "recording",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("code_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("speakers_minimum", sa.Integer(), nullable=False),
        sa.Column("speakers_maximum", sa.Integer(), nullable=True),
        sa.Column("trim_start_ms", sa.BigInteger(), nullable=False),
        sa.Column("trim_stop_ms", sa.BigInteger(), nullable=True),
        sa.Column("tracks", sa.Boolean(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name="fk_recording_study_id_study", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recording"),
        sa.UniqueConstraint("study_id", "code_tag", name="uq_recording_study_id_code_tag"),
        sa.UniqueConstraint("study_id", "content_tag", name="uq_recording_study_id_content_tag"),
    )

    op.create_table(
        "blob",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("recording_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name="fk_blob_recording_id_recording",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_blob"),
    )
    op.create_index("ix_blob_recording_id", "blob", ["recording_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("recording_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("failure_code", sa.String(length=64), nullable=True),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("finished_at_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'failed', 'cancelled')", name=op.f("ck_job_state")
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name="fk_job_recording_id_recording",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index("ix_job_recording_id", "job", ["recording_id"], unique=False)

    op.create_table(
        "wrapped_key",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=True),
        sa.Column("recording_id", sa.String(length=32), nullable=True),
        sa.Column("wrapped_by", sa.String(length=32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('lookup', 'study', 'pseudonyms', 'recording')",
            name=op.f("ck_wrapped_key_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name="fk_wrapped_key_recording_id_recording",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name="fk_wrapped_key_study_id_study", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wrapped_key"),
        sa.UniqueConstraint("kind", "study_id", name="uq_wrapped_key_kind_study_id"),
        sa.UniqueConstraint("recording_id", name="uq_wrapped_key_recording_id"),
    )
    op.create_index("ix_wrapped_key_recording_id", "wrapped_key", ["recording_id"], unique=False)
    op.create_index("ix_wrapped_key_study_id", "wrapped_key", ["study_id"], unique=False)
    op.create_index("ix_wrapped_key_wrapped_by", "wrapped_key", ["wrapped_by"], unique=False)

    op.create_table(
        "recording_part",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("recording_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["blob.id"], name="fk_recording_part_blob_id_blob", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name="fk_recording_part_recording_id_recording",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recording_part"),
        sa.UniqueConstraint("recording_id", "number", name="uq_recording_part_recording_id_number"),
    )
    op.create_index("ix_recording_part_blob_id", "recording_part", ["blob_id"], unique=False)

    op.create_table(
        "stage_result",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("recording_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("blob_id", sa.String(length=32), nullable=True),
        sa.Column("took_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["blob.id"], name="fk_stage_result_blob_id_blob", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name="fk_stage_result_recording_id_recording",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stage_result"),
        sa.UniqueConstraint(
            "recording_id",
            "stage",
            "part",
            "fingerprint_tag",
            name="uq_stage_result_recording_id_stage_part_fingerprint_tag",
        ),
    )
    op.create_index("ix_stage_result_blob_id", "stage_result", ["blob_id"], unique=False)

    op.create_table(
        "transcript",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("recording_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("quality", sa.String(length=64), nullable=False),
        sa.Column("blob_id", sa.String(length=32), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["blob.id"], name="fk_transcript_blob_id_blob", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name="fk_transcript_recording_id_recording",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_transcript"),
        sa.UniqueConstraint("recording_id", "version", name="uq_transcript_recording_id_version"),
    )
    op.create_index("ix_transcript_blob_id", "transcript", ["blob_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("transcript_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("edit", sa.LargeBinary(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transcript_id"],
            ["transcript.id"],
            name="fk_decision_transcript_id_transcript",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.UniqueConstraint("transcript_id", "number", name="uq_decision_transcript_id_number"),
    )

    op.create_table(
        "finding",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("transcript_id", sa.String(length=32), nullable=False),
        sa.Column("profile", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entity_type", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transcript_id"],
            ["transcript.id"],
            name="fk_finding_transcript_id_transcript",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
        sa.UniqueConstraint(
            "transcript_id", "profile", "number", name="uq_finding_transcript_id_profile_number"
        ),
    )

    op.create_table(
        "release",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("transcript_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.String(length=32), nullable=False),
        sa.Column("released_by", sa.String(length=32), nullable=True),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["blob.id"], name="fk_release_blob_id_blob", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"],
            ["transcript.id"],
            name="fk_release_transcript_id_transcript",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
        sa.UniqueConstraint("transcript_id", "number", name="uq_release_transcript_id_number"),
    )
    op.create_index("ix_release_blob_id", "release", ["blob_id"], unique=False)

    op.create_table(
        "stage_file",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("stage_result_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("blob_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["blob.id"], name="fk_stage_file_blob_id_blob", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["stage_result_id"],
            ["stage_result.id"],
            name="fk_stage_file_stage_result_id_stage_result",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stage_file"),
        sa.UniqueConstraint("stage_result_id", "name", name="uq_stage_file_stage_result_id_name"),
    )
    op.create_index("ix_stage_file_blob_id", "stage_file", ["blob_id"], unique=False)

    op.create_table(
        "step",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failure_code", sa.String(length=64), nullable=True),
        sa.Column("failure_sentence", sa.String(length=500), nullable=True),
        sa.Column("stage_result_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint("queue IN ('gpu', 'cpu', 'interactive')", name=op.f("ck_step_queue")),
        sa.CheckConstraint(
            "state IN ('waiting', 'ready', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_step_state"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name="fk_step_job_id_job", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["stage_result_id"],
            ["stage_result.id"],
            name="fk_step_stage_result_id_stage_result",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_step"),
        sa.UniqueConstraint("job_id", "stage", "part", name="uq_step_job_id_stage_part"),
    )
    op.create_index("ix_step_stage_result_id", "step", ["stage_result_id"], unique=False)
    op.create_index(
        "ix_step_state_lease_until_ms", "step", ["state", "lease_until_ms"], unique=False
    )

    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("step_id", sa.String(length=32), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_id"], ["step.id"], name="fk_outbox_step_id_step", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_created_at_ms", "outbox", ["created_at_ms"], unique=False)
    op.create_index("ix_outbox_step_id", "outbox", ["step_id"], unique=False)
