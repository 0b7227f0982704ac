"""Mails that are to be sent to people of a study."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

ID = sa.String(length=32)
CODE = sa.String(length=64)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "mail",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("study_id", ID, nullable=False),
        sa.Column("event", CODE, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_mail_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_mail_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint(
            "account_id", "study_id", "event", name=op.f("uq_mail_account_id_study_id_event")
        ),
    )
    op.create_index(op.f("ix_mail_study_id"), "mail", ["study_id"], unique=False)
    op.create_index(op.f("ix_mail_next_at_ms"), "mail", ["next_at_ms"], unique=False)
