"""Policy files: shipped by name, or a file; clear about what is wrong."""

from pathlib import Path

import pytest

from transcriber.domain.errors import PolicyError
from transcriber.domain.finding import Action, EntityType
from transcriber.domain.policy import Style
from transcriber.services.policy_file import load_policy


def test_the_default_policy() -> None:
    policy = load_policy()
    assert (policy.name, policy.style) == ("default", Style.ROLE)
    assert policy.actions[EntityType.AGE] is Action.GENERALISE
    assert policy.actions[EntityType.ORGANISATION] is Action.REPLACE


def test_the_strict_policy_replaces_everything() -> None:
    policy = load_policy("strict")
    assert policy.style is Style.LABEL
    assert set(policy.actions.values()) == {Action.REPLACE}
    assert policy.sought == load_policy().sought


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("types: {PERSON: replace, DATE: keep}", encoding="utf-8")
    for given in (path, str(path)):
        policy = load_policy(given)
        assert (policy.name, policy.style) == ("file", Style.LABEL)
        assert policy.sought == {EntityType.PERSON}


BAD = [
    ("typs: {PERSON: replace}", "did you mean 'types'?"),
    ("types: {PERSN: replace}", "did you mean 'PERSON'?"),
    ("types: {person: replace}", "did you mean 'PERSON'?"),
    ("types: {PERSON: remove}", "PERSON must be replace, generalise, keep, flag"),
    ("types: {PERSON: generalise}", "PERSON cannot be generalised; AGE and DATE can"),
    ("style: role", "'types' must list"),
    ("style: fancy\ntypes: {PERSON: replace}", "'style' must be label or role"),
    ("types: [PERSON]", "'types' must list"),
    ("types: {", "not valid YAML at line 1"),
]


@pytest.mark.parametrize(("text", "part"), BAD, ids=[row[0] for row in BAD])
def test_what_is_wrong_is_said(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        load_policy(path)
    assert part in refused.value.sentence


def test_a_name_that_is_not_shipped() -> None:
    with pytest.raises(PolicyError) as refused:
        load_policy("defautl")
    assert "default, strict" in refused.value.sentence
