"""Sound, named transcript and key are destroyed apart from the rest, on either database."""

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.planted import Planted, occurrences, plant, plant_study
from transcriber.domain.errors import StorageError, TranscriberError, UsageError
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.retention import Held, Retention, Rule, Status
from transcriber.domain.study_terms import StudyTerms
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.exports.release_json import read_release
from transcriber.services.erase import erase_recording, erase_study
from transcriber.services.integrity import check_store
from transcriber.services.recording_list import show_recording
from transcriber.services.releases import list_releases, release_file
from transcriber.services.results import transcript_json
from transcriber.services.retention.certificate import certificate_of
from transcriber.services.retention.keeping import (
    assess,
    keeping_of,
    lift_hold,
    place_hold,
    release_status,
)
from transcriber.services.retention.purge import Look, Purged, purge, purge_plan
from transcriber.services.review.sound import copy_of
from transcriber.services.review.state import review_if_any, review_of
from transcriber.services.store import Store
from transcriber.storage.database.studies import Agreed, Study, _with_rules
from transcriber.storage.database.tables import ENTITY, TOMBSTONE
from transcriber.storage.database.webhook_queue import messages_of
from transcriber.storage.ids import new_id

DAY_MS = 24 * 3_600_000
SOMEBODY = new_id()
SOON = Rule(days_after_release=30)
ALL_SOON = Retention(SOON, SOON, SOON)


def nothing(done: int, total: int) -> None:
    """Progress that nobody follows."""


class Desk:
    """A study with rules and two recordings that were released today."""

    def __init__(self, store: Store, rules: Retention) -> None:
        self.store = store
        study = plant_study(store)
        terms = StudyTerms(retention=rules)
        agreed = Agreed(study.agreed.roster, study.agreed.policies, terms)
        with store.database.write() as connection:
            self.study: Study = store.studies.agree(connection, study, agreed)
        self.one, self.other = plant(store, study), plant(store, study)

    def purge(self, days: float) -> Purged:
        """Look after so many days, by a clock that somebody has compared."""
        return purge(self.store, self.after(days))

    def after(self, days: float) -> Look:
        return Look(round(time.time() * 1000 + days * DAY_MS), trusted=True)

    def refusal(self, planted: Planted) -> list[str]:
        """What is answered to whoever wants to hear, check and read a recording."""
        place = (self.study.id, planted.recording_id)
        tries = (
            lambda: copy_of(self.store, *place),
            lambda: review_of(self.store, *place),
            lambda: transcript_json(self.store, SOMEBODY, *place),
        )
        codes = []
        for attempt in tries:
            with pytest.raises(TranscriberError) as refused:
                attempt()
            codes.append(refused.value.code)
        return codes


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_goes_before_its_day(opened: Store) -> None:
    desk = Desk(opened, ALL_SOON)
    assert desk.purge(29.9).destroyed == ()
    assert desk.purge(30.1).destroyed == ()  # a jump that nobody can see is allowed for
    assert len(desk.purge(30.2).destroyed) == 5
    assert desk.purge(30.3).destroyed == ()


def test_sound_goes_and_the_words_can_be_checked_still(opened: Store, tmp_path: Path) -> None:
    desk = Desk(opened, Retention(sound=SOON))
    assert {due.held_thing for due in desk.purge(31).destroyed} == {Held.SOUND}
    for planted in (desk.one, desk.other):
        review = review_of(opened, desk.study.id, planted.recording_id)
        assert planted.texts[0].decode() in [word.text for word in review.transcript.words]
        assert occurrences([tmp_path], planted.sound) == []
    assert check_store(opened, thorough=True, progress=nothing).is_whole
    with pytest.raises(UsageError) as refused:
        copy_of(opened, desk.study.id, desk.one.recording_id)
    assert refused.value.code == "sound_destroyed"


def test_words_go_and_the_release_stays(opened: Store, tmp_path: Path) -> None:
    desk = Desk(opened, Retention(transcript=SOON))
    before = [release.id for release in list_releases(opened, desk.study.id).items]
    assert len(desk.purge(31).destroyed) == 4
    assert desk.refusal(desk.one) == ["sound_destroyed", "words_destroyed", "words_destroyed"]
    assert review_if_any(opened, desk.study.id, desk.one.recording_id) is None
    shown = show_recording(opened, desk.study.id, desk.one.recording_id)
    assert shown.state is RecordingState.SIGNED_OFF
    assert shown.code == desk.one.texts[2].decode()
    assert [release.id for release in list_releases(opened, desk.study.id).items] == before
    for release_id in before:
        file = release_file(opened, SOMEBODY, desk.study.id, release_id)
        assert "hello" in read_release(file.data)[0].turns[0].text
    for planted in (desk.one, desk.other):
        gone = (*planted.texts[:2], *planted.sound, *planted.keys, *planted.sealed)
        assert occurrences([tmp_path], gone) == []
    assert check_store(opened, thorough=True, progress=nothing).is_whole


def test_who_is_who_goes_with_the_roster(opened: Store, tmp_path: Path) -> None:
    desk = Desk(opened, Retention(key=SOON))
    assert [due.held_thing for due in desk.purge(31).destroyed] == [Held.KEY]
    with opened.database.read() as connection:
        study = opened.studies.get(connection, desk.study.id)
        assert study is not None
        assert not study.agreed.roster.names
        assert study.agreed.terms == desk.study.agreed.terms
        assert connection.execute(select(ENTITY.c.id)).first() is None
        with pytest.raises(StorageError) as refused:
            opened.keyring.pseudonyms(connection, study.id)
    assert refused.value.code == "key_destroyed"
    (participant,) = desk.study.agreed.roster.participants
    assert occurrences([tmp_path], [participant.name.encode()]) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_hold_keeps_everything_from_the_clock_and_from_people(opened: Store) -> None:
    desk = Desk(opened, ALL_SOON)
    held = desk.one.recording_id
    hold_id = place_hold(opened, SOMEBODY, desk.study.id, held, "A claim of 2026")
    gone = desk.purge(400).destroyed
    assert {due.subject_id for due in gone} == {desk.other.recording_id}
    code = desk.one.texts[2].decode()
    with pytest.raises(UsageError) as of_recording:
        erase_recording(opened, desk.study, code)
    with pytest.raises(UsageError) as of_study:
        erase_study(opened, desk.study)
    assert (of_recording.value.code, of_study.value.code) == ("held", "held")
    (hold,) = keeping_of(opened, desk.study.id).holds
    assert (hold.reason, hold.placed_by, hold.recording_id) == ("A claim of 2026", SOMEBODY, held)
    lift_hold(opened, SOMEBODY, desk.study.id, hold_id)
    assert len(desk.purge(400).destroyed) == 3


def test_workers_at_once_destroy_everything_once(opened: Store) -> None:
    desk = Desk(opened, ALL_SOON)
    found: list[Purged] = []
    at_once = [threading.Thread(target=lambda: found.append(desk.purge(31))) for _ in range(4)]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    assert len(found) == 4
    assert sum(len(each.destroyed) for each in found) == 5
    with opened.database.read() as connection:
        assert len(connection.execute(select(TOMBSTONE.c.id)).all()) == 5
    assert check_store(opened, thorough=True, progress=nothing).is_whole


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_webhooks_are_told_once_before(opened: Store) -> None:
    desk = Desk(opened, ALL_SOON)
    with opened.database.write() as connection:
        hook, _ = opened.webhooks.add(
            connection, desk.study.id, "https://example.org/told", [WebhookEvent.RETENTION_DUE]
        )
    for days, told in ((15, 0), (16.5, 1), (17, 1), (31, 1)):
        desk.purge(days)
        with opened.database.read() as connection:
            messages = messages_of(connection, hook.id)
        assert [message.event for message in messages] == ["retention.due"] * told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_dry_run_changes_nothing_and_a_doubted_clock_destroys_nothing(opened: Store) -> None:
    desk = Desk(opened, ALL_SOON)
    planned = purge_plan(opened, desk.after(31))
    assert [len(each.now) for each in planned.planned] == [5]
    assert purge_plan(opened, desk.after(31)) is not None
    untrusted = Look(desk.after(31).at_ms)
    assert purge(opened, untrusted).clock_doubted
    with opened.database.read() as connection:
        assert connection.execute(select(TOMBSTONE.c.id)).first() is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_certificate_holds_ids_and_hashes_and_no_code(opened: Store) -> None:
    desk = Desk(opened, ALL_SOON)
    desk.purge(31)
    made = certificate_of(opened, SOMEBODY, desk.study.id)
    ids = {desk.study.id, desk.one.recording_id, desk.other.recording_id}
    assert {stone.id for stone in made.destroyed} == ids
    assert {stone.kind for stone in made.destroyed} == {"sound", "transcript", "pseudonyms"}
    hashed = {stone.kind for stone in made.destroyed if stone.grave.key_sha256}
    assert hashed == {"transcript", "pseudonyms"}
    files = {stone.kind: stone.files for stone in made.destroyed}
    assert files == {"sound": 3, "transcript": 2, "pseudonyms": 0}
    number, _, tag = made.anchor.partition(":")
    assert int(number) > 5
    assert len(tag) == 64


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_release_is_anonymised_once_all_is_gone_and_somebody_assessed_it(opened: Store) -> None:
    desk = Desk(opened, ALL_SOON)
    place = (opened, desk.study.id, desk.one.recording_id)
    with pytest.raises(UsageError) as refused:
        assess(opened, SOMEBODY, desk.study.id, "Nobody is left")
    assert refused.value.code == "not_destroyed"
    desk.purge(31)
    assert release_status(*place) is Status.PSEUDONYMISED
    assess(opened, SOMEBODY, desk.study.id, "Read by two people, motivated intruder test")
    assert release_status(*place) is Status.ANONYMISED


def test_a_promise_of_before_there_were_rules_is_kept() -> None:
    rule = {"days_after_release": 30}
    assert _with_rules({"terms": {"retention_days": 30}}) == {
        "terms": {"retention": {"sound": rule, "key": rule}}
    }
    assert _with_rules({"terms": {"retention_days": None}}) == {"terms": {}}
