"""What is on record of a name stops a release wherever it stands, and what was kept does not."""

from pathlib import Path

import pytest

from tests.checked import LINES, NAMES, Checked
from tests.service.signing import lines, made, missing, now, refusal, signed
from transcriber.domain.edit import FindingRejected, WordCorrected
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.leak_check import Reason, Verdict
from transcriber.services.review.clean_files import require_clean_files
from transcriber.services.review.sign_off import look
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import show_study
from transcriber.stages.pseudonymise.apply import apply_policy
from transcriber.storage.database.entities import StoreRegister


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("on-record")
    return open_store(load_settings({"TRANSCRIBER_HOME": str(folder)}))


def place(checked: Checked, word: str) -> int:
    words = now(checked).released.review.transcript.words
    return max(number for number, each in enumerate(words) if each.text == word)


def told(checked: Checked) -> list[tuple[str, Verdict, Reason]]:
    return [(e.leak.text, e.leak.verdict, e.leak.reason) for e in now(checked).panel.leaks]


def test_a_mention_that_is_kept_is_exempt_although_another_one_is_replaced(
    store: Store, tmp_path: Path
) -> None:
    said = (*LINES, ("P02", "I bought it at Quenilla the shop."))
    checked = made(store, tmp_path, lines=said)
    checked.all_passes()
    shop = checked.ids()[place(checked, "Quenilla")]
    checked.decide(FindingRejected(shop, shop))
    checked.read_all()
    assert lines(checked)[5] == "P02: I bought it at Quenilla the shop."
    assert "[PERSON_1]" in lines(checked)[1]
    assert missing(checked) == []
    assert signed(checked) is not None


def test_the_same_name_where_nobody_kept_it_is_not_exempt(store: Store, tmp_path: Path) -> None:
    said = (*LINES, ("P02", "I bought it at Quenilla the shop."), ("P01", "And QUENILLA knew."))
    checked = made(store, tmp_path, lines=said)
    checked.all_passes()
    shop = checked.ids()[place(checked, "Quenilla")]
    checked.decide(FindingRejected(shop, shop))
    checked.read_all()
    assert told(checked) == [("QUENILLA", Verdict.BLOCK, Reason.ORIGINAL)]
    assert refusal(checked) == "leak_blocks"


def test_a_place_that_was_replaced_stops_the_release_where_it_is_left(
    store: Store, tmp_path: Path
) -> None:
    said = (*LINES, ("P02", "I liked GARSTANG a lot."))
    checked = made(store, tmp_path, lines=said)
    checked.all_passes()
    assert told(checked) == [("GARSTANG", Verdict.BLOCK, Reason.ORIGINAL)]


def test_what_the_machine_had_misheard_stops_the_release_where_it_still_stands(
    store: Store, tmp_path: Path
) -> None:
    said = (
        *LINES,
        ("P02", "Then Quonella Vasch came round."),
        ("P01", "That was QUONELLA VASCH again."),
    )
    names = (*NAMES, ("Quonella Vasch", EntityType.PERSON, "[PERSON_1]"))
    checked = made(store, tmp_path, lines=said, names=names)
    ids, first = checked.ids(), place(checked, "Quonella")
    checked.decide(WordCorrected(ids[first], "Quenilla"), WordCorrected(ids[first + 1], "Marsh"))
    checked.all_passes()
    assert ("QUONELLA VASCH", Verdict.BLOCK, Reason.ORIGINAL) in told(checked)
    assert "leak_blocks" in [obstacle.value for obstacle in missing(checked)]


def test_what_was_replaced_in_another_recording_is_sought_in_this_one(
    store: Store, tmp_path: Path
) -> None:
    said = (
        *LINES,
        ("P02", "And then ottiwell came, I think."),
        ("P01", "It was PERPETUA AINSCOW who came."),
    )
    checked = made(store, tmp_path, lines=said)
    study = show_study(store, checked.study_id)
    text = "Ottiwell met Perpetua Ainscow."
    other = [
        Finding(0, 8, EntityType.PERSON, "Ottiwell", 0.9, "model"),
        Finding(13, 29, EntityType.PERSON, "Perpetua Ainscow", 0.9, "model"),
    ]
    register = StoreRegister(store.database, store.keyring, study.id)
    apply_policy(
        other, study.agreed.policies[0], study.agreed.roster, register, {None: text}, "FG09"
    )
    checked.all_passes()
    found = {text: verdict for text, verdict, _ in told(checked)}
    assert found["PERPETUA AINSCOW"] is Verdict.BLOCK
    assert found["ottiwell"] is Verdict.REVIEW  # one word alone: somebody looks, and that is kept
    for seen in now(checked).panel.to_look_at:
        look(store, checked.actor_id, *checked.here, seen.key)
    assert refusal(checked) == "leak_blocks"


def test_the_name_of_an_uploaded_file_and_a_study_named_after_a_place_stop_the_release(
    store: Store, tmp_path: Path
) -> None:
    checked = made(store, tmp_path)
    checked.all_passes()
    standing = now(checked)
    require_clean_files(store, standing, {"policy": {"name": "default", "types": {}}})
    with store.database.read() as connection:
        study = store.studies.get(connection, checked.study_id)
        assert study is not None
        stored = store.recordings.get(connection, study, checked.recording_id)
    assert stored is not None
    for planted in (stored.parts[0].file_name, "Sarah Whitfield"):
        with pytest.raises(Exception, match="would show a known name"):
            require_clean_files(store, standing, {"policy": {"name": planted, "types": {}}})
