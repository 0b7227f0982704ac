"""An identifier that was seen: reported by number, found everywhere, recalled, marked again."""

from pathlib import Path

import pytest

from tests.checked import Checked, recording_to_check
from tests.service.signing import actions, made, refusal, signed_looking, somebody, state
from transcriber.domain.edit import FindingRejected
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.services.releases import list_releases, release_file
from transcriber.services.review.released import as_released
from transcriber.services.review.state import review_of
from transcriber.services.settings import load_settings
from transcriber.services.sightings import marking
from transcriber.services.sightings.answer import dismiss, recall, reported_paragraph
from transcriber.services.sightings.marking import mark_recalled
from transcriber.services.sightings.report import known_sighting, list_sightings, report
from transcriber.services.store import Store, open_store
from transcriber.storage.database.webhook_queue import messages_of

TOLD = (
    ("MOD", "Shall we begin then?"),
    ("P01", "My sister Quenilla told me about the group."),
    ("P02", "And Marguerite was there, and then Quenilla left."),
    ("MOD", "Thank you all very much."),
)
MISHEARD = (
    ("MOD", "Who else came along?"),
    ("P01", "I think that Margarite came with her mother."),
)
ELSEWHERE = (("MOD", "And how was it?"), ("P01", "It was hard at first."))
NAMES = (("Quenilla", EntityType.PERSON, "[PERSON_1]"),)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("sightings")
    return open_store(load_settings({"TRANSCRIBER_HOME": str(folder)}))


@pytest.fixture
def three(store: Store, tmp_path: Path) -> list[Checked]:
    """Recordings of one study, all released: one names Marguerite, one misheard, one neither."""
    first = made(store, tmp_path, lines=TOLD, names=NAMES, policies=("default", "open"))
    others = [
        recording_to_check(
            store, tmp_path, first.actor_id, lines=lines, names=(), study_id=first.study_id
        )
        for lines in (MISHEARD, ELSEWHERE)
    ]
    return [first, *others]


def lines_of(checked: Checked) -> list[str]:
    return [turn.text for turn in as_released(checked.store, *checked.here).turns]


def recalled(checked: Checked, release_id: str, ticked: set[int], paragraph: int = 3) -> str:
    store, study = checked.store, checked.study_id
    sighting = report(store, somebody(store), study, release_id, paragraph)
    recall(store, checked.actor_id, study, sighting, ticked, EntityType.PERSON)
    return sighting


def test_what_was_seen_is_recalled_everywhere_and_marked_again(three: list[Checked]) -> None:
    store, study = three[0].store, three[0].study_id
    releases = [signed_looking(each) for each in three]
    with store.database.write() as connection:
        hook, _ = store.webhooks.add(
            connection, study, "https://example.org", [WebhookEvent.RELEASE_RECALLED]
        )
    sighting = recalled(three[0], releases[0], {1})
    standing = {each.id for each in list_releases(store, study).items if not each.withdrawn_at_ms}
    assert standing == {releases[2]}
    for release in releases[:2]:
        with pytest.raises(UsageError, match="withdrawn"):
            release_file(store, three[0].actor_id, study, release)
    with store.database.read() as connection:
        told = {message.subject_id for message in messages_of(connection, hook.id)}
        held = store.sightings.releases(connection, known_sighting(store, study, sighting))
    assert told == set(releases[:2])
    assert {row.release_id for row in held} == set(releases[:2])
    assert all(row.recalled_at_ms and row.marked_at_ms for row in held)
    texts = {row.release_id: row.places for row in held}
    signed, further = texts[releases[0]] or ((), ())
    assert [(place.paragraph, place.by_sound) for place in signed] == [(3, False)]
    assert further == signed
    misheard = [place for text in texts[releases[1]] or () for place in text]
    assert {(place.paragraph, place.by_sound) for place in misheard} == {(2, True)}
    assert [state(each) for each in three] == [
        RecordingState.READY,
        RecordingState.READY,
        RecordingState.SIGNED_OFF,
    ]
    assert "Marguerite" not in lines_of(three[0])[2]
    assert "Margarite" not in lines_of(three[1])[1]
    assert lines_of(three[2])[1] == "It was hard at first."
    done = actions(store)
    assert done.count("release_recalled") == 2
    assert "identifier_seen" in done
    assert "sighting_answered" in done


def test_a_report_names_a_paragraph_and_nothing_else(three: list[Checked]) -> None:
    store, study, who = three[0].store, three[0].study_id, somebody(three[0].store)
    release = signed_looking(three[0])
    for paragraph in (0, 5):
        with pytest.raises(UsageError, match="paragraphs 1 to 4"):
            report(store, who, study, release, paragraph)
    with pytest.raises(UsageError):
        report(store, who, study, "0" * 32, 1)
    with pytest.raises(UsageError):
        report(store, who, study, release, 1, "archive")
    one = report(store, who, study, release, 3)
    assert report(store, somebody(store), study, release, 3, "default") == one
    other = report(store, who, study, release, 3, "open")
    assert other != one
    assert [each.text for each in list_sightings(store, study)] in ([0, 1], [1, 0])
    turn = reported_paragraph(store, three[0].actor_id, known_sighting(store, study, one))
    assert turn.text == "And Marguerite was there, and then [PERSON_1] left."
    dismiss(store, three[0].actor_id, study, one)
    assert known_sighting(store, study, one).entity_type is None
    assert state(three[0]) is RecordingState.SIGNED_OFF
    with pytest.raises(UsageError, match="answered"):
        recall(store, three[0].actor_id, study, one, {1}, EntityType.PERSON)
    for nothing in (set[int](), {6}, {99}):
        with pytest.raises(UsageError, match="Choose the words"):
            recall(store, three[0].actor_id, study, other, nothing, EntityType.PERSON)


def test_a_name_that_is_a_common_word_is_recalled_where_it_was_seen(three: list[Checked]) -> None:
    store, study = three[0].store, three[0].study_id
    releases = [signed_looking(each) for each in three]
    recalled(three[0], releases[0], {3}, paragraph=3)  # "there", as a recogniser writes a name
    standing = {each.id for each in list_releases(store, study).items if not each.withdrawn_at_ms}
    assert standing == set(releases[1:])
    assert "was there" not in lines_of(three[0])[2]


def test_words_that_a_person_had_kept_are_marked_all_the_same(three: list[Checked]) -> None:
    checked = three[0]
    checked.accept_all()
    review = review_of(checked.store, *checked.here)
    place = review.findings[0].finding.place
    assert place is not None
    ids = checked.ids()
    checked.decide(FindingRejected(ids[place.first_word], ids[place.last_word]))
    release = signed_looking(checked, accepting=False)
    assert lines_of(checked)[1] == "My sister Quenilla told me about the group."
    recalled(checked, release, {2}, paragraph=2)
    assert "Quenilla" not in " ".join(lines_of(checked))


def test_nothing_is_signed_before_the_words_are_marked(
    three: list[Checked], monkeypatch: pytest.MonkeyPatch
) -> None:
    release = signed_looking(three[0])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(marking, "_mark", killed)
        with pytest.raises(KeyboardInterrupt):
            recalled(three[0], release, {1})
    assert state(three[0]) is RecordingState.READY
    assert "Marguerite" in lines_of(three[0])[2]
    assert refusal(three[0]) == "still_searching"
    mark_recalled(three[0].store)
    mark_recalled(three[0].store)
    assert "Marguerite" not in lines_of(three[0])[2]
    assert refusal(three[0]) != "already_released"
