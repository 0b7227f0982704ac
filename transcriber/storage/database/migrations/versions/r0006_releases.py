"""Signatures, places that somebody looked at, drafts that may leave, and releases withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.String(length=32)
TAG = sa.LargeBinary(length=32)


def upgrade() -> None:
    """Make the tables, and say of a release what its text is and whether it was withdrawn."""
    op.add_column("release", sa.Column("text_tag", TAG, nullable=True))
    op.add_column("release", sa.Column("withdrawn_at_ms", sa.BigInteger(), nullable=True))
    op.add_column("release", sa.Column("withdrawn_by", ID, nullable=True))
    op.add_column("release", sa.Column("withdrawn_reason", sa.LargeBinary(), nullable=True))

    _of_transcript(
        "signature",
        sa.Column("text_tag", TAG, nullable=False),
        sa.Column("signed_by", ID, nullable=False),
        unique=("transcript_id", "text_tag", "signed_by"),
    )
    op.create_index("ix_signature_transcript_id", "signature", ["transcript_id"], unique=False)
    _of_transcript(
        "looked",
        sa.Column("place_tag", TAG, nullable=False),
        sa.Column("looked_by", ID, nullable=False),
        unique=("transcript_id", "place_tag"),
    )
    _of_transcript(
        "draft_override",
        sa.Column("decided_by", ID, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        unique=("transcript_id",),
    )


def _of_transcript(name: str, *columns: sa.Column[object], unique: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("transcript_id", ID, nullable=False),
        *columns,
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transcript_id"],
            ["transcript.id"],
            name=f"fk_{name}_transcript_id_transcript",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint(*unique, name=f"uq_{name}_{'_'.join(unique)}"),
    )
