"""When what a study keeps is due, by which rule, and by which clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from transcriber.domain.retention import (
    DAY_MS,
    LONGEST_GAP_MS,
    STEADY_MS,
    ClockSeen,
    Due,
    Held,
    KeptRecording,
    KeptStudy,
    Retention,
    Rule,
    Status,
    Why,
    counted,
    due_now,
    is_believed,
    look,
    plan,
    status_of,
    warned_of,
)
from workers.schedule import PURGE_EVERY_S, beat_schedule

HOUR_MS = 3_600_000
RELEASED = 1_000 * DAY_MS
BOTH = frozenset({Held.SOUND, Held.TRANSCRIPT})


def days(number: int) -> Rule:
    return Rule(days_after_release=number)


def planned(retention: Retention, *recordings: KeptRecording, **more: bool) -> list[Due]:
    return list(plan(KeptStudy("study", retention, recordings, **more)))


def test_days_count_from_the_release_and_without_one_nothing_is_due() -> None:
    rules = Retention(sound=days(30))
    released, unreleased = KeptRecording("a", RELEASED), KeptRecording("b", None)
    assert planned(rules, released, unreleased) == [
        Due(Held.SOUND, "a", RELEASED + 30 * DAY_MS, Why.AFTER_RELEASE)
    ]


def test_a_date_holds_whether_anything_was_released_or_not_and_what_comes_first_counts() -> None:
    last = date(1975, 1, 1)
    start_ms = round(datetime(1975, 1, 1, tzinfo=UTC).timestamp() * 1000)
    by_date = Due(Held.SOUND, "a", start_ms, Why.ON_DATE)
    assert planned(Retention(sound=Rule(on=last)), KeptRecording("a", None)) == [by_date]
    late = Rule(days_after_release=10_000, on=last)
    assert planned(Retention(sound=late), KeptRecording("a", RELEASED)) == [by_date]
    early = Rule(days_after_release=1, on=last)
    (first,) = planned(Retention(sound=early), KeptRecording("a", RELEASED))
    assert (first.due_at_ms, first.why) == (RELEASED + DAY_MS, Why.AFTER_RELEASE)


@pytest.mark.parametrize("sound", [Rule(), days(90)])
def test_sound_never_outlives_the_words_and_goes_before_them(sound: Rule) -> None:
    found = planned(Retention(sound=sound, transcript=days(30)), KeptRecording("a", RELEASED))
    assert [(due.held_thing, due.due_at_ms) for due in found] == [
        (Held.SOUND, RELEASED + 30 * DAY_MS),
        (Held.TRANSCRIPT, RELEASED + 30 * DAY_MS),
    ]


def test_the_key_waits_until_every_recording_is_released() -> None:
    rules = Retention(key=days(7))
    first, last = KeptRecording("a", RELEASED), KeptRecording("b", RELEASED + DAY_MS)
    assert planned(rules, first, KeptRecording("b", None)) == []
    assert planned(rules) == []
    assert planned(rules, first, last) == [
        Due(Held.KEY, "study", RELEASED + 8 * DAY_MS, Why.AFTER_RELEASE)
    ]
    assert planned(rules, first, last, key_gone=True) == []


def test_what_is_gone_is_not_due_and_what_is_held_is_never_due_now() -> None:
    rules = Retention(sound=days(0), transcript=days(0), key=days(0))
    assert planned(rules, KeptRecording("a", RELEASED, BOTH), key_gone=True) == []
    held = planned(rules, KeptRecording("a", RELEASED, held=True), KeptRecording("b", RELEASED))
    later_ms = RELEASED + 100 * DAY_MS
    assert {due.subject_id for due in due_now(held, later_ms)} == {"b"}
    whole = planned(rules, KeptRecording("b", RELEASED), held=True)
    assert len(whole) == 3
    assert due_now(whole, later_ms) == ()


def test_nothing_is_due_before_a_jump_that_nobody_can_see_is_over() -> None:
    found = planned(Retention(sound=days(1)), KeptRecording("a", RELEASED))
    due_ms = RELEASED + DAY_MS
    assert due_now(found, due_ms + LONGEST_GAP_MS - 1) == ()
    assert due_now(found, due_ms + LONGEST_GAP_MS) == tuple(found)


def test_people_are_told_the_days_before() -> None:
    found = planned(Retention(sound=days(30)), KeptRecording("a", RELEASED))
    due_ms = found[0].due_at_ms
    assert warned_of(found, due_ms - 14 * DAY_MS - 1, 14) == ()
    assert warned_of(found, due_ms - 14 * DAY_MS, 14) == tuple(found)
    assert counted(found) == {Held.SOUND: 1}


def test_a_clock_is_believed_after_hours_without_a_jump() -> None:
    seen, now_ms = None, RELEASED
    for _ in range(STEADY_MS // HOUR_MS):
        seen = look(seen, now_ms)
        assert not is_believed(seen)
        now_ms += HOUR_MS
    seen = look(seen, now_ms)
    assert is_believed(seen)


@pytest.mark.parametrize("jump_ms", [-1, -400 * DAY_MS, LONGEST_GAP_MS + 1, 400 * DAY_MS])
def test_after_a_jump_either_way_it_is_not(jump_ms: int) -> None:
    believed = ClockSeen(RELEASED, RELEASED - STEADY_MS)
    assert is_believed(believed)
    assert not is_believed(look(believed, RELEASED + jump_ms))


@pytest.mark.parametrize("gone", [frozenset(), frozenset({Held.SOUND}), BOTH])
@pytest.mark.parametrize("key_gone", [False, True])
@pytest.mark.parametrize("assessed", [False, True])
def test_anonymised_needs_all_three_destroyed_and_an_assessment(
    gone: frozenset[Held], key_gone: bool, assessed: bool
) -> None:
    everything = gone == BOTH and key_gone and assessed
    status = status_of(gone, key_gone=key_gone, assessed=assessed)
    assert status is (Status.ANONYMISED if everything else Status.PSEUDONYMISED)


def test_looks_that_are_missed_are_no_jump_for_hours() -> None:
    assert PURGE_EVERY_S * 1000 * 4 < LONGEST_GAP_MS
    assert beat_schedule(60)["purge"]["schedule"] == PURGE_EVERY_S


def test_a_date_is_its_beginning_in_utc() -> None:
    on = date(2026, 12, 1)
    (due,) = planned(Retention(sound=Rule(on=on)), KeptRecording("a", None))
    start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=due.due_at_ms)
    assert start == datetime(2026, 12, 1, tzinfo=UTC)
