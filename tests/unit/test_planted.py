"""The search for what was planted finds it wherever it lies, and however it is written."""

import base64
import json
import os
from pathlib import Path

import pytest

from tests.planted import occurrences, written_forms

PIECE = b"a piece of sound"


@pytest.mark.parametrize("before", range(17))
@pytest.mark.parametrize("behind", [0, 1, 7])
def test_a_piece_is_found_at_any_place(tmp_path: Path, before: int, behind: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(os.urandom(before) + PIECE + os.urandom(behind))
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "begun").write_bytes(PIECE[:-1])
    assert occurrences([tmp_path], [PIECE]) == [(path, PIECE)]
    path.write_bytes(b"\\x" + PIECE.hex().encode())
    assert occurrences([tmp_path], [PIECE]) == [(path, PIECE.hex().encode())]
    assert occurrences([tmp_path], [b"another piece"]) == []


def test_pieces_that_begin_alike_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(PIECE + b"another")
    found = occurrences([tmp_path], [PIECE, PIECE + b"another", PIECE + b"others"])
    assert {piece for _, piece in found} == {PIECE, PIECE + b"another"}
    with pytest.raises(ValueError, match="too short"):
        occurrences([tmp_path], [PIECE[:7]])


@pytest.mark.parametrize("name", ["qzoelisbet", "Zoëlisbeth"])
def test_a_name_is_found_in_every_form(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    said = f"so {name} came, as she said"
    written = [
        said.encode(),
        said.upper().encode(),
        said.encode("utf-16"),
        said.encode("utf-16-be"),
        json.dumps(said).encode(),
        *(base64.b64encode(b"x" * lead + said.encode()) for lead in range(3)),
    ]
    for data in written:
        path.write_bytes(data)
        assert occurrences([tmp_path], written_forms(name)), data
    path.write_bytes(said.replace(name, "somebody").encode())
    assert occurrences([tmp_path], written_forms(name)) == []
