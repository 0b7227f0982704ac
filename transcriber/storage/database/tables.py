"""The tables, which are the same on SQLite and PostgreSQL.

Ids are 128 random bits in hexadecimal. Times are UTC in milliseconds since 1970. A `SealedType`
column holds text or names, encrypted; a `TagType` column finds them (transcriber/storage/keys).
All other columns hold ids, times, counts, states and codes, and nothing that a person said.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

from transcriber.storage.keys.sealing import Sealed

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

IdType = String(32)
CodeType = String(64)
TagType = LargeBinary(32)
MsType = BigInteger()


class SealedType(TypeDecorator[bytes]):
    """Takes what `seal` made and nothing else, so that no text gets in by mistake."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Refuse what is not sealed. Raises TypeError, which tells the type and not the value."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"a sealed column was given {type(value).__name__}")
        return value


def _id() -> Column[Any]:
    return Column("id", IdType, primary_key=True)


def _of(table: str, nullable: bool = False, indexed: bool = True) -> Column[Any]:
    """Return a column that names a row of `table` and is gone when that is gone."""
    return Column(
        f"{table}_id",
        IdType,
        ForeignKey(f"{table}.id", ondelete="CASCADE"),
        nullable=nullable,
        index=indexed,
    )


def _sealed(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, SealedType(), nullable=nullable)


def _number(name: str, default: str | None = None, nullable: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=nullable, server_default=default)


def _at(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, MsType, nullable=nullable)


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


KEY_KINDS = ("lookup", "study", "pseudonyms", "recording")
STATES = ("waiting", "ready", "running", "done", "failed", "cancelled")

STUDY = Table(
    "study",
    METADATA,
    _id(),
    _sealed("name"),
    Column("name_tag", TagType, nullable=False, unique=True),
    _sealed("settings"),
    # Codes are never given twice, also when a recording was erased.
    _number("individuals", default="0"),
    _number("groups", default="0"),
    _at("created_at_ms"),
)

RECORDING = Table(
    "recording",
    METADATA,
    _id(),
    _of("study", indexed=False),
    _sealed("code"),
    Column("code_tag", TagType, nullable=False),
    Column("content_tag", TagType, nullable=False),
    Column("kind", CodeType, nullable=False),
    Column("language", CodeType, nullable=False),
    _number("speakers_minimum"),
    _number("speakers_maximum", nullable=True),
    _at("trim_start_ms"),
    _at("trim_stop_ms", nullable=True),
    Column("tracks", Boolean, nullable=False),
    _at("created_at_ms"),
    UniqueConstraint("study_id", "code_tag"),
    UniqueConstraint("study_id", "content_tag"),
)

BLOB = Table(
    "blob",
    METADATA,
    _id(),
    _of("recording"),
    Column("purpose", CodeType, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    _at("created_at_ms"),
)

RECORDING_PART = Table(
    "recording_part",
    METADATA,
    _id(),
    _of("recording", indexed=False),
    _number("number"),
    _of("blob"),
    _sealed("file_name"),
    _sealed("sha256"),
    UniqueConstraint("recording_id", "number"),
)

JOB = Table(
    "job",
    METADATA,
    _id(),
    _of("recording"),
    Column("state", CodeType, nullable=False),
    _number("priority", default="0"),
    _sealed("request"),
    Column("failure_code", CodeType),
    _at("created_at_ms"),
    _at("finished_at_ms", nullable=True),
    _one_of("state", "running", "done", "failed", "cancelled"),
)

STEP = Table(
    "step",
    METADATA,
    _id(),
    _of("job", indexed=False),
    Column("stage", CodeType, nullable=False),
    # 0 is the whole stage, or what joins its parts, which are numbered from 1.
    _number("part", default="0"),
    Column("state", CodeType, nullable=False),
    # The fencing token: who claims the step raises it, and only who holds it may write.
    _number("attempt", default="0"),
    # How often it was claimed since it last got further: what is tried too often has failed.
    _number("tries", default="0"),
    # Of a running step. One that is ready is not taken before this either.
    Column("lease_until_ms", MsType, nullable=False, server_default="0"),
    Column("queue", CodeType, nullable=False),
    _number("priority", default="0"),
    Column("failure_code", CodeType),
    # For people; by the rule of every error it holds nothing that identifies anybody.
    Column("failure_sentence", String(500)),
    # What it left; a result outlives the job that made it.
    Column(
        "stage_result_id",
        IdType,
        ForeignKey("stage_result.id", ondelete="SET NULL"),
        nullable=True,
        index=True,
    ),
    UniqueConstraint("job_id", "stage", "part"),
    Index(None, "state", "lease_until_ms"),
    _one_of("state", *STATES),
    _one_of("queue", "gpu", "cpu", "interactive"),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    _id(),
    _of("step"),
    _at("created_at_ms"),
    Index(None, "created_at_ms"),
)

STAGE_RESULT = Table(
    "stage_result",
    METADATA,
    _id(),
    _of("recording", indexed=False),
    Column("stage", CodeType, nullable=False),
    _number("part", default="0"),
    # A hash of what the result depends on, with names of the roster: sealed, and found by a tag.
    _sealed("fingerprint"),
    Column("fingerprint_tag", TagType, nullable=False),
    # None once it was forgotten: how voices sound, and sound itself, are kept for no longer than
    # a job needs them.
    _of("blob", nullable=True),
    Column("took_ms", MsType, nullable=False),
    _at("created_at_ms"),
    UniqueConstraint("recording_id", "stage", "part", "fingerprint_tag"),
)

STAGE_FILE = Table(
    "stage_file",
    METADATA,
    _id(),
    _of("stage_result", indexed=False),
    Column("name", CodeType, nullable=False),
    _of("blob"),
    UniqueConstraint("stage_result_id", "name"),
)

TRANSCRIPT = Table(
    "transcript",
    METADATA,
    _id(),
    _of("recording", indexed=False),
    _number("version"),
    Column("quality", CodeType, nullable=False),
    _of("blob"),
    _at("created_at_ms"),
    UniqueConstraint("recording_id", "version"),
)

FINDING = Table(
    "finding",
    METADATA,
    _id(),
    _of("transcript", indexed=False),
    # Which of the job's policies made it, from 0; less where none did (`GIVEN_AWAY`).
    _number("profile"),
    _number("number"),
    Column("entity_type", CodeType, nullable=False),
    _sealed("content"),
    UniqueConstraint("transcript_id", "profile", "number"),
)

DECISION = Table(
    "decision",
    METADATA,
    _id(),
    _of("transcript", indexed=False),
    _number("number"),
    Column("decided_by", IdType),
    _sealed("edit"),
    _at("created_at_ms"),
    UniqueConstraint("transcript_id", "number"),
)

ENTITY = Table(
    "entity",
    METADATA,
    _id(),
    _of("study", indexed=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("entity_type", CodeType, nullable=False),
    _sealed("content"),
    # No two entities share a key, a number or an invented name.
    Column("key_tag", TagType, nullable=False),
    _number("number", nullable=True),
    Column("first_tag", TagType),
    Column("last_tag", TagType),
    UniqueConstraint("study_id", "entity_id"),
    UniqueConstraint("study_id", "entity_type", "key_tag"),
    UniqueConstraint("study_id", "entity_type", "number"),
    UniqueConstraint("study_id", "first_tag"),
    UniqueConstraint("study_id", "last_tag"),
)

LABEL = Table(
    "label",
    METADATA,
    _id(),
    _of("study", indexed=False),
    # Which speaker of which recording has which label.
    _sealed("content"),
    # A speaker has one label, and no two speakers share one.
    Column("speaker_tag", TagType, nullable=False),
    Column("label_tag", TagType, nullable=False),
    UniqueConstraint("study_id", "speaker_tag"),
    UniqueConstraint("study_id", "label_tag"),
)

RELEASE = Table(
    "release",
    METADATA,
    _id(),
    _of("transcript", indexed=False),
    _number("number"),
    _of("blob"),
    Column("released_by", IdType),
    _at("created_at_ms"),
    UniqueConstraint("transcript_id", "number"),
)

WRAPPED_KEY = Table(
    "wrapped_key",
    METADATA,
    _id(),
    Column("kind", CodeType, nullable=False),
    _of("study", nullable=True),
    _of("recording", nullable=True),
    Column("wrapped_by", IdType, nullable=False, index=True),
    Column("wrapped", LargeBinary, nullable=False),
    _at("created_at_ms"),
    # One of each kind for each owner. Nulls are distinct, so the only lookup key has a fixed id.
    UniqueConstraint("kind", "study_id"),
    UniqueConstraint("recording_id"),
    _one_of("kind", *KEY_KINDS),
)

# These two outlive what they tell of and hold ids only, so nothing in them is ever erased.

TOMBSTONE = Table(
    "tombstone",
    METADATA,
    _id(),
    Column("kind", CodeType, nullable=False),
    _at("key_destroyed_at_ms"),
    _at("finished_at_ms", nullable=True),
    _one_of("kind", "study", "recording"),
)

AUDIT_EVENT = Table(
    "audit_event",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("action", CodeType, nullable=False),
    Column("actor_id", IdType),
    Column("study_id", IdType, index=True),
    Column("recording_id", IdType, index=True),
    Column("subject_id", IdType),
    _at("created_at_ms"),
)
