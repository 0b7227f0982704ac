"""The list of edits as a file: what is written is valid, comes back, and what is not is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.unit.test_schemas import schema
from transcriber.domain.edit import (
    Edit,
    FindingRejected,
    IdentifierMarked,
    SpeakerRenamed,
    SpeakersMerged,
    TextEdit,
    TurnSplit,
    Undone,
    WordCorrected,
    WordsReassigned,
    WordsRestored,
)
from transcriber.domain.errors import EditError
from transcriber.domain.finding import EntityType
from transcriber.services.edits_file import (
    append_edits,
    edits_from_json,
    edits_to_json,
    read_edits,
)

# A busy machine is slow at times; that is no failure.
ids = st.text(max_size=6)
speakers = st.sampled_from(["S1", "P07", "UNK", "SEVERAL", "FG1_P3"])
edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(WordCorrected, ids, st.text(max_size=8)),
    st.builds(WordsReassigned, ids, ids, speakers),
    st.builds(TurnSplit, ids, speakers),
    st.builds(SpeakersMerged, speakers, speakers),
    st.builds(SpeakerRenamed, speakers, st.sampled_from(["P01", "MOD"])),
    st.builds(WordsRestored, ids, ids),
    st.builds(IdentifierMarked, ids, ids, st.sampled_from(EntityType)),
    st.builds(FindingRejected, ids, ids),
    st.builds(Undone, st.integers(0, 99)),
)


@given(st.lists(edits, max_size=8))
def test_what_is_written_fits_the_schema_and_comes_back(history: list[Edit]) -> None:
    data = edits_to_json(history)
    schema("edits").validate(json.loads(data))
    assert edits_from_json(data) == tuple(history)


def test_every_kind_of_event_is_in_the_schema() -> None:
    published: Any = schema("edits").schema
    described = {entry["properties"]["kind"]["const"] for entry in published["items"]["oneOf"]}
    made = {kind.__dataclass_fields__["kind"].default for kind in TextEdit.__args__}
    assert described == made


def test_events_are_added_at_the_end(tmp_path: Path) -> None:
    append_edits(tmp_path, "INT01", [SpeakerRenamed("S1", "INT")])
    append_edits(tmp_path, "INT01", [Undone(0)])
    assert read_edits(tmp_path, "INT01") == (SpeakerRenamed("S1", "INT"), Undone(0))
    assert (tmp_path / "INT01.edits.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text",
    [
        "Sarah",
        "{}",
        '[{"first": "w1", "last": "w2"}]',
        '[{"kind": "speaker_renamed", "speaker": "Sarah"}]',
        '[{"kind": "vanished", "word": "w1"}]',
        '[{"kind": "undone", "event": "last"}]',
    ],
)
def test_what_is_no_list_of_events_is_refused_without_quoting_it(tmp_path: Path, text: str) -> None:
    validator: Draft202012Validator = schema("edits")
    if text != "Sarah":
        assert not validator.is_valid(json.loads(text))
    (tmp_path / "INT01.edits.json").write_text(text)
    with pytest.raises(EditError) as caught:
        read_edits(tmp_path, "INT01")
    assert caught.value.code == "bad_edits"
    assert "Sarah" not in str(caught.value)
