"""Policy files: shipped by name, or a file; clear about what is wrong."""

from pathlib import Path

import pytest

from transcriber.domain.errors import PolicyError
from transcriber.domain.finding import INDIRECT, Action, EntityType
from transcriber.domain.policy import Locale, NerKind, NerModel, Policy, Style, joint
from transcriber.domain.released_sound import Fill, SoundRule
from transcriber.services.policy_file import load_policy
from transcriber.stages.generalise.apply import LEVELS


def written(tmp_path: Path, text: str, name: str = "p.yaml") -> Policy:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return load_policy(path)


def test_the_default_policy() -> None:
    policy = load_policy()
    assert (policy.name, policy.style, policy.locale) == ("default", Style.ROLE, Locale.GB)
    assert policy.actions[EntityType.AGE] is Action.GENERALISE
    assert policy.actions[EntityType.ORGANISATION] is Action.REPLACE


@pytest.mark.parametrize("name", ["default", "team", "archive", "open"])
def test_a_profile_decides_on_every_type(name: str) -> None:
    policy = load_policy(name)
    assert policy.sought == frozenset(EntityType)
    assert policy.levels.keys() == {
        kind for kind, action in policy.actions.items() if action is Action.GENERALISE
    }


def test_all_but_open_leave_indirect_types_to_a_person() -> None:
    for name in ("default", "team", "archive"):
        actions = load_policy(name).actions
        assert {actions[kind] for kind in INDIRECT} == {Action.FLAG}


def test_open_leaves_nothing() -> None:
    assert set(load_policy("open").actions.values()) == {Action.REPLACE, Action.GENERALISE}


def test_a_file(tmp_path: Path) -> None:
    policy = written(tmp_path, "types: {PERSON: replace, DATE: keep}")
    assert (policy.name, policy.style, policy.levels) == ("p", Style.LABEL, {})
    assert policy.sought == {EntityType.PERSON}
    assert load_policy(str(tmp_path / "p.yaml")) == policy


def test_levels_locale_and_style(tmp_path: Path) -> None:
    text = (
        "style: pseudonym\nlocale: US\ntypes:\n  AGE: {action: generalise, level: life-stage}\n"
        "  DATE: generalise\n  PERSON: {action: replace}\n"
    )
    policy = written(tmp_path, text)
    assert (policy.style, policy.locale) == (Style.PSEUDONYM, Locale.US)
    assert policy.levels == {EntityType.AGE: "life-stage", EntityType.DATE: "month"}
    assert policy.actions[EntityType.PERSON] is Action.REPLACE


def test_json_says_the_same(tmp_path: Path) -> None:
    text = '{\n\t"types": {"AGE": {"action": "generalise", "level": "five-years"}}\n}'
    assert written(tmp_path, text, "p.json").levels == {EntityType.AGE: "five-years"}


def test_sound_is_taken_out_as_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("types: {PERSON: replace}\n")
    assert load_policy(path).sound == SoundRule(300, Fill.TONE)
    path.write_text("types: {PERSON: replace}\nsound: {padding_ms: 500, fill: silence}\n")
    assert load_policy(path).sound == SoundRule(500, Fill.SILENCE)
    for padding_ms in ("49", "2001", "true", "0.5", "'300'"):
        path.write_text(f"types: {{PERSON: replace}}\nsound: {{padding_ms: {padding_ms}}}\n")
        with pytest.raises(PolicyError, match="from 50 to 2000"):
            load_policy(path)


def test_models_are_packages_or_folders_beside_the_policy(tmp_path: Path) -> None:
    text = (
        "types: {PERSON: replace}\nmodels:\n  - spacy: en_core_web_lg\n  - spacy: ./mine\n"
        "  - gliner: models/small\n  - transformers: /srv/ner\n  - spacy: en_core_web_lg\n"
    )
    assert written(tmp_path, text).models == (
        NerModel(NerKind.SPACY, "en_core_web_lg"),
        NerModel(NerKind.SPACY, str(tmp_path / "mine")),
        NerModel(NerKind.GLINER, str(tmp_path / "models" / "small")),
        NerModel(NerKind.TRANSFORMERS, "/srv/ner"),
    )
    assert load_policy().models == ()


def test_policies_together_have_the_models_of_all(tmp_path: Path) -> None:
    types = "types: {PERSON: replace}\n"
    one = written(tmp_path, types + "models: [{spacy: a}, {spacy: b}]", "one.yaml")
    other = written(tmp_path, types + "models: [{spacy: b}, {spacy: c}]", "other.yaml")
    assert [model.name for model in joint([one, other]).models] == ["a", "b", "c"]


MODELS = "types: {PERSON: replace}\nmodels: "
AGE = "types: {AGE: {action: generalise, level: "
BAD = [
    ("typs: {PERSON: replace}", "did you mean 'types'?"),
    ("types: {PERSN: replace}", "did you mean 'PERSON'?"),
    ("types: {person: replace}", "did you mean 'PERSON'?"),
    ("types: {PERSON: remove}", "PERSON must be replace, generalise, keep or flag"),
    ("types: {PERSON: generalize}", "did you mean 'generalise'?"),
    ("types: {PERSON: }", "the action for PERSON must be"),
    ("types: {PERSON: [replace]}", "the action for PERSON must be"),
    ("types: {PERSON: generalise}", "PERSON cannot be generalised; AGE, DATE, LOCATION"),
    (AGE + "ten-year}}", "did you mean 'ten-years'?"),
    (AGE + "month}}", "must be ten-years, five-years or life-stage"),
    (AGE + "10}}", "the level for AGE must be"),
    ("types: {AGE: {action: generalise, levle: x}}", "did you mean 'level'?"),
    ("types: {AGE: {level: ten-years}}", "the action for AGE must be"),
    ("types: {AGE: {action: replace, level: ten-years}}", "only generalise takes"),
    ("style: role", "'types' must list"),
    ("style: fancy\ntypes: {PERSON: replace}", "'style' must be label, pseudonym or role"),
    ("style: [role]\ntypes: {PERSON: replace}", "'style' must be"),
    ("locale: gb\ntypes: {PERSON: replace}", "must be GB, IE or US; did you mean 'GB'?"),
    ("types: [PERSON]", "'types' must list"),
    ("types:\n  PERSON: keep\n  DATE: keep\n  PERSON: replace", "line 4 says again"),
    ("types: {", "not valid YAML at line 1"),
    (MODELS + "en_core_web_lg", "'models' must be a list"),
    (MODELS + "{spacy: en_core_web_lg}", "'models' must be a list"),
    (MODELS + "[en_core_web_lg]", "such as '- spacy: en_core_web_lg'"),
    (MODELS + "[{spaCy: en_core_web_lg}]", "did you mean 'spacy'?"),
    (MODELS + "[{flair: ner}]", "known are gliner, spacy, transformers"),
    (MODELS + "[{spacy: }]", "'models' must be a list"),
    (MODELS + "[{spacy: a, gliner: b}]", "'models' must be a list"),
    (MODELS + "\n- {spacy: a, spacy: b}", "line 3 says again"),
]


@pytest.mark.parametrize(("text", "part"), BAD, ids=[row[0] for row in BAD])
def test_what_is_wrong_is_said(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(PolicyError) as refused:
        written(tmp_path, text)
    assert part in refused.value.sentence


def test_a_policy_that_holds_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        written(tmp_path, "types: &loop {PERSON: *loop}")


def test_a_name_that_is_not_shipped() -> None:
    with pytest.raises(PolicyError) as refused:
        load_policy("defautl")
    assert "archive, default, open" in refused.value.sentence


def test_every_level_that_the_docs_name_can_be_asked_for(tmp_path: Path) -> None:
    reference = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
    for kind, levels in LEVELS.items():
        for level in levels:
            rule = f"types: {{{kind}: {{action: generalise, level: {level}}}}}"
            assert written(tmp_path, rule).levels == {kind: level}
            assert f"`{level}`" in reference
