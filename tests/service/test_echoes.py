"""Replies that echo what somebody withdrew: kept by ids, decided, and asked for before signing."""

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.checked import Checked
from tests.service.signing import actions, made, missing, now, refusal, signed_looking
from tests.stores import Stored
from transcriber.domain.echo import Echo, EchoVerdict, Ground
from transcriber.domain.edit import WordsReassigned
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.withdrawal import Withdrawing
from transcriber.services.review.decide import undo
from transcriber.services.review.released import as_released
from transcriber.services.review.standing import Missing
from transcriber.services.review.state import review_of
from transcriber.services.store import Store
from transcriber.services.withdrawal.echoes import (
    EchoState,
    decide_echo,
    echoes_of,
    echoes_to_decide,
    note_echoes,
    open_echoes,
)
from transcriber.storage.database.echo_tables import ECHO
from transcriber.storage.ids import new_id

GROUP = (
    ("MOD", "Shall we begin then?"),
    ("P01", "I had the twins in a lighthouse."),
    ("P02", "Twins, and in a lighthouse!"),
    ("MOD", "And who was with you?"),
    ("P01", "Nobody was there."),
    ("P02", "Quenilla Brown is so brave."),
    ("MOD", "Thank you all very much."),
)
NAMES = (("Quenilla Brown", EntityType.PERSON, "[P01]"),)
WHO = Withdrawing(frozenset({"P01"}), spellings=("Quenilla Brown",))


@pytest.fixture
def group(opened: Store, tmp_path: Path) -> Checked:
    """A group whose P01 withdraws: its echoes are kept, on either database."""
    checked = made(opened, tmp_path, lines=GROUP, names=NAMES)
    note(checked, new_id())
    return checked


def note(checked: Checked, withdrawal_id: str, who: Withdrawing = WHO) -> int:
    found = echoes_of(review_of(checked.store, *checked.here), who)
    with checked.store.database.write() as connection:
        return note_echoes(connection, withdrawal_id, checked.recording_id, found)


def told(checked: Checked) -> list[tuple[str, str]]:
    shown = echoes_to_decide(checked.store, checked.study_id)
    return [(each.passage.text if each.passage else "", each.state.value) for each in shown]


def decided(checked: Checked, place: int, verdict: EchoVerdict) -> str:
    shown = echoes_to_decide(checked.store, checked.study_id)[place]
    decide_echo(checked.store, checked.actor_id, checked.study_id, shown.stored.id, verdict)
    return shown.stored.id


def code_of(checked: Checked, echo_id: str, verdict: EchoVerdict) -> str:
    with pytest.raises(UsageError) as refused:
        decide_echo(checked.store, checked.actor_id, checked.study_id, echo_id, verdict)
    return refused.value.code


def test_echoes_and_mentions_are_kept_once_and_without_a_word(group: Checked) -> None:
    assert told(group) == [
        ("Twins, and in a lighthouse!", "open"),
        ("Quenilla Brown is so brave.", "open"),
    ]
    shown = echoes_to_decide(group.store, group.study_id)
    assert [each.stored.echo.ground for each in shown] == [Ground.REPEATS, Ground.NAMES]
    withdrawal_id = shown[0].stored.withdrawal_id
    assert note(group, withdrawal_id) == 0  # a withdrawal that was killed and goes on
    assert len(told(group)) == 2
    with group.store.database.read() as connection:
        rows = connection.execute(select(ECHO)).all()
    values = " ".join(str(value) for row in rows for value in row).casefold()
    assert len(rows) == 2
    assert not any(word in values for word in ("twins", "lighthouse", "quenilla", "brown"))


def test_somebody_found_under_an_entity_is_a_mention_like_their_name(group: Checked) -> None:
    review = review_of(group.store, *group.here)
    entity = review.findings[0].finding.entity
    by_entity = echoes_of(review, Withdrawing(frozenset({"P01"}), frozenset({entity})))
    assert by_entity == echoes_of(review, WHO)


def test_the_last_word_of_a_mention_ends_no_echo(opened: Store, tmp_path: Path) -> None:
    checked = made(
        opened, tmp_path, lines=(*GROUP[:5], ("P02", "We like Quenilla Brown")), names=NAMES
    )
    found = echoes_of(review_of(checked.store, *checked.here), WHO)[-1]
    ids = checked.ids()
    assert (found.first, found.last) == (ids[-4], ids[-2])


def test_while_one_is_open_nobody_signs(group: Checked) -> None:
    group.all_passes()
    assert missing(group) == [Missing.ECHOES]
    (obstacle,) = now(group).obstacles
    assert obstacle.count == 2
    assert [place.turn for place in obstacle.places] == [3, 6]
    assert refusal(group) == "echoes_undecided"
    decided(group, 0, EchoVerdict.LEAVE)
    decided(group, 0, EchoVerdict.LEAVE)
    assert missing(group) == []
    assert actions(group.store).count("echo_decided") == 2
    assert signed_looking(group)


def test_what_is_withheld_does_not_leave_and_comes_back_when_undone(group: Checked) -> None:
    echo_id = decided(group, 0, EchoVerdict.WITHHOLD)
    assert told(group)[-1] == ("Twins, and in a lighthouse!", "withheld")
    text = as_released(group.store, *group.here)
    assert not any("lighthouse!" in turn.text for turn in text.turns)
    number = review_of(group.store, *group.here).number
    decide_echo(group.store, group.actor_id, group.study_id, echo_id, EchoVerdict.WITHHOLD)
    assert review_of(group.store, *group.here).number == number  # decided twice, withheld once
    assert code_of(group, echo_id, EchoVerdict.LEAVE) == "echo_withheld"
    undo(group.store, group.actor_id, *group.here)
    assert told(group)[0] == ("Twins, and in a lighthouse!", "open")
    decide_echo(group.store, group.actor_id, group.study_id, echo_id, EchoVerdict.WITHHOLD)
    assert told(group)[-1][1] == "withheld"


def test_what_a_reviewer_withheld_while_checking_is_decided(group: Checked) -> None:
    shown = echoes_to_decide(group.store, group.study_id)[0].passage
    assert shown is not None
    group.withhold(shown.first_word - 1, shown.last_word)
    assert told(group)[-1] == ("Twins, and in a lighthouse!", "withheld")
    group.withhold(shown.last_word + 1, shown.last_word + 2)
    assert [each.state for each in open_echoes(group.store, review_of(group.store, *group.here))]
    assert [state for _, state in told(group)] == ["open", "withheld"]


def test_a_verdict_may_be_changed_from_stay_to_withheld(group: Checked) -> None:
    echo_id = decided(group, 0, EchoVerdict.LEAVE)
    assert told(group)[-1] == ("Twins, and in a lighthouse!", EchoState.LEFT.value)
    decide_echo(group.store, group.actor_id, group.study_id, echo_id, EchoVerdict.WITHHOLD)
    assert told(group)[-1] == ("Twins, and in a lighthouse!", "withheld")


def test_an_echo_whose_words_are_gone_still_waits(group: Checked) -> None:
    gone = Echo("no-such-word", "nor-this-one", Ground.REPEATS, 1)
    with group.store.database.write() as connection:
        note_echoes(connection, new_id(), group.recording_id, [gone])
    lost = echoes_to_decide(group.store, group.study_id)[0]
    assert (lost.passage, lost.state) == (None, EchoState.OPEN)
    assert code_of(group, lost.stored.id, EchoVerdict.WITHHOLD) == "echo_gone"
    decide_echo(group.store, group.actor_id, group.study_id, lost.stored.id, EchoVerdict.LEAVE)
    assert len(open_echoes(group.store, review_of(group.store, *group.here))) == 2


def test_those_of_another_study_are_nobody_elses(
    group: Checked, opened: Store, tmp_path: Path
) -> None:
    other = made(opened, tmp_path)
    assert told(other) == []
    mine = echoes_to_decide(group.store, group.study_id)[0].stored.id
    assert code_of(other, mine, EchoVerdict.LEAVE) == "not_found"


def test_words_that_changed_hands_stay_an_echo(group: Checked) -> None:
    shown = echoes_to_decide(group.store, group.study_id)[0]
    speaker = review_of(group.store, *group.here).transcript.words[0].speaker
    assert speaker is not None
    group.decide(WordsReassigned(shown.stored.echo.first, shown.stored.echo.last, speaker))
    (first, _) = echoes_to_decide(group.store, group.study_id)
    assert first.passage is not None
    assert first.passage.label == "MOD"


def test_an_erased_recording_takes_its_echoes_with_it(store: Stored) -> None:
    study = store.study()
    recording = store.recording(study)
    echo = Echo("w1", "w2", Ground.NAMES, 0)
    with store.database.write() as connection:
        note_echoes(connection, new_id(), recording.id, [echo])
        connection.exec_driver_sql("DELETE FROM recording")
    with store.database.read() as connection:
        assert connection.execute(select(ECHO)).all() == []
