"""What is destroyed apart from the rest, what forbids it, and the clock that it goes by."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.String(length=32)
CODE = sa.String(length=64)

KINDS = "'study', 'recording', 'sound', 'transcript', 'pseudonyms'"


def upgrade() -> None:
    """Make tombstones of more than studies and recordings, and the tables of retention."""
    op.add_column("transcript", sa.Column("words_destroyed_at_ms", sa.BigInteger(), nullable=True))
    _tombstones()
    op.create_table(
        "legal_hold",
        sa.Column("id", ID, nullable=False),
        sa.Column("study_id", ID, nullable=False),
        sa.Column("recording_id", ID, nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("placed_by", ID, nullable=True),
        sa.Column("placed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("lifted_by", ID, nullable=True),
        sa.Column("lifted_at_ms", sa.BigInteger(), nullable=True),
        _owner("legal_hold", "study"),
        _owner("legal_hold", "recording"),
        sa.PrimaryKeyConstraint("id", name="pk_legal_hold"),
    )
    op.create_index("ix_legal_hold_study_id", "legal_hold", ["study_id"], unique=False)
    op.create_index("ix_legal_hold_recording_id", "legal_hold", ["recording_id"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("id", ID, nullable=False),
        sa.Column("study_id", ID, nullable=False),
        sa.Column("grounds", sa.LargeBinary(), nullable=False),
        sa.Column("assessed_by", ID, nullable=False),
        sa.Column("assessed_at_ms", sa.BigInteger(), nullable=False),
        _owner("assessment", "study"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
        sa.UniqueConstraint("study_id", name="uq_assessment_study_id"),
    )
    op.create_table(
        "retention_notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("study_id", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("due_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        _owner("retention_notice", "study"),
        sa.PrimaryKeyConstraint("id", name="pk_retention_notice"),
        sa.UniqueConstraint(
            "study_id",
            "kind",
            "subject_id",
            "due_at_ms",
            name="uq_retention_notice_study_id_kind_subject_id_due_at_ms",
        ),
    )
    op.create_table(
        "retention_clock",
        sa.Column("id", ID, nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("steady_since_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retention_clock"),
    )


def _tombstones() -> None:
    """Make the table anew: SQLite changes neither a primary key nor a check."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT * FROM tombstone")).mappings()
    before = [dict(row) for row in rows]
    op.drop_table("tombstone")
    table = op.create_table(
        "tombstone",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("study_id", ID, nullable=True),
        sa.Column("why", CODE, server_default="asked", nullable=False),
        sa.Column("due_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("key_destroyed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("finished_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("key_sha256", sa.LargeBinary(length=32), nullable=True),
        sa.Column("files", sa.Integer(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_tombstone_kind")),
        sa.PrimaryKeyConstraint("id", "kind", name="pk_tombstone"),
    )
    if before:
        op.bulk_insert(table, [{**row, "why": "asked"} for row in before])


def _owner(table: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [f"{owner}_id"],
        [f"{owner}.id"],
        name=f"fk_{table}_{owner}_id_{owner}",
        ondelete="CASCADE",
    )
