"""A list of changes says which paragraphs changed, by id, and mends one text into the other."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.releases import release_bytes
from transcriber.cli import main
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.change_list import Change, What, change_list, write_changes

Line = tuple[str, str, str]


def text_of(lines: Sequence[Line]) -> RedactedTranscript:
    turns = tuple(RedactedTurn(label, (Token(said, 0, 1),), turn) for turn, label, said in lines)
    return RedactedTranscript(
        "FG01", "Study", "en", Quality.FULL, Checked.YES, 1, Coverage(1), turns
    )


def test_paragraphs_are_matched_by_id_whatever_their_number() -> None:
    before = [
        ("a", "P01", "one"),
        ("b", "P01", "Quenilla"),
        ("c", "P02", "three"),
        ("", "P01", "-"),
    ]
    after = [("b", "P01", "[P]"), ("c", "MOD", "three"), ("", "P01", "-"), ("d", "P01", "new")]
    gone, changed, told, added = change_list(text_of(before), text_of(after))
    assert gone == Change(What.GONE, 1, None, "a", "", "", "P01: one")
    assert changed == Change(What.CHANGED, 2, 1, "b", "P01", "[P]", "P01: Quenilla")
    assert told == Change(What.CHANGED, 3, 2, "c", "MOD", "three", "P02: three")
    assert added == Change(What.ADDED, None, 4, "d", "P01", "new", "")
    table = write_changes(change_list(text_of(before), text_of(after)))
    assert b"Quenilla" not in table
    assert table.splitlines()[:2] == [
        b"change,old_paragraph,paragraph,id,speaker,new_text",
        b"gone,1,,a,,",
    ]
    hidden = change_list(text_of(before), text_of(after), with_before=False)
    assert {each.before for each in hidden} == {""}
    assert change_list(text_of(before), text_of(before)) == ()


ids = st.sampled_from(["", *"abcdefgh"])
talk = st.lists(
    st.tuples(ids, st.sampled_from(["P01", "MOD"]), st.sampled_from(["x", "y", "=z"])), max_size=9
)


def once(lines: Sequence[Line]) -> list[Line]:
    """Every id once, as in a transcript, in order."""
    named = {turn: line for line in lines if (turn := line[0])}
    return sorted(named.values()) + [line for line in lines if not line[0]]


@settings(max_examples=300, deadline=None)
@given(talk, talk)
def test_a_text_is_mended_into_the_later_one(one: list[Line], other: list[Line]) -> None:
    before, after = once(one), once(other)
    mended = dict(enumerate(before, start=1))
    changes = change_list(text_of(before), text_of(after))
    for change in changes:
        if change.what is What.GONE:
            assert change.old_number is not None
            del mended[change.old_number]
        elif change.what is What.CHANGED:
            assert change.old_number is not None
            mended[change.old_number] = (change.id, change.label, change.text)
    added = [(each.id, each.label, each.text) for each in changes if each.what is What.ADDED]
    assert sorted([*mended.values(), *added]) == sorted(after)


def test_two_downloads_are_compared_offline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, other = (tmp_path / name for name in ("old.json", "new.json", "other.json"))
    old.write_bytes(release_bytes(("P01", "my sister"), signed_by="a"))
    new.write_bytes(release_bytes(("P01", "my [P02]"), signed_by="a"))
    other.write_bytes(release_bytes(code="FG02", signed_by="a"))
    assert main(["release", "changes", str(old), str(new)]) == 0
    assert "paragraphs changed" in capsys.readouterr().out
    assert main(["release", "changes", str(old), str(new), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["changes"]
    assert [each["what"] for each in told] == ["gone", "added"]
    assert main(["release", "changes", str(old), str(new), "--csv"]) == 0
    assert "my sister" not in capsys.readouterr().out
    assert main(["release", "changes", str(old), str(other)]) == 1
    assert "different recordings" in capsys.readouterr().err
