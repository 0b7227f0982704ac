"""Signing what leaves: every refusal, two reviewers, drafts, withdrawing, the same bytes."""

import json
from pathlib import Path

import pytest

from tests.checked import LINES, NAMES, Checked, recording_to_check
from transcriber.domain.access import Principal
from transcriber.domain.edit import (
    FindingAccepted,
    FindingRejected,
    Heard,
    TurnsRead,
    WordCorrected,
)
from transcriber.domain.errors import UsageError
from transcriber.domain.recording import Kind
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.study_terms import EVERYTHING_CHECKED, Checking, Listening
from transcriber.domain.transcript import Quality
from transcriber.exports.release_json import read_release
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.recording_list import show_recording
from transcriber.services.releases import (
    FORMATS,
    list_releases,
    release_file,
    show_release,
)
from transcriber.services.review.cold_read import confirm, read_page
from transcriber.services.review.override import override_draft
from transcriber.services.review.participant_copy import participant_copy, participants
from transcriber.services.review.released import as_released
from transcriber.services.review.seeded import hidden_findings
from transcriber.services.review.sign_off import look, sign
from transcriber.services.review.standing import Missing, Standing, standing
from transcriber.services.review.state import review_of
from transcriber.services.review.withdraw import withdraw
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.storage.database.audit_events import events
from transcriber.storage.ids import new_id

AS_LEFT = [
    "MOD: Shall we begin then?",
    "P01: My sister [PERSON_1] told me about the group.",
    "P02: She drinks a bit, you know.",
    "P01: And then [P01] left for [PLACE_1].",
    "MOD: Thank you all very much.",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("signed")
    return open_store(load_settings({"TRANSCRIBER_HOME": str(folder)}))


def somebody(store: Store, *, is_admin: bool = False) -> str:
    return create_account(store, NewAccount(f"{new_id()}@example.org", "Ada", is_admin)).id


def made(
    store: Store, folder: Path, checking: Checking = EVERYTHING_CHECKED, **how: object
) -> Checked:
    return recording_to_check(store, folder, somebody(store), checking=checking, **how)  # type: ignore[arg-type]


@pytest.fixture
def checked(store: Store, tmp_path: Path) -> Checked:
    return made(store, tmp_path)


def now(checked: Checked) -> Standing:
    return standing(checked.store, *checked.here)


def missing(checked: Checked) -> list[Missing]:
    return [obstacle.missing for obstacle in now(checked).obstacles]


def signed(checked: Checked, actor_id: str | None = None) -> str | None:
    actor = actor_id or checked.actor_id
    return sign(checked.store, actor, *checked.here, now(checked).seen).release_id


def refusal(checked: Checked, actor_id: str | None = None, seen: int | None = None) -> str:
    here = now(checked).seen if seen is None else seen
    with pytest.raises(UsageError) as refused:
        sign(checked.store, actor_id or checked.actor_id, *checked.here, here)
    return refused.value.code


def state(checked: Checked) -> RecordingState:
    return show_recording(checked.store, *checked.here).state


def lines(checked: Checked) -> list[str]:
    text = as_released(checked.store, *checked.here)
    return [f"{turn.label}: {turn.text}" for turn in text.turns]


def actions(store: Store) -> list[str]:
    with store.database.read() as connection:
        return [event.action for _, event in events(connection)]


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


def test_a_release_says_how_it_was_checked_and_is_written_the_same_twice(
    checked: Checked,
) -> None:
    checked.accept_all()
    checked.withhold(12, 17, "she asked me to")
    checked.hear_all()
    ids = checked.ids()
    checked.decide(TurnsRead(ids[0], ids[-1]))
    release = signed(checked)
    assert release is not None
    file = release_file(checked.store, checked.actor_id, checked.study_id, release)
    again = release_file(checked.store, checked.actor_id, checked.study_id, release)
    assert file == again
    assert file.name == "FG01-v1.json"
    text, manifest = read_release(file.data)
    assert text == now(checked).text
    assert manifest["bulk"] == {"accepted": 0, "read": 4}
    assert manifest["replaced"] == {"LOCATION": 1, "PERSON": 2}
    assert len(manifest["withheld"]) == 1
    assert manifest["heard_ms"] == manifest["speech_ms"] > 0
    assert manifest["text_sha256"] == now(checked).text_sha256
    assert json.loads(file.data)["status"] == "checked by a person"
    for kind in FORMATS:
        one, other = (
            release_file(checked.store, checked.actor_id, checked.study_id, release, kind).data
            for _ in range(2)
        )
        assert one == other
        for gone in ("Quenilla", "Whitfield", "Garstang", "drinks", "she asked me to"):
            assert gone.encode() not in one


def test_the_same_text_is_not_released_twice(checked: Checked) -> None:
    checked.all_passes()
    assert signed(checked) is not None
    assert refusal(checked) == "already_released"


def test_a_release_can_be_withdrawn_and_made_again(checked: Checked) -> None:
    store, actor, study = checked.store, checked.actor_id, checked.study_id
    checked.all_passes()
    first = signed(checked)
    assert first is not None
    with pytest.raises(UsageError):
        withdraw(store, actor, study, first, "  ")
    withdraw(store, actor, study, first, "she named her sister after all")
    assert state(checked) is RecordingState.READY
    assert actions(store)[-1] == "release_withdrawn"
    with pytest.raises(UsageError) as refused:
        release_file(store, actor, study, first)
    assert refused.value.code == "withdrawn"
    with pytest.raises(UsageError):
        withdraw(store, actor, study, first, "again")
    told = show_release(store, actor, study, first, with_withdrawn=False)
    assert told.why_withdrawn is None
    checked.withhold(5, 7)
    checked.read_all()
    second = signed(checked)
    assert second is not None
    shown = show_release(store, actor, study, second, with_withdrawn=True)
    assert shown.summary.number == 2
    assert shown.changes is not None
    ((change),) = shown.changes
    assert change.number == 2
    assert change.before[0].text == "My sister [PERSON_1] told me about the group."
    assert change.after[0].text == "My [passage withheld, 0:01] me about the group."
    assert show_release(store, actor, study, second, with_withdrawn=False).changes is None
    listed = list_releases(store, study).items
    assert [each.withdrawn_at_ms is None for each in listed] == [True, False]
    why = show_release(store, actor, study, first, with_withdrawn=True).why_withdrawn
    assert why == "she named her sister after all"


def test_turns_are_confirmed_as_they_were_shown(checked: Checked) -> None:
    store, actor = checked.store, checked.actor_id
    page = read_page(store, *checked.here)
    assert (page.read, page.turns, page.pages) == (0, 5, 1)
    after = confirm(store, actor, *checked.here, [page.shown[1].shown])
    assert (after.read, [turn.read for turn in after.shown].index(True)) == (1, 1)
    ids = checked.ids()
    checked.decide(FindingRejected(ids[6], ids[6]), actor_id=somebody(store))
    with pytest.raises(UsageError) as refused:
        confirm(store, actor, *checked.here, [page.shown[1].shown])
    assert refused.value.code == "changed_meanwhile"
    again = read_page(store, *checked.here)
    assert (again.read, again.shown[1].stale) == (0, True)
    done = confirm(store, actor, *checked.here, [turn.shown for turn in again.left])
    assert (done.read, done.next_number) == (5, None)
    assert now(checked).passes.bulk_read == 5


def test_a_participants_copy_has_their_own_words_only(checked: Checked) -> None:
    store, actor = checked.store, checked.actor_id
    assert [person.label for person in participants(store, *checked.here)] == ["P01", "MOD", "P02"]
    text = participant_copy(store, actor, *checked.here, "P01", "txt").data.decode()
    assert "told me about the group" in text
    for other in ("drinks", "begin", "Thank", "P02", "MOD", "Quenilla"):
        assert other not in text
    assert "P01" in text
    assert "not checked by a person" in text
    assert actions(store)[-1] == "exported"
    word = participant_copy(store, actor, *checked.here, "P01")
    assert word.data.startswith(b"PK")
    for bad in (("P09", "txt"), ("P01", "vtt")):
        with pytest.raises(UsageError):
            participant_copy(store, actor, *checked.here, *bad)


def test_in_an_interview_the_questions_are_in_the_copy(store: Store, tmp_path: Path) -> None:
    lines = (("INT", "How was it?"), ("P01", "It was fine."))
    checked = made(store, tmp_path, lines=lines, names=(), kind=Kind.INDIVIDUAL)
    text = participant_copy(store, checked.actor_id, *checked.here, "P01", "txt").data.decode()
    assert "How was it?" in text


def test_what_is_withheld_at_the_edges_needs_no_check(checked: Checked) -> None:
    checked.withhold(0, 3)
    assert lines(checked) == AS_LEFT[1:]
    assert read_page(checked.store, *checked.here).turns == 4


def test_what_is_hidden_from_the_reviewer_stays_redacted_and_shows_in_no_number(
    store: Store, tmp_path: Path
) -> None:
    checked = made(store, tmp_path, score=1.0)
    assert lines(checked) == AS_LEFT
    (hidden,) = hidden_findings(store, *checked.here)
    entities = now(checked).passes.entities
    assert (entities.done, entities.total) == (0, 2)
    ids = checked.ids()
    for judged in review_of(store, *checked.here).findings:
        place = judged.finding.place
        assert place is not None
        if ids[place.first_word] != hidden.first:
            checked.decide(FindingAccepted(ids[place.first_word], ids[place.last_word]))
    assert now(checked).passes.entities.is_done
    checked.hear_all()
    checked.read_all()
    first = signed(checked)
    assert first is not None
    shown = show_release(store, checked.actor_id, checked.study_id, first, with_withdrawn=True)
    assert shown.manifest["estimate"] is None  # nothing was signed off before
    assert lines(checked) == AS_LEFT
    assert hidden_findings(store, *checked.here) == frozenset()
    checked.withhold(0, 3)
    second = signed_all(checked)
    shown = show_release(store, checked.actor_id, checked.study_id, second, with_withdrawn=True)
    assert shown.manifest["estimate"]["hidden"] == 1
    assert shown.manifest["estimate"]["caught"] == 0


def signed_all(checked: Checked) -> str:
    checked.all_passes()
    release = signed(checked)
    assert release is not None
    return release


def test_a_locked_draft_may_be_heard_and_not_changed(store: Store, tmp_path: Path) -> None:
    checked = made(store, tmp_path, quality=Quality.DRAFT)
    checked.hear_all()
    ids = checked.ids()
    with pytest.raises(UsageError) as refused:
        checked.decide(FindingRejected(ids[6], ids[6]))
    assert refused.value.code == "draft_words"
