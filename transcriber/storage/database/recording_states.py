"""How far recordings are: told in one statement from their latest jobs, words and releases."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    tuple_,
)

from transcriber.domain.recording_state import RecordingState
from transcriber.domain.transcript import Quality
from transcriber.pipeline.order import State
from transcriber.storage.database.sign_off_tables import DRAFT_OVERRIDE
from transcriber.storage.database.tables import JOB, RECORDING, RELEASE, STEP, TRANSCRIPT


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """A recording in a list, without anything that is sealed; times in milliseconds."""

    id: str
    study_id: str
    kind: str
    created_at_ms: int
    duration_ms: int | None
    job_id: str | None
    state: RecordingState


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which recordings of a study: all, or those in some states, after the last one seen."""

    study_id: str
    states: frozenset[RecordingState] = frozenset()
    newest_first: bool = False
    after: tuple[int, str] | None = None


def recording_rows(connection: Connection, wanted: Wanted, limit: int) -> list[RecordingRow]:
    """Return at most `limit` recordings, in the order in which they were added or the other."""
    if wanted.states:
        of_state = _STATE.in_([state.value for state in wanted.states])
        return _rows(connection, _page(_with_states().where(of_state), wanted, limit))
    # Which they are does not depend on how far they are: that is then told of these few.
    ids = connection.execute(_page(select(RECORDING.c.id), wanted, limit)).scalars()
    found = rows_of(connection, list(ids))
    return found[::-1] if wanted.newest_first else found


def _page(statement: Select[Any], wanted: Wanted, limit: int) -> Select[Any]:
    """Narrow a statement on recordings to a page of a study."""
    place = (RECORDING.c.created_at_ms, RECORDING.c.id)
    statement = statement.where(RECORDING.c.study_id == wanted.study_id)
    if wanted.after is not None:
        here, last = tuple_(*place), tuple_(*wanted.after)
        statement = statement.where(here < last if wanted.newest_first else here > last)
    order = (column.desc() if wanted.newest_first else column for column in place)
    return statement.order_by(*order).limit(limit)


def rows_of(connection: Connection, recording_ids: Collection[str]) -> list[RecordingRow]:
    """Return some recordings, the oldest first."""
    statement = _with_states().where(RECORDING.c.id.in_(recording_ids))
    return _rows(connection, statement.order_by(RECORDING.c.created_at_ms, RECORDING.c.id))


def count_states(
    connection: Connection, study_ids: Sequence[str]
) -> Mapping[str, Counter[RecordingState]]:
    """Count the recordings of studies by state, by study."""
    inner = _all_with_states().where(RECORDING.c.study_id.in_(study_ids)).subquery()
    rows = connection.execute(
        select(inner.c.study_id, inner.c.state, func.count().label("number")).group_by(
            inner.c.study_id, inner.c.state
        )
    )
    counted: dict[str, Counter[RecordingState]] = defaultdict(Counter)
    for row in rows:
        counted[row.study_id][RecordingState(row.state)] = row.number
    return counted


def _rows(connection: Connection, statement: Select[tuple[object, ...]]) -> list[RecordingRow]:
    return [
        RecordingRow(
            row.id,
            row.study_id,
            row.kind,
            row.created_at_ms,
            row.duration_ms,
            row.job_id,
            RecordingState(row.state),
        )
        for row in connection.execute(statement)
    ]


def _latest_job() -> ColumnElement[str]:
    return (
        select(JOB.c.id)
        .where(JOB.c.recording_id == RECORDING.c.id)
        .order_by(JOB.c.created_at_ms.desc(), JOB.c.id.desc())
        .limit(1)
        .correlate(RECORDING)
        .scalar_subquery()
    )


_TAKEN = (State.RUNNING, State.DONE, State.FAILED)
"""States of a step that somebody took up."""

_BEGUN = exists().where(STEP.c.job_id == JOB.c.id, STEP.c.state.in_(_TAKEN))
_LATEST_WORDS = TRANSCRIPT.alias("words")
_NEWER_WORDS = TRANSCRIPT.alias("newer")
_IS_LATEST = and_(
    _LATEST_WORDS.c.recording_id == RECORDING.c.id,
    ~exists().where(
        _NEWER_WORDS.c.recording_id == _LATEST_WORDS.c.recording_id,
        _NEWER_WORDS.c.version > _LATEST_WORDS.c.version,
    ),
)
_STANDS = RELEASE.c.withdrawn_at_ms.is_(None)
_SIGNED_OFF = exists().where(_IS_LATEST, RELEASE.c.transcript_id == _LATEST_WORDS.c.id, _STANDS)
_DESTROYED = exists().where(_IS_LATEST, _LATEST_WORDS.c.words_destroyed_at_ms.is_not(None))
_IS_DRAFT = exists().where(
    _IS_LATEST,
    _LATEST_WORDS.c.quality == Quality.DRAFT.value,
    ~exists().where(DRAFT_OVERRIDE.c.transcript_id == _LATEST_WORDS.c.id),
)

Truth = ColumnElement[bool]


def _state(
    job_state: ColumnElement[str],
    begun: Truth,
    signed_off: Truth,
    destroyed: Truth,
    is_draft: Truth,
) -> ColumnElement[str]:
    """Tell a recording's state from that of its latest job and from its latest words.

    Whose words were destroyed has no job any more.
    """
    return case(
        (and_(destroyed, signed_off), literal(RecordingState.SIGNED_OFF.value)),
        (destroyed, literal(RecordingState.DESTROYED.value)),
        (job_state == State.FAILED, literal(RecordingState.FAILED.value)),
        (job_state == State.CANCELLED, literal(RecordingState.CANCELLED.value)),
        (and_(job_state == State.RUNNING, begun), literal(RecordingState.WORKING.value)),
        (job_state == State.RUNNING, literal(RecordingState.WAITING.value)),
        (job_state.is_(None), literal(RecordingState.WAITING.value)),
        (signed_off, literal(RecordingState.SIGNED_OFF.value)),
        (is_draft, literal(RecordingState.DRAFT.value)),
        else_=literal(RecordingState.READY.value),
    )


_STATE = _state(JOB.c.state, _BEGUN, _SIGNED_OFF, _DESTROYED, _IS_DRAFT)


def _with_states() -> Select[tuple[object, ...]]:
    return select(
        RECORDING.c.id,
        RECORDING.c.study_id,
        RECORDING.c.kind,
        RECORDING.c.created_at_ms,
        RECORDING.c.duration_ms,
        JOB.c.id.label("job_id"),
        _STATE.label("state"),
    ).select_from(RECORDING.outerjoin(JOB, JOB.c.id == _latest_job()))


def _all_with_states() -> Select[tuple[object, ...]]:
    """Return study and state of all recordings, joined as a whole.

    For many recordings that is many times faster than looking for each one, as a page does.
    """
    later = JOB.alias("later")
    is_last = ~exists().where(
        later.c.recording_id == JOB.c.recording_id,
        tuple_(later.c.created_at_ms, later.c.id) > tuple_(JOB.c.created_at_ms, JOB.c.id),
    )
    jobs = select(JOB.c.id, JOB.c.recording_id, JOB.c.state).where(is_last).subquery()
    has_newer = exists().where(
        _NEWER_WORDS.c.recording_id == _LATEST_WORDS.c.recording_id,
        _NEWER_WORDS.c.version > _LATEST_WORDS.c.version,
    )
    words = select(_LATEST_WORDS).where(~has_newer).subquery()
    released = select(RELEASE.c.transcript_id).where(_STANDS).distinct().subquery()
    overridden = select(DRAFT_OVERRIDE.c.transcript_id).subquery()
    begun = (
        select(STEP.c.job_id)
        .join(JOB, JOB.c.id == STEP.c.job_id)
        .where(JOB.c.state == State.RUNNING, STEP.c.state.in_(_TAKEN))
        .distinct()
        .subquery()
    )
    state = _state(
        jobs.c.state,
        begun.c.job_id.is_not(None),
        released.c.transcript_id.is_not(None),
        words.c.words_destroyed_at_ms.is_not(None),
        and_(words.c.quality == Quality.DRAFT.value, overridden.c.transcript_id.is_(None)),
    )
    return select(RECORDING.c.study_id, state.label("state")).select_from(
        RECORDING.outerjoin(jobs, jobs.c.recording_id == RECORDING.c.id)
        .outerjoin(words, words.c.recording_id == RECORDING.c.id)
        .outerjoin(released, released.c.transcript_id == words.c.id)
        .outerjoin(overridden, overridden.c.transcript_id == words.c.id)
        .outerjoin(begun, begun.c.job_id == jobs.c.id)
    )
