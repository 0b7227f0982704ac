"""Who says each word: by turns, by voices, and honestly where neither decides."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import (
    Coverage,
    Diarisation,
    Quality,
    Transcript,
    Turn,
    Voice,
    Word,
)
from transcriber.stages.word_speakers.decide import by_units
from transcriber.stages.word_speakers.likeness import LONGEST_MS, Likeness, likeness
from transcriber.stages.word_speakers.overlap import NEAR_SHARE, TurnsByTime, likeliest
from transcriber.stages.word_speakers.uncertain import uncertain_speakers
from transcriber.stages.word_speakers.units import units

SILENT = Audio(Path("never-read.s16"), 16_000 * 60)
S1, S2 = (1.0, 0.0), (0.0, 1.0)
"""Voices that have nothing in common."""


def words(*spoken: tuple[str, int, int]) -> list[Word]:
    return [Word(f"w{n}", text, start, end) for n, (text, start, end) in enumerate(spoken)]


def diarisation(*turns: tuple[str, int, int], prints: bool = True) -> Diarisation:
    return Diarisation(
        tuple(Turn(speaker, Interval(start, end)) for speaker, start, end in turns),
        (Voice("S1", S1 if prints else ()), Voice("S2", S2 if prints else ())),
    )


def said_by(
    said: list[Word], found: Diarisation, likenesses: Sequence[Likeness] | None = None
) -> list[tuple[str | None, bool]]:
    result = by_units(said, found, likenesses or [None] * len(said))
    assert [word.id for word in result] == [word.id for word in said]
    return [(word.speaker, word.speaker_uncertain) for word in result]


def test_shares_of_several_turns_of_one_speaker_add_up() -> None:
    turns = TurnsByTime(diarisation(("S1", 0, 200), ("S2", 200, 450), ("S1", 450, 700)).turns)
    (word,) = words(("well", 50, 650))
    assert turns.shares(word) == pytest.approx({"S1": 350 / 600, "S2": 250 / 600})
    assert likeliest(turns.shares(word)) == "S1"


def test_a_word_outside_turns_counts_less_for_the_nearest() -> None:
    turns = TurnsByTime(diarisation(("S1", 0, 1_000), ("S2", 3_000, 4_000)).turns)
    near, far = words(("so", 1_200, 1_400), ("yes", 5_100, 5_300))
    assert turns.shares(near) == {"S1": NEAR_SHARE}
    assert turns.shares(far) == {}
    assert likeliest({}) is None


def test_units_end_with_sentences_and_at_pauses_of_half_a_second() -> None:
    said = words(
        ("So", 0, 200),
        ("it", 250, 400),
        ("did.", 400, 700),
        ("Dr", 750, 900),
        ('who?"', 900, 1_200),
        ("well", 1_250, 1_500),
        ("yes", 1_999, 2_200),
        ("no", 2_700, 2_900),
    )
    assert [list(unit) for unit in units(said)] == [[0, 1, 2], [3, 4], [5, 6], [7]]
    assert list(units([])) == []


def test_the_end_of_a_question_does_not_go_to_the_one_who_answers() -> None:
    """The border of the turns is 0.2 s early: by overlap alone `then` is in the answer."""
    said = words(
        ("and", 0, 300),
        ("where", 300, 700),
        ("was", 700, 1_000),
        ("that", 1_000, 1_200),
        ("then?", 1_200, 1_400),
        ("Leeds", 1_450, 2_000),
        ("it", 2_000, 2_200),
        ("was.", 2_200, 2_600),
    )
    found = diarisation(("S1", 0, 1_250), ("S2", 1_250, 2_600))
    assert [speaker for speaker, _ in said_by(said, found)] == ["S1"] * 5 + ["S2"] * 3


def test_a_speaker_changes_within_a_unit_where_enough_speaks_for_it() -> None:
    said = words(*((f"w{n}", 300 * n, 300 * n + 300) for n in range(8)))
    found = diarisation(("S1", 0, 1_200), ("S2", 1_200, 2_400))
    assert said_by(said, found) == [("S1", False)] * 4 + [("S2", False)] * 4


def test_a_voice_that_contradicts_the_turn_makes_words_uncertain() -> None:
    said = words(("we", 0, 300), ("met", 300, 700), ("there", 700, 1_200))
    found = diarisation(("S1", 0, 1_200), ("S2", 9_000, 9_900))
    assert said_by(said, found, [(0.8, -0.3)] * 3) == [("S1", False)] * 3
    assert said_by(said, found, [(0.3, 0.5)] * 3) == [("S1", False)] * 3
    assert said_by(said, found, [(-0.3, 0.8)] * 3) == [("S1", True)] * 3


def test_words_at_once_with_another_are_uncertain_unless_the_voice_tells() -> None:
    said = words(("yes", 1_000, 1_300), ("but", 1_300, 1_800))
    found = diarisation(("S1", 0, 1_900), ("S2", 900, 3_000))
    assert [doubt for _, doubt in said_by(said, found)] == [True, True]
    assert said_by(said, found, [(0.7, -0.2)] * 2) == [("S1", False)] * 2


def test_one_short_clear_word_is_certain() -> None:
    assert said_by(words(("Yeah.", 500, 600)), diarisation(("S2", 0, 900))) == [("S2", False)]


def test_a_word_beyond_all_turns_stays_with_its_unit() -> None:
    said = words(("and", 0, 400), ("so", 400, 900), ("on", 900, 1_300), ("yes", 2_000, 2_300))
    found = diarisation(("S1", 0, 500))
    assert [speaker for speaker, _ in said_by(said, found)] == ["S1", "S1", "S1", None]


def test_a_word_of_a_track_keeps_its_speaker() -> None:
    word = Word("w0", "yes", 0, 300, speaker="S2")
    assert by_units([word], diarisation(("S1", 0, 900)), [None]) == (word,)


class Comparer:
    """Hears S1 before the first second and S2 after it; 0.2 s tell it nothing."""

    name = "fake"

    def __init__(self) -> None:
        self.asked: list[Interval] = []

    def provenance(self) -> dict[str, str]:
        return {}

    def embed(self, audio: Audio, stretches: Sequence[Interval]) -> list[tuple[float, ...] | None]:
        self.asked += stretches
        return [
            None if place.duration_ms < 200 else S1 if place.end_ms <= 1_000 else S2
            for place in stretches
        ]


@pytest.mark.parametrize("prints", [True, False], ids=["voices known", "voices heard in turns"])
def test_words_are_compared_with_the_voices(prints: bool) -> None:
    said = words(("so", 0, 400), ("yes.", 400, 900), ("mm", 2_000, 2_100), ("Leeds", 3_000, 3_900))
    found = diarisation(("S1", 0, 1_000), ("S2", 1_900, 9_000), prints=prints)
    steps: list[tuple[int, int]] = []
    result = likeness(said, found, SILENT, Comparer(), lambda *at: steps.append(at))
    assert result == ((1.0, 0.0), (1.0, 0.0), None, (0.0, 1.0))
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_a_unit_of_one_speaker_is_one_stretch_and_another_one_a_word() -> None:
    comparer = Comparer()
    said = words(*((f"w{n}", 500 * n, 500 * n + 450) for n in range(10)))
    likeness(said, diarisation(("S1", 0, 9_000)), SILENT, comparer, lambda *_: None)
    assert comparer.asked == [Interval(0, LONGEST_MS)]
    comparer.asked.clear()
    likeness(
        said, diarisation(("S1", 0, 2_000), ("S2", 2_000, 9_000)), SILENT, comparer, lambda *_: None
    )
    assert comparer.asked[:2] == [Interval(0, 725), Interval(225, 1_225)]
    assert len(comparer.asked) == 10


def test_nothing_is_compared_where_tracks_told_or_one_voice_speaks() -> None:
    comparer = Comparer()
    tracked = [Word("w0", "yes", 0, 300, speaker="S2")]
    assert likeness(tracked, diarisation(("S1", 0, 900)), SILENT, comparer, lambda *_: None) == (
        None,
    )
    alone = Diarisation((Turn("S1", Interval(0, 900)),), (Voice("S1", S1),))
    assert likeness(words(("yes", 0, 300)), alone, SILENT, comparer, lambda *_: None) == (None,)
    assert comparer.asked == []


def test_places_to_hear_are_runs_of_uncertain_words() -> None:
    said = tuple(
        Word(f"w{n}", "x", 100 * n, 100 * n + 90, "S1", speaker_uncertain=n in (1, 2, 5))
        for n in range(7)
    )
    transcript = Transcript("en", Quality.FULL, 1_000, (), said, (), Coverage(0))
    assert uncertain_speakers(transcript) == (Interval(100, 290), Interval(500, 590))
