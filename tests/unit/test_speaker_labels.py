"""Codes and roles before a colon name nobody; names before a colon do."""

import pytest

from transcriber.stages.speaker_labels import label_spans


@pytest.mark.parametrize(
    "label",
    ["INT", "P01", "FG1_P3", "Speaker 2", "MOD", "Q", "interviewer", "S1", "[00:01:02] INT", "UNK"],
)
def test_a_code_or_a_role_is_a_label(label: str) -> None:
    text = f"first line\n{label}: and what was said"
    assert [text[start:end] for start, end in label_spans(text)] == [label]


@pytest.mark.parametrize(
    "line", ["Sarah: hello", "Int Harris: hello", "may: hello", "he said: no", "Part of it: yes"]
)
def test_a_name_or_talk_is_none(line: str) -> None:
    assert list(label_spans(line)) == []
