"""The first recording of a study is checked alone: what it teaches helps with all the others."""

from dataclasses import dataclass

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.review import FindingState
from transcriber.services.known_names import TYPES
from transcriber.services.review.for_study import put_on_roster
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import Review, review_of
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.database.studies import lock_study
from transcriber.storage.database.study_decisions import (
    FirstReview,
    confirm_first,
    first_review,
    open_first,
)
from transcriber.storage.database.study_steps import search_again
from transcriber.storage.database.transcripts import GIVEN_AWAY

_AT_WORK = (RecordingState.WAITING, RecordingState.WORKING)


@dataclass(frozen=True, slots=True)
class FirstRecording:
    """With which recording the checking of a study began, who began, and whether it goes on alone.

    `name` is that of the person, None where the account is gone.
    """

    recording_id: str
    code: str
    name: str | None
    confirmed: bool


def first_recording(store: Store, study_id: str) -> FirstRecording | None:
    """Return the recording that is checked first, None before any was opened."""
    with store.database.read() as connection:
        found = first_review(connection, study_id)
        return _told(store, connection, study_id, found) if found else None


def open_review(store: Store, actor_id: str, study_id: str, recording_id: str) -> Review:
    """Open a recording for checking, and return how far that is.

    The first one opened in a study is the one that is checked alone. Raises UsageError
    `first_recording_first`, `searched_again`, and what `review_of` raises.
    """
    review = review_of(store, study_id, recording_id)
    with store.database.read() as connection:
        begun = first_review(connection, study_id) is not None
    if not begun:
        with store.database.write() as connection:
            lock_study(connection, study_id)
            if first_review(connection, study_id) is None:
                open_first(connection, study_id, recording_id, actor_id)
    may_open(store, study_id, recording_id)
    return as_shown(store, review)


def may_open(store: Store, study_id: str, recording_id: str) -> None:
    """Do nothing where a recording may be checked now.

    Raises UsageError `first_recording_first` while another one is checked alone, and
    `searched_again` while this one is being searched for the names of that.
    """
    with store.database.read() as connection:
        found = first_review(connection, study_id)
        if found is None or found.recording_id == recording_id:
            return
        words = store.transcripts.latest(connection, found.recording_id)
        if words is not None and words.destroyed:
            return  # nobody can confirm its names any more
        if not found.confirmed:
            first = _told(store, connection, study_id, found)
            by = f" {first.name} is at it." if first.name else ""
            raise UsageError(
                "first_recording_first",
                f"The first recording of a study is checked alone, so that its names help with all "
                f"the others. {first.code} comes first.{by} This one opens once its names are "
                "confirmed.",
            )
        stored = store.transcripts.latest(connection, recording_id)
        begun = stored is not None and store.decisions.count(connection, stored.id) > 0
        rows = rows_of(connection, [recording_id])
    if not begun and any(row.job_id and row.state in _AT_WORK for row in rows):
        raise UsageError(
            "searched_again",
            "This recording is being searched for the names that the first one gave. It opens by "
            "itself in a few minutes.",
        )


def confirm_names(store: Store, actor_id: str, study_id: str) -> tuple[str, ...]:
    """Say that the names of the first recording are right, and return those that were learnt.

    Accepted names of people, places and organisations join the roster, and the study's other
    recordings are searched for them before they open. Raises UsageError `nothing_to_confirm`, and
    `names_undecided` while somebody has yet to decide on one.
    """
    with store.database.read() as connection:
        found = first_review(connection, study_id)
    if found is None or found.confirmed:
        raise UsageError(
            "nothing_to_confirm", "No recording of this study is waiting for its names."
        )
    review = as_shown(store, review_of(store, study_id, found.recording_id))
    names = [
        judged
        for judged in review.findings
        if judged.finding.entity_type in TYPES and judged.state is not FindingState.REJECTED
    ]
    undecided = sum(judged.state is FindingState.PROPOSED for judged in names)
    if undecided:
        raise UsageError(
            "names_undecided",
            f"{undecided} mentions of names in this recording are not decided yet. Decide on them "
            "first.",
        )
    findings = [judged.finding for judged in names]
    learnt = _fullest(findings)
    put_on_roster(store, actor_id, study_id, learnt)
    with store.database.write() as connection:
        lock_study(connection, study_id)
        if confirm_first(connection, study_id, actor_id):
            store.transcripts.found(connection, review.stored, GIVEN_AWAY, findings)
            (row,) = rows_of(connection, [found.recording_id])
            if row.job_id is not None:
                search_again(connection, row.job_id)
            store.audit.record(connection, AuditEvent(Action.CHANGED, actor_id, study_id))
    return tuple(name for listed in learnt.values() for name in listed)


def _fullest(findings: list[Finding]) -> dict[EntityType, tuple[str, ...]]:
    """Return the fullest spelling of each entity, by type; what only sounds like it is none."""
    names: dict[tuple[EntityType, str], str] = {}
    for finding in findings:
        key = finding.entity_type, finding.entity
        if "sound" not in finding.source and len(finding.text) > len(names.get(key, "")):
            names[key] = finding.text
    return {
        kind: tuple(name for (of, _), name in names.items() if of is kind) for kind in sorted(TYPES)
    }


def _told(
    store: Store, connection: Connection, study_id: str, found: FirstReview
) -> FirstRecording:
    codes = store.recordings.codes(connection, study_id, [found.recording_id])
    account = store.accounts.get(connection, found.opened_by) if found.opened_by else None
    return FirstRecording(
        found.recording_id,
        codes.get(found.recording_id, ""),
        account.name if account else None,
        found.confirmed,
    )
