"""Tombstones of what somebody withdrew from a recording that stays."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

ID = sa.String(length=32)
CODE = sa.String(length=64)

KINDS = "'study', 'recording', 'sound', 'transcript', 'pseudonyms', 'contribution'"


def upgrade() -> None:
    """Make the table anew: SQLite changes no check."""
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
        op.bulk_insert(table, before)
