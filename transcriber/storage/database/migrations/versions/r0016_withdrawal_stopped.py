"""Why a withdrawal does not go on, who was not told of a recall, and what may be theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("withdrawal", sa.Column("stopped_by", sa.String(length=64), nullable=True))
    op.add_column("withdrawal", sa.Column("stopped_at_ms", sa.BigInteger(), nullable=True))
    for name in ("unclear_ms", "unknown_words"):
        op.add_column(
            "withdrawal_recording",
            sa.Column(name, sa.Integer(), server_default="0", nullable=False),
        )
    op.add_column(
        "withdrawal_release",
        sa.Column("places_untold", sa.Integer(), server_default="0", nullable=False),
    )
