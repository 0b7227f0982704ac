"""RTTM lines as scoring tools read them."""

import pytest

from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Turn
from transcriber.exports.rttm import write_rttm


def test_each_turn_is_one_line_in_seconds() -> None:
    turns = [Turn("S1", Interval(0, 1500)), Turn("S2", Interval(61_007, 61_030))]

    assert write_rttm(turns, "R01") == (
        "SPEAKER R01 1 0.000 1.500 <NA> <NA> S1 <NA> <NA>\n"
        "SPEAKER R01 1 61.007 0.023 <NA> <NA> S2 <NA> <NA>\n"
    )


def test_no_turns_make_an_empty_file() -> None:
    assert write_rttm([], "R01") == ""


@pytest.mark.parametrize("file_id", ["", "two words", " R01", "R01\n", "a\tb"])
def test_file_id_with_white_space_is_refused(file_id: str) -> None:
    with pytest.raises(ValueError, match="one word"):
        write_rttm([], file_id)
