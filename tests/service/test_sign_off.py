"""Signing what leaves: every refusal, two reviewers, drafts, and what is not asked for."""

from pathlib import Path

import pytest

from tests.checked import LINES, NAMES, Checked
from tests.service.signing import (
    AS_LEFT,
    actions,
    lines,
    made,
    missing,
    now,
    refusal,
    signed,
    somebody,
    state,
)
from transcriber.domain.access import Principal
from transcriber.domain.edit import (
    FindingRejected,
    Heard,
    WordCorrected,
)
from transcriber.domain.errors import UsageError
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.study_terms import Checking, Listening
from transcriber.domain.transcript import Quality
from transcriber.services.releases import (
    release_file,
)
from transcriber.services.review.cold_read import confirm, read_page
from transcriber.services.review.override import override_draft
from transcriber.services.review.released import as_released
from transcriber.services.review.seeded import settled
from transcriber.services.review.sign_off import look
from transcriber.services.review.standing import Missing
from transcriber.services.review.withdraw import withdraw
from transcriber.services.settings import load_settings
from transcriber.services.shown_release import show_release
from transcriber.services.store import Store, open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("signed")
    return open_store(load_settings({"TRANSCRIBER_HOME": str(folder)}))


@pytest.fixture
def checked(store: Store, tmp_path: Path) -> Checked:
    return made(store, tmp_path)


def test_what_leaves_is_what_was_decided_and_nothing_marked(checked: Checked) -> None:
    assert lines(checked) == AS_LEFT
    ids = checked.ids()
    checked.decide(FindingRejected(ids[6], ids[6]))
    assert lines(checked)[1] == "P01: My sister Quenilla told me about the group."


def test_another_process_gives_the_same_text(checked: Checked) -> None:
    checked.withhold(12, 14)
    again = open_store(checked.store.settings)
    assert as_released(again, *checked.here) == as_released(checked.store, *checked.here)


def test_nothing_is_signed_before_everything_is_done(checked: Checked) -> None:
    assert missing(checked) == [Missing.UNDECIDED, Missing.UNHEARD, Missing.UNREAD]
    assert refusal(checked) == "undecided"
    checked.accept_all()
    assert refusal(checked) == "not_heard"
    checked.hear_all()
    assert refusal(checked) == "not_read"
    checked.read_all()
    assert missing(checked) == []
    assert signed(checked) is not None
    assert state(checked) is RecordingState.SIGNED_OFF


def test_obstacles_say_where_with_the_number_of_the_turn(checked: Checked) -> None:
    undecided, unheard, _ = now(checked).obstacles
    assert [(place.turn, place.word) for place in undecided.places] == [
        (2, checked.ids()[4]),
        (4, checked.ids()[18]),
        (4, checked.ids()[18]),
    ]
    assert (unheard.count, len(unheard.places)) == (5, 5)
    assert undecided.sentence == "3 findings are not decided on."


def test_a_turn_that_was_changed_is_stale_until_it_was_checked_again(checked: Checked) -> None:
    checked.all_passes()
    ids = checked.ids()
    checked.decide(WordCorrected(ids[13], "drank"))
    assert Missing.STALE in missing(checked)
    if now(checked).released.review.searching:
        assert Missing.SEARCHING in missing(checked)
    stale = next(each for each in now(checked).obstacles if each.missing is Missing.STALE)
    assert [place.turn for place in stale.places] == [3]
    assert refusal(checked) in ("stale_turns", "still_searching")


def test_what_was_decided_since_the_page_was_opened_is_not_signed_unseen(
    checked: Checked,
) -> None:
    checked.all_passes()
    seen = now(checked).seen
    ids = checked.ids()
    checked.decide(FindingRejected(ids[6], ids[6]), actor_id=somebody(checked.store))
    checked.read_all()
    assert refusal(checked, seen=seen) == "changed_meanwhile"


def test_a_known_name_blocks_whatever_was_decided(store: Store, tmp_path: Path) -> None:
    names = [name for name in NAMES if name[0] != "Sarah Whitfield"]
    checked = made(store, tmp_path, names=names)
    checked.all_passes()
    assert refusal(checked) == "leak_blocks"
    (blocked,) = now(checked).obstacles
    assert (blocked.count, blocked.places[0].turn) == (1, 4)
    (seen,) = now(checked).panel.blocking
    with pytest.raises(UsageError):  # looking at it makes it no better
        look(store, checked.actor_id, *checked.here, seen.key)
    checked.withhold(17, 24)
    checked.read_all()
    assert signed(checked) is not None


def test_a_place_to_look_at_asks_for_a_look_that_is_kept(store: Store, tmp_path: Path) -> None:
    lines = (("MOD", "My number is 4471 by the way."), ("P01", "Yes it is, thank you."))
    checked = made(store, tmp_path, lines=lines, names=())
    checked.all_passes()
    assert refusal(checked) == "not_looked_at"
    (seen,) = now(checked).panel.leaks
    look(store, checked.actor_id, *checked.here, seen.key)
    look(store, checked.actor_id, *checked.here, seen.key)
    assert now(checked).panel.leaks[0].looked
    assert actions(store)[-1] == "looked_at"
    release = signed(checked)
    assert release is not None
    shown = show_release(store, checked.actor_id, checked.study_id, release, with_withdrawn=True)
    assert shown.manifest["leak_check"] == {"verdict": "review", "looked_at": 1}
    with pytest.raises(UsageError):
        look(store, checked.actor_id, *checked.here, "0" * 64)


def test_a_plea_that_something_stay_out_is_withheld_or_looked_at(
    store: Store, tmp_path: Path
) -> None:
    lines = (
        ("P01", "This is off the record but she drinks."),
        ("MOD", "I see."),
        ("P01", "Well, anyway, let us go on."),
    )
    checked = made(store, tmp_path, lines=lines, names=())
    checked.all_passes()
    assert refusal(checked) == "asked_to_stay_out"
    (seen,) = now(checked).panel.pleas
    assert seen.plea.text == "off the record"
    checked.withhold(0, 7)
    checked.read_all()
    assert missing(checked) == []


def test_two_people_have_to_sign_where_the_study_says_so(store: Store, tmp_path: Path) -> None:
    checked = made(store, tmp_path, Checking(second_reviewer=True))
    checked.all_passes()
    other = somebody(store)
    assert signed(checked) is None
    assert state(checked) is RecordingState.READY
    assert refusal(checked) == "same_reviewer"
    release = signed(checked, other)
    assert release is not None
    shown = show_release(store, other, checked.study_id, release, with_withdrawn=True)
    assert [each["account"] for each in shown.manifest["signed"]] == [checked.actor_id, other]
    assert shown.manifest["asked_for"]["second_reviewer"] is True


def test_a_text_whose_release_was_withdrawn_is_signed_again(store: Store, tmp_path: Path) -> None:
    """By both again, where two are asked for; the first release says for good who signed it."""
    checked = made(store, tmp_path, Checking(second_reviewer=True))
    checked.all_passes()
    other = somebody(store)
    signed(checked)
    first = signed(checked, other)
    assert first is not None
    withdraw(store, checked.actor_id, checked.study_id, first, "It went to the wrong folder.")
    assert signed(checked) is None
    assert refusal(checked) == "same_reviewer"
    second = signed(checked, other)
    assert second is not None
    for release in (first, second):
        shown = show_release(store, other, checked.study_id, release, with_withdrawn=True)
        assert [each["account"] for each in shown.manifest["signed"]] == [checked.actor_id, other]


def test_a_signature_is_of_one_text(store: Store, tmp_path: Path) -> None:
    checked = made(store, tmp_path, Checking(second_reviewer=True))
    checked.all_passes()
    assert signed(checked) is None
    ids = checked.ids()
    checked.decide(FindingRejected(ids[6], ids[6]))
    checked.read_all()
    assert now(checked).signatures == ()
    assert signed(checked, somebody(store)) is None  # the first one of this text
    assert state(checked) is RecordingState.READY


def test_a_draft_is_locked_until_an_administrator_says_why(store: Store, tmp_path: Path) -> None:
    checked = made(store, tmp_path, quality=Quality.DRAFT)
    assert missing(checked)[0] is Missing.DRAFT
    assert refusal(checked) == "draft_words"
    assert read_page(store, *checked.here).locked
    with pytest.raises(UsageError) as refused:
        confirm(store, checked.actor_id, *checked.here, ["0" * 32])
    assert refused.value.code == "draft_words"
    reason = "no model may be installed before the deadline"
    nobody = Principal(checked.actor_id)
    with pytest.raises(UsageError) as refused:
        override_draft(store, nobody, *checked.here, reason)
    assert refused.value.code == "not_allowed"
    admin = Principal(somebody(store, is_admin=True), is_admin=True)
    override_draft(store, admin, *checked.here, reason)
    assert actions(store)[-1] == "draft_overridden"
    assert state(checked) is RecordingState.READY
    checked.all_passes()
    release = signed(checked)
    assert release is not None
    for kind in ("txt", "vtt", "json"):
        data = release_file(store, checked.actor_id, checked.study_id, release, kind).data.decode()
        assert reason in data
    shown = show_release(store, checked.actor_id, checked.study_id, release, with_withdrawn=True)
    assert shown.manifest["draft_override"]["account"] == admin.account_id


def test_a_reason_that_names_somebody_blocks(store: Store, tmp_path: Path) -> None:
    checked = made(store, tmp_path, quality=Quality.DRAFT)
    admin = Principal(somebody(store, is_admin=True), is_admin=True)
    override_draft(store, admin, *checked.here, "Sarah Whitfield cannot wait")
    checked.all_passes()
    assert refusal(checked) == "leak_blocks"


@pytest.mark.parametrize(
    ("checking", "wanted"),
    [
        (Checking(entities=False), [Missing.UNHEARD, Missing.UNREAD]),
        (Checking(cold_read=False), [Missing.UNDECIDED, Missing.UNHEARD]),
        (Checking(listening=Listening.NOTHING), [Missing.UNDECIDED, Missing.UNREAD]),
    ],
)
def test_the_study_says_which_passes_are_asked_for(
    store: Store, tmp_path: Path, checking: Checking, wanted: list[Missing]
) -> None:
    assert missing(made(store, tmp_path, checking)) == wanted


def test_risky_parts_are_the_most_doubtful_turns_and_a_tenth_of_the_others(
    store: Store, tmp_path: Path
) -> None:
    quiet = (("MOD", "and how was that"), ("P01", "it was hard at first")) * 20
    checked = made(store, tmp_path, Checking(listening=Listening.RISKY), lines=(*LINES, *quiet))
    unheard = next(o for o in now(checked).obstacles if o.missing is Missing.UNHEARD)
    turns = {place.turn for place in unheard.places}
    assert {2, 4} <= turns
    assert unheard.count == 4 + 4  # a stretch of four turns, and a tenth of the other forty
    again = next(o for o in now(checked).obstacles if o.missing is Missing.UNHEARD)
    assert again.places == unheard.places
    ids = checked.ids()
    starts = [turn.first_word for turn in now(checked).released.review.turns]
    for place in unheard.places:
        first = ids.index(place.word)
        last = next((start for start in starts if start > first), len(ids)) - 1
        checked.decide(Heard(ids[first], ids[last]))
    assert Missing.UNHEARD not in missing(checked)


def test_a_locked_draft_may_be_heard_and_not_changed(store: Store, tmp_path: Path) -> None:
    checked = made(store, tmp_path, quality=Quality.DRAFT)
    checked.hear_all()
    ids = checked.ids()
    with pytest.raises(UsageError) as refused:
        checked.decide(FindingRejected(ids[6], ids[6]))
    assert refused.value.code == "draft_words"


def test_a_release_settles_what_was_hidden_or_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(load_settings({"TRANSCRIBER_HOME": str(tmp_path / "home")}))
    checked = made(store, tmp_path, lines=LINES * 4, score=0.95)
    checked.all_passes()
    here = checked.here

    def outcomes() -> list[str]:
        with store.database.read() as connection:
            return [one for found in settled(store, connection, here[0]).values() for one in found]

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store.samples.__class__, "answer", killed)
        with pytest.raises(KeyboardInterrupt):
            signed(checked)
    assert (state(checked), outcomes()) == (RecordingState.READY, [])
    assert signed(checked) is not None
    assert set(outcomes()) == {"missed"}
