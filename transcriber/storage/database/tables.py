"""The tables of studies, recordings and the work on them (their columns: `columns.py`)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from transcriber.storage.database.columns import (
    METADATA,
    CodeType,
    IdType,
    MsType,
    TagType,
    at,
    number,
    one_of,
    owner,
    row_id,
    sealed,
)

KEY_KINDS = ("lookup", "service", "study", "pseudonyms", "recording")
TOMBSTONE_KINDS = ("study", "recording", "sound", "transcript", "pseudonyms", "contribution")
STATES = ("waiting", "ready", "running", "done", "failed", "cancelled")

STUDY = Table(
    "study",
    METADATA,
    row_id(),
    sealed("name"),
    Column("name_tag", TagType, nullable=False, unique=True),
    sealed("settings"),
    # Codes are never given twice, also when a recording was erased.
    number("individuals", default="0"),
    number("groups", default="0"),
    # Raised with every change, so that nobody overwrites what they have not seen.
    number("version", default="1"),
    at("created_at_ms"),
)

RECORDING = Table(
    "recording",
    METADATA,
    row_id(),
    owner("study", indexed=False),
    sealed("code"),
    Column("code_tag", TagType, nullable=False),
    Column("content_tag", TagType, nullable=False),
    Column("kind", CodeType, nullable=False),
    Column("language", CodeType, nullable=False),
    number("speakers_minimum"),
    number("speakers_maximum", nullable=True),
    at("trim_start_ms"),
    at("trim_stop_ms", nullable=True),
    Column("tracks", Boolean, nullable=False),
    Column("source", CodeType, nullable=False, server_default="sound"),
    # Of the sound, known once it was read.
    at("duration_ms", nullable=True),
    at("created_at_ms"),
    UniqueConstraint("study_id", "code_tag"),
    UniqueConstraint("study_id", "content_tag"),
    Index(None, "study_id", "created_at_ms", "id"),
)

BLOB = Table(
    "blob",
    METADATA,
    row_id(),
    owner("recording"),
    Column("purpose", CodeType, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    # Of what was uploaded: the upload, and its key, wrapped by the recording's.
    Column("upload_id", IdType),
    Column("wrapped", LargeBinary),
    at("created_at_ms"),
)

RECORDING_PART = Table(
    "recording_part",
    METADATA,
    row_id(),
    owner("recording", indexed=False),
    number("number"),
    owner("blob"),
    sealed("file_name"),
    sealed("sha256"),
    UniqueConstraint("recording_id", "number"),
)

JOB = Table(
    "job",
    METADATA,
    row_id(),
    owner("recording", indexed=False),
    Column("state", CodeType, nullable=False),
    number("priority", default="0"),
    sealed("request"),
    Column("failure_code", CodeType),
    at("created_at_ms"),
    at("finished_at_ms", nullable=True),
    Index(None, "recording_id", "created_at_ms", "id"),
    Index(None, "state", "finished_at_ms"),
    one_of("state", "running", "done", "failed", "cancelled"),
)

STEP = Table(
    "step",
    METADATA,
    row_id(),
    owner("job", indexed=False),
    Column("stage", CodeType, nullable=False),
    # 0 is the whole stage, or what joins its parts, which are numbered from 1.
    number("part", default="0"),
    Column("state", CodeType, nullable=False),
    # The fencing token: who claims the step raises it, and only who holds it may write.
    number("attempt", default="0"),
    # How often it was claimed since it last got further: what is tried too often has failed.
    number("tries", default="0"),
    # Of a running step. One that is ready is not taken before this either.
    Column("lease_until_ms", MsType, nullable=False, server_default="0"),
    # Of the last attempt: what is left of it is told from that.
    at("started_at_ms", nullable=True),
    Column("queue", CodeType, nullable=False),
    number("priority", default="0"),
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
    one_of("state", *STATES),
    one_of("queue", "gpu", "cpu", "interactive"),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    row_id(),
    owner("step"),
    at("created_at_ms"),
    Index(None, "created_at_ms"),
)

STAGE_RESULT = Table(
    "stage_result",
    METADATA,
    row_id(),
    owner("recording", indexed=False),
    Column("stage", CodeType, nullable=False),
    number("part", default="0"),
    # A hash of what the result depends on, with names of the roster: sealed, and found by a tag.
    sealed("fingerprint"),
    Column("fingerprint_tag", TagType, nullable=False),
    # None once it was forgotten: how voices sound, and sound itself, are kept for no longer than
    # a job needs them.
    owner("blob", nullable=True),
    Column("took_ms", MsType, nullable=False),
    at("created_at_ms"),
    UniqueConstraint("recording_id", "stage", "part", "fingerprint_tag"),
    Index(None, "stage", "part", "created_at_ms"),
)

STAGE_FILE = Table(
    "stage_file",
    METADATA,
    row_id(),
    owner("stage_result", indexed=False),
    Column("name", CodeType, nullable=False),
    owner("blob"),
    UniqueConstraint("stage_result_id", "name"),
)

TRANSCRIPT = Table(
    "transcript",
    METADATA,
    row_id(),
    owner("recording", indexed=False),
    number("version"),
    Column("quality", CodeType, nullable=False),
    # Once the words were destroyed an empty blob: releases hang on this row, and stay.
    owner("blob"),
    at("created_at_ms"),
    at("words_destroyed_at_ms", nullable=True),
    UniqueConstraint("recording_id", "version"),
)

FINDING = Table(
    "finding",
    METADATA,
    row_id(),
    owner("transcript", indexed=False),
    # Which of the job's policies made it, from 0; less where none did (`GIVEN_AWAY`).
    number("profile"),
    number("number"),
    Column("entity_type", CodeType, nullable=False),
    sealed("content"),
    UniqueConstraint("transcript_id", "profile", "number"),
)

DECISION = Table(
    "decision",
    METADATA,
    row_id(),
    owner("transcript", indexed=False),
    number("number"),
    # What was decided together is one step to undo. None in lists older than steps.
    Column("batch", IdType),
    Column("origin", CodeType, nullable=False, server_default="person"),
    Column("decided_by", IdType),
    sealed("edit"),
    at("created_at_ms"),
    UniqueConstraint("transcript_id", "number"),
)

ENTITY = Table(
    "entity",
    METADATA,
    row_id(),
    owner("study", indexed=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("entity_type", CodeType, nullable=False),
    sealed("content"),
    # No two entities share a key, a number or an invented name.
    Column("key_tag", TagType, nullable=False),
    number("number", nullable=True),
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
    row_id(),
    owner("study", indexed=False),
    # Which speaker of which recording has which label.
    sealed("content"),
    # A speaker has one label, and no two speakers share one.
    Column("speaker_tag", TagType, nullable=False),
    Column("label_tag", TagType, nullable=False),
    UniqueConstraint("study_id", "speaker_tag"),
    UniqueConstraint("study_id", "label_tag"),
)

RELEASE = Table(
    "release",
    METADATA,
    row_id(),
    owner("transcript", indexed=False),
    number("number"),
    owner("blob"),
    # Of the text alone, so that it is told whether the same text would leave today.
    Column("text_tag", TagType),
    Column("released_by", IdType),
    at("created_at_ms"),
    # A release that was withdrawn stays as it was.
    at("withdrawn_at_ms", nullable=True),
    Column("withdrawn_by", IdType),
    sealed("withdrawn_reason", nullable=True),
    UniqueConstraint("transcript_id", "number"),
    Index(None, "created_at_ms"),
)

WRAPPED_KEY = Table(
    "wrapped_key",
    METADATA,
    row_id(),
    Column("kind", CodeType, nullable=False),
    owner("study", nullable=True),
    owner("recording", nullable=True),
    Column("wrapped_by", IdType, nullable=False, index=True),
    Column("wrapped", LargeBinary, nullable=False),
    at("created_at_ms"),
    # One of each kind for each owner. Nulls are distinct, so the only lookup key has a fixed id.
    UniqueConstraint("kind", "study_id"),
    UniqueConstraint("recording_id"),
    one_of("kind", *KEY_KINDS),
)

# These two outlive what they tell of and hold ids only, so nothing in them is ever erased.

TOMBSTONE = Table(
    "tombstone",
    METADATA,
    # Of the recording, the study, or for a contribution the key; what is gone is the kind.
    row_id(),
    Column("kind", CodeType, primary_key=True),
    Column("study_id", IdType),
    # By which rule, and when it was due by that.
    Column("why", CodeType, nullable=False, server_default="asked"),
    at("due_at_ms", nullable=True),
    at("key_destroyed_at_ms"),
    at("finished_at_ms", nullable=True),
    # Of the key as it lay here, wrapped; and what was deleted with it.
    Column("key_sha256", LargeBinary(32)),
    number("files", nullable=True),
    Column("size_bytes", BigInteger),
    one_of("kind", *TOMBSTONE_KINDS),
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
    at("created_at_ms"),
    # Holds the event and its predecessor together; none where it is older than the chain.
    Column("chain_tag", TagType),
)
