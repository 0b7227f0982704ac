"""Studies as people make and change them, and their recordings in lists."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from tests.stores import Stored, add_bare_recordings
from transcriber.domain.errors import RosterError, UsageError
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.retention import Retention, Rule
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.study_terms import HandOff, StudyTerms
from transcriber.domain.transcript import Quality
from transcriber.pipeline.order import State
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.policy_file import load_policy
from transcriber.services.recording_list import (
    Order,
    RecordingQuery,
    RecordingSummary,
    count_recordings,
    list_recordings,
    show_recording,
)
from transcriber.services.store import Store
from transcriber.services.studies import (
    StudyDraft,
    create_study,
    draft_of,
    edit_roster,
    edit_study,
    list_studies,
    show_study,
)
from transcriber.services.study_form import StudyForm, form_of, roster_from
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.jobs import JobRequest, add_job
from transcriber.storage.database.releases import add_release
from transcriber.storage.database.tables import JOB, STEP
from transcriber.storage.database.transcripts import StoredTranscript
from transcriber.storage.ids import new_id

ROSTER = Roster(participants=(Participant("Sarah Whitfield", "P03"),), places=("Hexham",))
DRAFT = StudyDraft(
    "Breast-feeding",
    ROSTER,
    ("team",),
    StudyTerms(True, False, Retention(Rule(90)), (HandOff.NVIVO,)),
)


def who(store: Store) -> str:
    """Return the id of a new account."""
    return create_account(store, NewAccount(f"{new_id()}@example.org", "Ada")).id


def test_a_study_is_kept_as_it_was_written(opened: Store) -> None:
    made = create_study(opened, who(opened), DRAFT)
    assert made.version == 1
    assert draft_of(show_study(opened, made.id)) == DRAFT


def test_nobody_overwrites_what_they_have_not_seen(opened: Store) -> None:
    made = create_study(opened, who(opened), DRAFT)
    changed = edit_study(
        opened, who(opened), made.id, replace(DRAFT, name="Peer support"), made.version
    )
    assert (changed.name, changed.version) == ("Peer support", 2)
    with pytest.raises(UsageError) as refused:
        edit_study(opened, who(opened), made.id, DRAFT, made.version)
    assert refused.value.code == "changed_meanwhile"
    assert show_study(opened, made.id) == changed


def test_a_roster_changes_by_itself(opened: Store) -> None:
    made = create_study(opened, who(opened), DRAFT)
    edit_roster(opened, who(opened), made.id, Roster(people=("Tom",)), made.version)
    assert draft_of(show_study(opened, made.id)) == replace(DRAFT, roster=Roster(people=("Tom",)))


def test_a_policy_of_ones_own_stays_beside_a_shipped_one(store: Stored, opened: Store) -> None:
    study = store.study()  # as the command line makes it, with a policy from a file
    policies = ("open", study.agreed.policies[0].name)
    draft = replace(draft_of(study), policies=policies)
    edited = edit_study(opened, who(opened), study.id, draft, study.version)
    assert edited.agreed.policies == (load_policy("open"), *study.agreed.policies)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(DRAFT, name="breast-FEEDING "), "name_taken"),
        (replace(DRAFT, name=" "), "empty_name"),
        (replace(DRAFT, name="x" * 201), "name_too_long"),
        (replace(DRAFT, name="\ud800"), "bad_name"),
        (replace(DRAFT, name="b", policies=("mine",)), "unknown_policy"),
        (replace(DRAFT, name="b", policies=()), "no_policy"),
        (
            replace(DRAFT, name="b", terms=StudyTerms(retention=Retention(key=Rule(-1)))),
            "bad_retention",
        ),
        (replace(DRAFT, name="b", roster=Roster(people=("?",))), "empty_name"),
        (replace(DRAFT, name="b", roster=Roster(people=("y" * 201,))), "name_too_long"),
    ],
)
def test_what_will_not_do_is_told(opened: Store, draft: StudyDraft, code: str) -> None:
    create_study(opened, who(opened), DRAFT)
    with pytest.raises((UsageError, RosterError)) as refused:
        create_study(opened, who(opened), draft)
    assert refused.value.code == code


def test_the_form_becomes_the_roster() -> None:
    form = StudyForm(
        participants=(Participant("Sarah Whitfield", aliases=("Saz",)),),
        children=("Oliver",),
        partners=("Tom", "Oliver"),
        colleagues=("Dr Khan",),
        clinics=("Hexham General",),
        villages=("Wylam",),
        keep=("Peer Support Network",),
    )
    roster = roster_from(form)
    assert roster.people == ("Oliver", "Tom", "Dr Khan")
    assert (roster.organisations, roster.places) == (("Hexham General",), ("Wylam",))
    assert roster_from(form_of(roster)) == roster


def test_studies_are_listed_a_page_at_a_time(opened: Store) -> None:
    made = [
        create_study(opened, who(opened), replace(DRAFT, name=str(number))).id
        for number in range(5)
    ]
    seen: list[str] = []
    cursor = None
    while True:
        page = list_studies(opened, made[1:], cursor, limit=2)
        seen += [study.id for study in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert sorted(seen) == sorted(made[1:])
    assert len(seen) == 4


@pytest.mark.parametrize("cursor", ["", "x", "1-2", "ffffffffffffffffffff-" + "0" * 32])
def test_a_cursor_that_is_none_is_refused(opened: Store, cursor: str) -> None:
    with pytest.raises(UsageError, match="page"):
        list_studies(opened, [], cursor)


def _many(store: Stored, opened: Store, count: int) -> str:
    study = store.study()
    first = store.recording(study)
    with opened.database.write() as connection:
        add_bare_recordings(opened.keyring, connection, first, count - 1)
    return study.id


@pytest.mark.parametrize("order", Order)
def test_every_recording_is_on_one_page(store: Stored, opened: Store, order: Order) -> None:
    study_id = _many(store, opened, 25)
    seen: list[RecordingSummary] = []
    cursor = None
    while True:
        query = RecordingQuery(order=order, cursor=cursor, limit=10)
        page = list_recordings(opened, study_id, query)
        seen += page.items
        cursor = page.cursor
        if cursor is None:
            break
    places = [(item.created_at_ms, item.id) for item in seen]
    assert len(set(places)) == 25
    assert places == sorted(places, reverse=order is Order.NEWEST)


def _job(opened: Store, recording_id: str) -> str:
    with opened.database.write() as connection:
        key = opened.keyring.recording(connection, recording_id)
        request = JobRequest(ROSTER, ())
        return add_job(
            connection, (recording_id, key), request, {"ingest": "cpu", "transcribe": "cpu"}
        )


def _words(opened: Store, recording_id: str, quality: Quality) -> StoredTranscript:
    """Add a version of a recording's words."""
    with opened.database.read() as connection:
        key = opened.keyring.recording(connection, recording_id)
    with opened.blobs.staged() as staged:
        blob = staged.put_bytes(key, recording_id, Purpose.RESULT, b"{}")
        with opened.database.write() as connection:
            add_blobs(connection, [blob])
            return opened.transcripts.add(connection, recording_id, quality, blob)


def _set(opened: Store, job_id: str, ended: State, **step: object) -> None:
    with opened.database.write() as connection:
        connection.execute(update(JOB).where(JOB.c.id == job_id).values(state=ended))
        if step:
            ingest = (STEP.c.job_id == job_id) & (STEP.c.stage == "ingest")
            connection.execute(update(STEP).where(ingest).values(**step))


def test_the_state_of_a_recording_is_that_of_its_last_job(store: Stored, opened: Store) -> None:
    study = store.study()
    recording = store.recording(study)
    told = []

    def look() -> None:
        told.append(show_recording(opened, study.id, recording.id).state)
        states = RecordingQuery(states=frozenset({told[-1]}))
        assert [item.id for item in list_recordings(opened, study.id, states).items] == [
            recording.id
        ]
        assert count_recordings(opened, study.id) == {told[-1]: 1}

    look()
    job_id = _job(opened, recording.id)
    look()
    _set(opened, job_id, State.RUNNING, state=State.RUNNING, started_at_ms=5)
    look()
    failed = {"failure_code": "bad", "failure_sentence": "The file is cut off."}
    _set(opened, job_id, State.FAILED, state=State.FAILED, **failed)
    look()
    shown = show_recording(opened, study.id, recording.id)
    assert (shown.failure_code, shown.failure_sentence) == ("bad", "The file is cut off.")
    _set(opened, _job(opened, recording.id), State.CANCELLED)
    look()
    _set(opened, _job(opened, recording.id), State.DONE)
    look()
    words = _words(opened, recording.id, Quality.DRAFT)
    look()
    with opened.database.write() as connection:
        add_release(connection, words.id, words.blob, None)
    look()
    _words(opened, recording.id, Quality.FULL)
    look()
    assert told == [
        RecordingState.WAITING,
        RecordingState.WAITING,
        RecordingState.WORKING,
        RecordingState.FAILED,
        RecordingState.CANCELLED,
        RecordingState.READY,
        RecordingState.DRAFT,
        RecordingState.SIGNED_OFF,
        RecordingState.READY,
    ]


def test_a_recording_of_another_study_is_not_there(store: Stored, opened: Store) -> None:
    recording = store.recording(store.study())
    with pytest.raises(UsageError) as refused:
        show_recording(opened, store.study("Other").id, recording.id)
    assert refused.value.code == "not_found"
