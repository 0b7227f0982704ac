"""Accounts, sessions, tokens, links, members; the audit becomes a chain."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY_KINDS = ("lookup", "service", "study", "pseudonyms", "recording")


def upgrade() -> None:
    """Make the tables of accounts, allow keys of the service, and chain the audit."""
    _allow_key_kinds()
    op.add_column("audit_event", sa.Column("chain_tag", sa.LargeBinary(32), nullable=True))
    op.create_table(
        "audit_head",
        _id(),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.create_table(
        "account",
        _id(),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("email_tag", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("password", sa.LargeBinary(), nullable=True),
        sa.Column("subject_tag", sa.LargeBinary(32), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("begins_studies", sa.Boolean(), nullable=False),
        _at("created_at_ms"),
        _at("signed_in_at_ms", nullable=True),
        _at("disabled_at_ms", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email_tag", name="uq_account_email_tag"),
        sa.UniqueConstraint("subject_tag", name="uq_account_subject_tag"),
    )
    _make_ways_in()
    op.create_table(
        "membership",
        _id(),
        _owner_id("study"),
        _owner_id("account"),
        sa.Column("role", sa.String(64), nullable=False),
        _at("created_at_ms"),
        sa.CheckConstraint(
            "role IN ('lead', 'data_manager', 'researcher', 'reviewer', 'analyst')",
            name=op.f("ck_membership_role"),
        ),
        _owner("membership", "study"),
        _owner("membership", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("study_id", "account_id", name="uq_membership_study_id_account_id"),
    )
    _index("membership", "study_id")
    _index("membership", "account_id")


def _make_ways_in() -> None:
    op.create_table(
        "session",
        _id(),
        _owner_id("account"),
        sa.Column("secret_tag", sa.LargeBinary(32), nullable=False),
        _at("created_at_ms"),
        _at("seen_at_ms"),
        _at("expires_at_ms"),
        _owner("session", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("secret_tag", name="uq_session_secret_tag"),
    )
    _index("session", "account_id")
    op.create_table(
        "api_token",
        _id(),
        _owner_id("account"),
        _owner_id("study", nullable=True),
        sa.Column("secret_tag", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.String(500), nullable=False),
        _at("created_at_ms"),
        _at("used_at_ms", nullable=True),
        _at("expires_at_ms"),
        _owner("api_token", "account"),
        _owner("api_token", "study"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("secret_tag", name="uq_api_token_secret_tag"),
    )
    _index("api_token", "account_id")
    _index("api_token", "study_id")
    op.create_table(
        "link",
        _id(),
        _owner_id("account"),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("secret_tag", sa.LargeBinary(32), nullable=False),
        _at("created_at_ms"),
        _at("expires_at_ms"),
        sa.CheckConstraint("kind IN ('invitation', 'reset', 'sign_in')", name=op.f("ck_link_kind")),
        _owner("link", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.UniqueConstraint("secret_tag", name="uq_link_secret_tag"),
    )
    _index("link", "account_id")
    op.create_table(
        "sign_in_attempt",
        _id(),
        sa.Column("account_tag", sa.LargeBinary(32), nullable=False),
        sa.Column("network_tag", sa.LargeBinary(32), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        _at("created_at_ms"),
        sa.CheckConstraint(
            "outcome IN ('guess', 'refused', 'success')", name=op.f("ck_sign_in_attempt_outcome")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
    )
    _index("sign_in_attempt", "account_tag", "created_at_ms")
    _index("sign_in_attempt", "network_tag", "created_at_ms")
    _index("sign_in_attempt", "created_at_ms")


def _allow_key_kinds() -> None:
    """Allow keys of the kind `service`; SQLite has to make the table anew for that."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_wrapped_key_kind"), "wrapped_key", type_="check")
        op.create_check_constraint(op.f("ck_wrapped_key_kind"), "wrapped_key", _kinds())
        return
    as_it_shall_be = sa.Table(
        "wrapped_key",
        sa.MetaData(),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("study_id", sa.String(32), nullable=True),
        sa.Column("recording_id", sa.String(32), nullable=True),
        sa.Column("wrapped_by", sa.String(32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(_kinds(), name=op.f("ck_wrapped_key_kind")),
        _owner("wrapped_key", "study"),
        _owner("wrapped_key", "recording"),
        sa.PrimaryKeyConstraint("id", name="pk_wrapped_key"),
        sa.UniqueConstraint("kind", "study_id", name="uq_wrapped_key_kind_study_id"),
        sa.UniqueConstraint("recording_id", name="uq_wrapped_key_recording_id"),
        sa.Index("ix_wrapped_key_recording_id", "recording_id"),
        sa.Index("ix_wrapped_key_study_id", "study_id"),
        sa.Index("ix_wrapped_key_wrapped_by", "wrapped_by"),
    )
    with op.batch_alter_table("wrapped_key", copy_from=as_it_shall_be, recreate="always"):
        pass


def _kinds() -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in KEY_KINDS)})"


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.String(32), nullable=False)


def _owner_id(table: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(f"{table}_id", sa.String(32), nullable=nullable)


def _owner(table: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [f"{owner}_id"],
        [f"{owner}.id"],
        name=f"fk_{table}_{owner}_id_{owner}",
        ondelete="CASCADE",
    )


def _at(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=False)
