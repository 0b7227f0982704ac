"""Paragraphs of a release: a number to quote, and an id that a corrected version keeps."""

import json
from pathlib import Path

import pytest

from tests.checked import LINES, Checked
from tests.service.signing import made, searched, signed, signed_all
from transcriber.domain.edit import WordCorrected
from transcriber.domain.errors import UsageError
from transcriber.services.numbered_talk import PARAGRAPHS
from transcriber.services.releases import release_file
from transcriber.services.review.withdraw import withdraw
from transcriber.services.settings import load_settings
from transcriber.services.shown_release import read_release_text
from transcriber.services.store import Store, open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("paragraphs")
    return open_store(load_settings({"TRANSCRIBER_HOME": str(folder)}))


def paragraphs(checked: Checked, release: str) -> list[tuple[int, str, str]]:
    data = release_file(checked.store, checked.actor_id, checked.study_id, release).data
    turns = json.loads(data)["turns"]
    read = read_release_text(checked.store, checked.actor_id, checked.study_id, release, "", 1)
    shown = [(each.number, each.id, each.text) for each in read.page.shown]
    assert shown == [(turn["number"], turn["id"], turn["text"]) for turn in turns]
    return shown


def test_ids_stay_in_a_corrected_version_and_numbers_count_anew(
    store: Store, tmp_path: Path
) -> None:
    checked = made(store, tmp_path)
    first = signed_all(checked)
    before = paragraphs(checked, first)
    assert [number for number, *_ in before] == [1, 2, 3, 4, 5]
    assert len({name for _, name, _ in before}) == 5
    withdraw(store, checked.actor_id, checked.study_id, first, "a word was wrong")
    ids = checked.ids()
    checked.withhold(0, 3)
    checked.decide(WordCorrected(ids[13], "drank"))
    searched(store)
    checked.hear_all()
    checked.read_all()
    second = signed(checked)
    assert second is not None
    after = paragraphs(checked, second)
    assert [name for _, name, _ in after] == [name for _, name, _ in before[1:]]
    assert [number for number, *_ in after] == [1, 2, 3, 4]
    assert after[1][2] == "She drank a bit, you know."
    assert [text for *_, text in after[2:]] == [text for *_, text in before[3:]]


def test_a_long_text_is_read_in_pages_and_a_withdrawn_one_is_not(
    store: Store, tmp_path: Path
) -> None:
    more = (("MOD", "And how was that?"), ("P01", "It was hard at first.")) * 150
    checked = made(store, tmp_path, lines=(*LINES, *more), policies=("default", "open"))
    checked.accept_all()
    checked.hear_all()
    ids = checked.ids()
    checked.read_at_once()
    release = signed(checked)
    assert release is not None
    place = store, checked.actor_id, checked.study_id, release
    last = read_release_text(*place, "", 99).page
    assert (last.number, last.pages, len(ids) > PARAGRAPHS) == (2, 2, True)
    assert last.shown[0].number == PARAGRAPHS + 1
    further = read_release_text(*place, "open", 1)
    assert further.profiles == ("default", "open")
    assert [turn.number for turn in further.page.shown if turn.differs] == [4]
    assert further.page.differing == 1
    withdraw(store, checked.actor_id, checked.study_id, release, "wrong")
    with pytest.raises(UsageError) as refused:
        read_release_text(*place, "", 1)
    assert refused.value.code == "withdrawn"
