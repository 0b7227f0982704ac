"""Tables of who somebody is: accounts, their ways in, their studies, and the head of the audit.

Columns as in `columns.py`. Of whatever lets somebody in, only a tag is stored: nobody can use
a row, and nobody who can write rows but has no master key can make one that works.
"""

from sqlalchemy import Boolean, Column, Index, String, Table, UniqueConstraint

from transcriber.storage.database.columns import (
    METADATA,
    CodeType,
    MsType,
    SealedType,
    TagType,
    one_of,
    owner,
    row_id,
)

LINK_KINDS = ("invitation", "reset", "sign_in")
ROLES = ("lead", "data_manager", "researcher", "reviewer", "analyst")


ACCOUNT = Table(
    "account",
    METADATA,
    row_id(),
    Column("email", SealedType(), nullable=False),
    Column("email_tag", TagType, nullable=False, unique=True),
    Column("name", SealedType(), nullable=False),
    # Argon2's own notation. None until an invitation was accepted, or with single sign-on alone.
    Column("password", SealedType()),
    # Who this is at the identity provider.
    Column("subject_tag", TagType, unique=True),
    Column("is_admin", Boolean, nullable=False),
    Column("begins_studies", Boolean, nullable=False),
    Column("created_at_ms", MsType, nullable=False),
    Column("signed_in_at_ms", MsType),
    Column("disabled_at_ms", MsType),
)

SESSION = Table(
    "session",
    METADATA,
    row_id(),
    owner("account"),
    Column("secret_tag", TagType, nullable=False, unique=True),
    Column("created_at_ms", MsType, nullable=False),
    Column("seen_at_ms", MsType, nullable=False),
    Column("expires_at_ms", MsType, nullable=False),
)

API_TOKEN = Table(
    "api_token",
    METADATA,
    row_id(),
    owner("account"),
    # None: all studies of the account.
    owner("study", nullable=True),
    Column("secret_tag", TagType, nullable=False, unique=True),
    Column("name", SealedType(), nullable=False),
    # Codes of permissions, with spaces between them.
    Column("scopes", String(500), nullable=False),
    Column("created_at_ms", MsType, nullable=False),
    Column("used_at_ms", MsType),
    Column("expires_at_ms", MsType, nullable=False),
)

LINK = Table(
    "link",
    METADATA,
    row_id(),
    owner("account"),
    Column("kind", CodeType, nullable=False),
    Column("secret_tag", TagType, nullable=False, unique=True),
    Column("created_at_ms", MsType, nullable=False),
    Column("expires_at_ms", MsType, nullable=False),
    one_of("kind", *LINK_KINDS),
)

MEMBERSHIP = Table(
    "membership",
    METADATA,
    row_id(),
    owner("study"),
    owner("account"),
    Column("role", CodeType, nullable=False),
    Column("created_at_ms", MsType, nullable=False),
    UniqueConstraint("study_id", "account_id"),
    one_of("role", *ROLES),
)

SIGN_IN_ATTEMPT = Table(
    "sign_in_attempt",
    METADATA,
    row_id(),
    # Of the e-mail address that was given, whether there is such an account or not.
    Column("account_tag", TagType, nullable=False),
    # Of the network that the attempt came from.
    Column("network_tag", TagType, nullable=False),
    # Whether it was looked at and wrong, refused unseen, or right.
    Column("outcome", CodeType, nullable=False),
    Column("created_at_ms", MsType, nullable=False),
    Index(None, "account_tag", "created_at_ms"),
    Index(None, "network_tag", "created_at_ms"),
    Index(None, "created_at_ms"),
    one_of("outcome", "guess", "refused", "success"),
)

AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    row_id(),
    # How many events there are, and what holds the last of them to all before.
    Column("content", SealedType(), nullable=False),
)
