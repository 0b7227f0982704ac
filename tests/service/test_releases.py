"""What is read, released, withdrawn and copied: by the facts, and the same bytes each time."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.checked import LINES, Checked
from tests.service.signing import (
    AS_LEFT,
    actions,
    lines,
    made,
    now,
    refusal,
    signed,
    signed_all,
    somebody,
    state,
)
from transcriber.cli import main
from transcriber.domain.edit import (
    FindingAccepted,
    FindingRejected,
    TurnsRead,
)
from transcriber.domain.errors import UsageError
from transcriber.domain.recording import Kind
from transcriber.domain.recording_state import RecordingState
from transcriber.exports.change_list import What
from transcriber.exports.formats import FORMATS, STORED
from transcriber.exports.release_json import read_release
from transcriber.services.packaged_release import release_package
from transcriber.services.release_changes import release_changes
from transcriber.services.releases import (
    list_releases,
    release_file,
)
from transcriber.services.review import seeded
from transcriber.services.review.cold_read import confirm, read_page
from transcriber.services.review.participant_copy import participant_copy, participants
from transcriber.services.review.seeded import hidden_findings
from transcriber.services.review.state import review_of
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
    for kind in set(FORMATS) - {STORED}:
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


def test_two_packages_are_compared_far_from_the_service(
    checked: Checked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = []
    for number in (1, 2):
        if number == 2:
            checked.withhold(5, 7)
        release = signed_all(checked)
        file = release_package(checked.store, checked.actor_id, checked.study_id, release)
        path = tmp_path / file.name
        path.write_bytes(file.data)
        with ZipFile(path) as packed:
            packed.extractall(tmp_path / path.stem)
        paths.append(path)
    old, new = paths
    for given in ((old, new), (tmp_path / old.stem, new), (old, tmp_path / new.stem)):
        assert main(["release", "changes", *map(str, given)]) == 0
        told = capsys.readouterr().out
        assert told.splitlines()[0] == "paragraph 2"
        assert "1 paragraph changed." in told
    (tmp_path / new.stem / "methods.txt").write_text("We checked nothing.")
    assert main(["release", "changes", str(old), str(tmp_path / new.stem)]) == 1
    assert "changed after it was signed" in capsys.readouterr().err


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
    assert (change.what, change.old_number, change.number) == (What.CHANGED, 2, 2)
    assert change.before == "P01: My sister [PERSON_1] told me about the group."
    assert change.text == "My [passage withheld, 0:01] me about the group."
    others = show_release(store, actor, study, second, with_withdrawn=False).changes
    assert others == (replace(change, before=""),)
    assert show_release(store, actor, study, first, with_withdrawn=False).changes is None
    table = release_changes(store, actor, study, second)
    assert table.name == "FG01-v2-changes.csv"
    assert table.data.decode().splitlines()[1:] == [
        f'changed,2,2,{change.id},P01,"My [passage withheld, 0:01] me about the group."'
    ]
    with ZipFile(BytesIO(release_package(store, actor, study, second).data)) as packed:
        assert packed.read("changes.csv") == table.data
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


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_a_copy_that_would_show_a_known_name_is_not_given(
    store: Store, tmp_path: Path, kind: str
) -> None:
    checked = made(store, tmp_path, lines=(*LINES, ("P02", "And then QUENILLA knew.")))
    with pytest.raises(UsageError) as refused:
        participant_copy(store, checked.actor_id, *checked.here, "P02", kind)
    assert refused.value.code == "leak_blocks"
    assert "uenilla" not in refused.value.sentence.casefold()
    assert actions(store)[-1] != "exported"
    participant_copy(store, checked.actor_id, *checked.here, "P01", kind)  # not in their words


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
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeded, "LARGEST_PART", 3)  # of three that are certain, one is hidden
    checked = made(store, tmp_path, score=1.0)
    assert lines(checked) == AS_LEFT
    (hidden,) = hidden_findings(store, review_of(store, *checked.here))
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
    assert hidden_findings(store, review_of(store, *checked.here)) == frozenset()
    checked.withhold(0, 3)
    second = signed_all(checked)
    shown = show_release(store, checked.actor_id, checked.study_id, second, with_withdrawn=True)
    assert shown.manifest["estimate"]["hidden"] == 1
    assert shown.manifest["estimate"]["caught"] == 0
