"""Several policies, one mark-up: what was decided once is written by each in its own way."""

import json
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.checked import LINES, NAMES, Checked
from tests.service.signing import actions, made, missing, now, refusal, signed_all
from transcriber.domain.edit import EntityDecided, FindingRejected, IdentifierMarked, Verdict
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import Action, EntityType
from transcriber.services.bundles import study_bundle, study_project
from transcriber.services.policy_file import require_first_seeks_all
from transcriber.services.releases import release_file
from transcriber.services.review.sign_off import look
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import StudyDraft, create_study, show_study

TOLD = (*LINES, ("P02", "I am a midwife and I was forty three in May."))
FOUND = (
    *NAMES,
    ("midwife", EntityType.OCCUPATION, ""),
    ("forty three", EntityType.AGE, "[aged 40-49]"),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("profiles")
    return open_store(load_settings({"TRANSCRIBER_HOME": str(folder)}))


@pytest.fixture
def checked(store: Store, tmp_path: Path) -> Checked:
    return made(store, tmp_path, lines=TOLD, names=FOUND, policies=("default", "archive", "open"))


def texts(checked: Checked) -> dict[str, list[str]]:
    standing = now(checked)
    return {
        each.policy.name: [f"{turn.label}: {turn.text}" for turn in each.text.turns]
        for each in (standing.released, *standing.profiles)
    }


def test_each_policy_writes_the_same_decisions_in_its_own_way(checked: Checked) -> None:
    by = texts(checked)
    assert list(by) == ["default", "archive", "open"]
    assert by["default"][3] == "P01: And then [P01] left for [PLACE_1]."
    assert by["archive"][3].startswith("P01: And then [P01] left for [")
    assert "[PLACE_1]" not in by["archive"][3]
    assert "[P01]" not in by["open"][3]
    assert "midwife" in by["archive"][5]
    assert by["open"][5] == "P02: I am a [professional occupation] and I was [adult] in May."
    for lines in by.values():
        for name in ("Quenilla", "Whitfield", "Garstang", "forty three"):
            assert name not in " ".join(lines)


def test_what_is_kept_on_purpose_is_kept_by_all(checked: Checked) -> None:
    ids = checked.ids()
    checked.decide(FindingRejected(ids[6], ids[6]))
    for lines in texts(checked).values():
        assert lines[1] == "P01: My sister Quenilla told me about the group."


def test_what_a_person_marks_is_out_in_all(checked: Checked) -> None:
    ids = checked.ids()
    checked.decide(IdentifierMarked(ids[12], ids[14], EntityType.HEALTH, "[an illness]"))
    by = texts(checked)
    assert by["default"][2] == by["archive"][2] == "P02: [an illness] bit, you know."
    assert "drinks" not in by["open"][2]


def test_words_of_ones_own_are_not_taken_over_where_a_policy_says_less(checked: Checked) -> None:
    checked.decide(
        EntityDecided(EntityType.LOCATION, "garstang", Verdict.CHANGE, replacement="[near Preston]")
    )
    by = texts(checked)
    assert "[near Preston]" in by["default"][3]
    for stricter in ("archive", "open"):
        assert "Preston" not in by[stricter][3]


def test_a_withheld_passage_is_withheld_from_all(checked: Checked) -> None:
    checked.withhold(18, 24)
    for lines in texts(checked).values():
        assert "withheld" in lines[3]


def test_a_release_holds_all_texts_and_each_leaves_alone(checked: Checked) -> None:
    release = signed_all(checked)
    place = checked.store, checked.actor_id, checked.study_id, release
    first, further = release_file(*place), release_file(*place, profile="open")
    assert (first.name, further.name) == ("FG01-v1.json", "FG01-v1-open.json")
    one, other = json.loads(first.data), json.loads(further.data)
    assert "profiles" not in one
    assert one["release"]["policy"]["name"] == "default"
    assert other["release"]["policy"]["name"] == "open"
    assert other["release"]["replaced"]["OCCUPATION"] == 1
    assert "OCCUPATION" not in one["release"]["replaced"]
    assert one["release"]["text_sha256"] != other["release"]["text_sha256"]
    assert b"midwife" in release_file(*place, "txt").data
    assert b"midwife" not in release_file(*place, "txt", "open").data
    with pytest.raises(UsageError):
        release_file(*place, "txt", "team")


def test_what_was_released_stays_whatever_becomes_of_the_study(checked: Checked) -> None:
    release = signed_all(checked)
    place = checked.store, checked.actor_id, checked.study_id, release
    before = release_file(*place, "txt", "open").data
    checked.decide(IdentifierMarked(checked.ids()[12], checked.ids()[14], EntityType.HEALTH))
    assert release_file(*place, "txt", "open").data == before


def test_all_releases_leave_together_by_a_further_policy_or_not_at_all(
    store: Store, tmp_path: Path
) -> None:
    checked = made(store, tmp_path, lines=TOLD, names=FOUND, policies=("default", "open"))
    signed_all(checked)
    place = store, checked.actor_id, checked.study_id
    with ZipFile(BytesIO(study_bundle(*place, "taguette", "open").data)) as archive:
        text = archive.read("html/FG01.html").decode()
    assert "[professional occupation]" in text
    assert "midwife" not in text
    before = actions(store)
    for refused in (partial(study_bundle, *place, "taguette"), partial(study_project, *place)):
        with pytest.raises(UsageError) as told:
            refused(profile="archive")
        assert told.value.code == "not_in_all_releases"
        assert "by these rules: 1 of 1." in told.value.sentence
    assert actions(store) == before


def test_a_place_that_only_a_further_policy_shows_has_to_be_looked_at(
    store: Store, tmp_path: Path
) -> None:
    lines = (*LINES, ("P02", "I am the garstang midwife here."))
    names = (*NAMES, ("garstang midwife", EntityType.OCCUPATION, "[professional occupation]"))
    checked = made(store, tmp_path, lines=lines, names=names, policies=("open", "default"))
    assert "garstang" not in texts(checked)["open"][5]
    assert "garstang" in texts(checked)["default"][5]
    checked.all_passes()
    assert refusal(checked) == "not_looked_at"
    (seen,) = now(checked).panel.to_look_at
    assert (seen.policy, seen.leak.text) == ("default", "garstang")
    look(store, checked.actor_id, *checked.here, seen.key)
    assert missing(checked) == []


def test_a_known_name_in_a_further_text_blocks(store: Store, tmp_path: Path) -> None:
    checked = made(store, tmp_path, policies=("default", "open"))
    with store.database.write() as connection:
        study = store.studies.get(connection, checked.study_id)
        assert study is not None
        first, second = study.agreed.policies
        agreed = replace(
            study.agreed,
            policies=(
                first,
                replace(second, actions={**second.actions, EntityType.LOCATION: Action.FLAG}),
            ),
            roster=replace(study.agreed.roster, people=("Garstang",)),
        )
        store.studies.change(connection, study, study.name, agreed)
    checked.all_passes()
    assert refusal(checked) == "leak_blocks"
    (seen,) = now(checked).panel.blocking
    assert (seen.policy, seen.leak.text) == ("open", "Garstang")


def test_a_further_policy_never_looks_for_more_than_the_one_that_is_checked(
    store: Store, checked: Checked
) -> None:
    policies = show_study(store, checked.study_id).agreed.policies
    blind = replace(policies[0], name="blind", actions={EntityType.PERSON: Action.REPLACE})
    require_first_seeks_all(policies)
    with pytest.raises(UsageError) as refused:
        require_first_seeks_all((blind, policies[1]))
    assert refused.value.code == "unsought_types"
    with store.database.write() as connection:
        study = store.studies.get(connection, checked.study_id)
        assert study is not None
        agreed = replace(study.agreed, policies=(blind, policies[1]))
        store.studies.change(connection, study, study.name, agreed)
    assert now(checked).profiles == ()
    assert now(checked).left_out == ("archive",)


def test_policies_in_an_order_that_would_not_do_are_refused_when_the_study_is_made(
    store: Store, checked: Checked
) -> None:
    draft = StudyDraft("Other order", policies=("open", "default"))
    study = create_study(store, checked.actor_id, draft)  # they all look for the same
    assert [policy.name for policy in study.agreed.policies] == ["open", "default"]
