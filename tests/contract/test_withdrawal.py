"""A participant withdraws: shown first, then taken out of all of the study, on either database."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.checked import found_in, recording_to_check
from tests.kept_words import put_words
from tests.withdrawing import (
    NAME,
    NAMES,
    SAID_ALONE,
    SAID_IN_GROUP,
    Withdrawn,
    study_to_withdraw_from,
)
from transcriber.domain.audit import Action
from transcriber.domain.consent import Answer, Consent
from transcriber.domain.edit import EntityDecided, Verdict
from transcriber.domain.errors import StorageError, UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.interval import Interval
from transcriber.domain.retention import Held
from transcriber.domain.roster import Participant
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN, Affected, Fate, Receipt
from transcriber.exports.rights.withdrawal import preview_sections, receipt_sections, written
from transcriber.services.retention.destroy import destroy_again
from transcriber.services.retention.keeping import place_hold
from transcriber.services.review.state import review_of
from transcriber.services.store import Store
from transcriber.services.studies import edit_roster, show_study
from transcriber.services.withdrawal import withdraw as steps
from transcriber.services.withdrawal.echoes import echoes_to_decide
from transcriber.services.withdrawal.preview import preview_withdrawal
from transcriber.services.withdrawal.receipt import receipt_of, receipts_of
from transcriber.services.withdrawal.withdraw import finish_withdrawals, withdraw_participant
from transcriber.storage.database.audit_events import AuditEvent, events
from transcriber.storage.database.entities import StoreRegister
from transcriber.storage.database.jobs import request_of
from transcriber.storage.database.tables import JOB
from transcriber.storage.database.withdrawal_tables import WITHDRAWAL
from transcriber.storage.ids import new_id

pytestmark = pytest.mark.slow


@pytest.fixture
def study(opened: Store, tmp_path: Path) -> Withdrawn:
    return study_to_withdraw_from(opened, tmp_path)


def withdrawn(study: Withdrawn, *labels: str) -> Receipt:
    asked = labels or ("P01",)
    stamp = preview_withdrawal(study.store, study.study_id, asked).stamp
    return withdraw_participant(study.store, study.actor_id, study.study_id, asked, stamp)


def said(study: Withdrawn, recording_id: str) -> str:
    return review_of(study.store, study.study_id, recording_id).transcript.text


def left_of_them(study: Withdrawn) -> list[str]:
    """What of theirs can be read still in recordings, roster, key, decisions and jobs."""
    store, found = study.store, []
    for each in (study.group, study.told, study.other):
        text = said(study, each.recording_id)
        found += [word for word in (NAME, SAID_ALONE, SAID_IN_GROUP) if word in text]
    agreed = show_study(store, study.study_id).agreed
    found += [name for name in agreed.roster.names if name == NAME]
    with store.database.read() as connection:
        for decision in store.study_decisions.all(connection, study.study_id):
            found += ["decision"] if decision.edit.entity == NAME.casefold() else []
        for job_id, recording_id in connection.execute(select(JOB.c.id, JOB.c.recording_id)).all():
            key = store.keyring.recording(connection, recording_id)
            request = request_of(connection, job_id, key)
            found += [name for name in request.roster.names if name == NAME]
        found += ["who" for who in connection.execute(select(WITHDRAWAL.c.who)).scalars() if who]
    found += [entity.key for entity in study.entities() if NAME.casefold() in entity.key]
    return found


def decide_for_study(study: Withdrawn, entity: str) -> str:
    decision_id = new_id()
    edit = EntityDecided(EntityType.PERSON, entity, Verdict.ACCEPT)
    with study.store.database.write() as connection:
        study.store.study_decisions.add(
            connection, study.study_id, decision_id, edit, study.actor_id
        )
    return decision_id


def test_the_preview_tells_what_will_be_done_and_changes_nothing(study: Withdrawn) -> None:
    decide_for_study(study, NAME.casefold())
    told = preview_withdrawal(study.store, study.study_id, ["p01 "])
    fates = {each.recording_id: each for each in told.recordings}
    assert set(fates) == {
        study.interview.recording_id,
        study.group.recording_id,
        study.told.recording_id,
    }
    assert fates[study.interview.recording_id].fate is Fate.ERASED
    group = fates[study.group.recording_id]
    assert (group.fate, group.turns, group.words, group.mentions) == (Fate.TAKEN_OUT, 2, 11, 0)
    assert group.sound_ms > 0
    mentioned = fates[study.told.recording_id]
    assert (mentioned.fate, mentioned.turns, mentioned.mentions) == (Fate.TAKEN_OUT, 0, 1)
    assert {each.release_id for each in told.recalled} == set(study.releases.values())
    assert (told.on_roster, told.key_entries, told.decisions) == (True, 1, 1)
    assert told.is_possible
    assert told == preview_withdrawal(study.store, study.study_id, ["P01"])


def test_all_that_is_theirs_is_gone_and_what_is_others_stays(study: Withdrawn) -> None:
    decide_for_study(study, NAME.casefold())
    others = decide_for_study(study, "tom greenwood")
    before = said(study, study.other.recording_id)
    receipt = withdrawn(study)
    assert receipt.finished_at_ms is not None
    assert left_of_them(study) == []
    with pytest.raises(UsageError):
        said(study, study.interview.recording_id)
    assert "Mine grew by the river." in said(study, study.group.recording_id)
    assert CONTRIBUTION_WITHDRAWN in said(study, study.group.recording_id)
    assert said(study, study.other.recording_id) == before
    with study.store.database.read() as connection:
        kept = study.store.study_decisions.all(connection, study.study_id)
    assert [each.id for each in kept] == [others]
    assert decide_for_study(study, "garstang")  # its number is free


def test_their_consent_is_erased_and_the_day_until_which_they_could_withdraw_is_shown(
    study: Withdrawn,
) -> None:
    store = study.store
    day = date(2027, 3, 1)
    with store.database.write() as connection:
        for label in ("P01", "P02"):
            consent = Consent(label, quoted=Answer.AGREED, withdraw_by=day)
            store.consents.put(connection, study.study_id, consent)
        store.consents.say_taking_part(connection, study.group.recording_id, ["P01", "P02"])
    told = preview_withdrawal(store, study.study_id, ["P01"])
    assert told.withdraw_by == day
    assert "1 March 2027" in written("Preview", preview_sections(told))
    withdrawn(study)
    with store.database.read() as connection:
        assert [each.label for each in store.consents.all(connection, study.study_id)] == ["P02"]
        there = store.consents.taking_part(connection, study.group.recording_id)
    assert there == ("P02",)


def test_what_echoes_them_is_listed_before_it_can_no_longer_be_told(study: Withdrawn) -> None:
    receipt = withdrawn(study)
    listed = echoes_to_decide(study.store, study.study_id)
    assert receipt.echoes == len(listed) > 0
    assert {each.code for each in listed} == {study.code(study.group), study.code(study.told)}


def test_their_number_and_label_are_given_to_nobody_again(study: Withdrawn) -> None:
    withdrawn(study)
    mine, toms = study.entities()
    assert (mine.number, mine.forms, mine.written) == (1, frozenset(), frozenset())
    assert (toms.key, toms.number) == ("tom greenwood", 2)
    register = StoreRegister(study.store.database, study.store.keyring, study.study_id)
    assert "P01" not in register.labels("FG09", ["S1", "S2"], ())


def test_the_receipt_names_nobody_and_counts_what_was_done(study: Withdrawn) -> None:
    receipt = withdrawn(study)
    by_id = {each.recording_id: each for each in receipt.recordings}
    assert by_id[study.group.recording_id].turns == 2
    assert all(each.finished_at_ms is not None for each in receipt.recordings)
    recalled = {each.release_id: each for each in receipt.recalled}
    assert recalled[study.releases[study.interview.recording_id]].next_release_id is None
    assert recalled[study.releases[study.group.recording_id]].next_number == 2
    text = " ".join(written("Receipt", receipt_sections(receipt)).split())
    assert "version 2 takes its place" in text
    assert "no version takes its place" in text
    for private in (NAME, SAID_ALONE, SAID_IN_GROUP, "P01"):
        assert private not in text
    assert receipts_of(study.store, study.study_id) == (receipt,)


def test_what_may_be_theirs_is_counted_apart(study: Withdrawn, tmp_path: Path) -> None:
    """Words of nobody known stay; speech without words is silenced, where they speak."""
    lines = (
        ("MOD", "Shall we begin then?"),
        ("P01", f"I am {NAME} again."),
        (None, "who knows that now"),
        ("P02", "Not me at all."),
    )
    group = recording_to_check(
        study.store,
        tmp_path,
        study.actor_id,
        lines=lines,
        names=NAMES,
        study_id=study.study_id,
    )
    nobodys = group.recording_id, study.told.recording_id
    for recording_id in nobodys:
        words = review_of(study.store, study.study_id, recording_id).transcript
        pause = Interval(words.duration_ms - 700, words.duration_ms - 100)
        coverage = replace(words.coverage, untranscribed=(pause,))
        found = found_in(words, NAMES)
        put_words(study.store, recording_id, replace(words, coverage=coverage), found)
    told = preview_withdrawal(study.store, study.study_id, ["P01"])
    assert may_be_theirs(told.recordings, nobodys) == [(600, 4), (0, 0)]
    text = " ".join(written("Preview", preview_sections(told)).split())
    assert f"{study.code(group)}: 4 words of an unknown speaker" in text
    assert "Hear them first" in text
    receipt = withdrawn(study)
    (silenced_ms, left), mentioned = may_be_theirs(receipt.recordings, nobodys)
    assert silenced_ms >= 600
    assert (left, mentioned) == (4, (0, 0))
    assert "who knows that now" in said(study, group.recording_id)
    text = " ".join(written("Receipt", receipt_sections(receipt)).split())
    assert "speech that nobody wrote down, 1 second besides, is silenced too" in text
    assert "Hear them, and withhold what is theirs." in text


def may_be_theirs(
    recordings: Sequence[Affected], recording_ids: Sequence[str]
) -> list[tuple[int, int]]:
    by_id = {each.recording_id: each for each in recordings}
    return [(by_id[each].unclear_ms, by_id[each].unknown_words) for each in recording_ids]


def test_one_that_cannot_go_on_stops_no_other_and_is_told_by_its_code(
    study: Withdrawn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def dying(*_: object) -> None:
        raise StorageError("gone", "The machine went away.")

    with monkeypatch.context() as broken:
        broken.setattr(steps, "_erase", dying)
        with pytest.raises(StorageError):
            withdrawn(study)
        assert finish_withdrawals(study.store) == 0
        assert refusal(study, "P02", preview_withdrawal(study.store, study.study_id, ["P02"]).stamp)
    (told,) = {record.getMessage() for record in caplog.records if "withdrawal" in record.name}
    assert told.endswith(": gone")


def test_it_is_on_record_who_had_it_done(study: Withdrawn) -> None:
    receipt = withdrawn(study)
    with study.store.database.read() as connection:
        found = [event for _, event in events(connection) if event.subject_id == receipt.id]
    assert [(event.action, event.actor_id) for event in found] == [
        (Action.PARTICIPANT_WITHDRAWN, study.actor_id),
        (Action.WITHDRAWAL_FINISHED, study.actor_id),
    ]


def refusal(study: Withdrawn, label: str, stamp: str = "") -> str:
    with pytest.raises(UsageError) as refused:
        withdraw_participant(study.store, study.actor_id, study.study_id, [label], stamp)
    return refused.value.code


def test_what_was_not_shown_is_not_done(study: Withdrawn) -> None:
    stamp = preview_withdrawal(study.store, study.study_id, ["P01"]).stamp
    decide_for_study(study, NAME.casefold())
    assert refusal(study, "P01", stamp) == "changed_meanwhile"
    assert refusal(study, "P99") == "no_such_participant"
    for nobodys in ("MOD", "INT2", "MOD_A", "UNK", "SEVERAL"):
        assert refusal(study, nobodys) == "leads_talk"
        with pytest.raises(UsageError, match="leads the talk"):
            preview_withdrawal(study.store, study.study_id, ["P01", nobodys])
    with pytest.raises(UsageError, match="Nobody on the roster"):
        preview_withdrawal(study.store, study.study_id, ["P01", "FG1_P99"])
    assert receipts_of(study.store, study.study_id) == ()
    assert SAID_IN_GROUP in said(study, study.group.recording_id)


def test_two_people_withdraw_one_after_the_other(study: Withdrawn) -> None:
    """Only one would be sought by name, and nothing would lead to the other any more."""
    now = show_study(study.store, study.study_id)
    people = (*now.agreed.roster.participants, Participant("Tamsin Okoro", "P77"))
    roster = replace(now.agreed.roster, participants=people)
    edit_roster(study.store, study.actor_id, study.study_id, roster, now.version)
    with pytest.raises(UsageError) as refused:
        preview_withdrawal(study.store, study.study_id, ["P01", "P77"])
    assert refused.value.code == "two_participants"


def test_while_anything_of_the_study_is_worked_on_nothing_is_withdrawn(study: Withdrawn) -> None:
    """Whoever works on it was told the roster."""
    of_other = JOB.c.recording_id == study.other.recording_id
    with study.store.database.write() as connection:
        connection.execute(update(JOB).where(of_other).values(state="running"))
    told = preview_withdrawal(study.store, study.study_id, ["P01"])
    assert told.at_work == (study.code(study.other),)
    assert refusal(study, "P01", told.stamp) == "at_work"
    assert NAME in show_study(study.store, study.study_id).agreed.roster.names


def test_copies_that_left_before_are_told_by_day_and_role(study: Withdrawn) -> None:
    events_of = (study.group.recording_id, study.group.recording_id, study.other.recording_id)
    with study.store.database.write() as connection:
        for recording_id in events_of:
            event = AuditEvent(Action.EXPORTED, study.actor_id, study.study_id, recording_id)
            study.store.audit.record(connection, event)
    receipt = withdrawn(study)
    assert [(each.by_role, each.recording_id) for each in receipt.copies] == [
        ("lead", study.group.recording_id),
        ("lead", study.group.recording_id),
    ]
    text = " ".join(written("Receipt", receipt_sections(receipt)).split())
    assert f"lead took a copy of text of {study.code(study.group)}, 2 times." in text


def test_a_legal_hold_on_any_of_it_forbids_all_of_it(study: Withdrawn) -> None:
    place_hold(study.store, study.actor_id, study.study_id, study.told.recording_id, "A court.")
    told = preview_withdrawal(study.store, study.study_id, ["P01"])
    assert told.held == (study.code(study.told),)
    assert not told.is_possible
    assert refusal(study, "P01") == "held"
    assert SAID_IN_GROUP in said(study, study.group.recording_id)


def test_without_the_key_only_labels_lead_to_them(study: Withdrawn) -> None:
    kept = show_study(study.store, study.study_id)
    assert destroy_again(study.store, kept, Held.KEY, study.study_id)
    told = preview_withdrawal(study.store, study.study_id, ["P01"])
    assert told.key_gone
    assert not told.on_roster
    with pytest.raises(UsageError) as refused:
        preview_withdrawal(study.store, study.study_id, ["P77"])
    assert refused.value.code == "no_such_participant"
    assert "key of who is who was destroyed" in refused.value.sentence
    withdrawn(study)
    assert SAID_IN_GROUP not in said(study, study.group.recording_id)


Step = Callable[..., object]

STEPS = ("_erase", "_take_out", "take_out_of_study")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_what_was_interrupted_goes_on(
    study: Withdrawn, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    """Whatever step it dies before or after."""
    real: Step = getattr(steps, step)

    def dying(*given: object) -> None:
        if after:
            real(*given)
        raise StorageError("gone", "The machine went away.")

    with monkeypatch.context() as broken:
        broken.setattr(steps, step, dying)
        with pytest.raises(StorageError):
            withdrawn(study)
    (begun,) = receipts_of(study.store, study.study_id)
    assert begun.finished_at_ms is None
    assert finish_withdrawals(study.store) == 1
    assert finish_withdrawals(study.store) == 0
    assert left_of_them(study) == []
    receipt = receipt_of(study.store, study.study_id, begun.id)
    assert receipt.finished_at_ms is not None
    counted = {each.recording_id: each.turns for each in receipt.recordings}
    assert counted[study.group.recording_id] == 2
    numbers = [each.next_number for each in receipt.recalled]
    assert sorted(number or 0 for number in numbers) == [0, 2]
