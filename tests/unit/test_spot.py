"""Where spotted names become findings, and where they do not."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from transcriber.domain.finding import EntityType
from transcriber.domain.interval import Interval
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.spotted import Spotted
from transcriber.domain.transcript import Coverage, Quality, Segment, Transcript, Word
from transcriber.stages.spot import sought_names, spotted_findings

WORD_MS = 300
ROSTER = Roster(
    participants=(Participant("Priya Patel", aliases=("Pri",)), Participant("Tom May")),
    people=("Dr Siobhán Kelly", "Anna Patel"),
    places=("Poulton",),
    organisations=("The Willow Trust",),
    keep=("Preston",),
)


def transcript(
    *lines: str, quality: Quality = Quality.DRAFT, confidence: float = 0.9
) -> Transcript:
    """Words of 300 ms without a pause; each line is a segment."""
    words: list[Word] = []
    segments: list[Segment] = []
    for line in lines:
        first = len(words)
        for text in line.split():
            at = len(words) * WORD_MS
            words.append(Word(f"w{at}", text, at, at + WORD_MS, None, confidence))
        segments.append(Segment(None, first, len(words) - 1))
    end_ms = len(words) * WORD_MS
    return Transcript("en", quality, end_ms, (), tuple(words), tuple(segments), Coverage(end_ms))


def over(name: str, first: int, last: int, score: float = 0.95) -> Spotted:
    return Spotted(name, Interval(first * WORD_MS + 40, (last + 1) * WORD_MS - 40), score)


def test_a_misheard_name_is_found_over_all_its_words() -> None:
    said = transcript("my name is free a part hell and i live here")
    (finding,) = spotted_findings([over("priya patel", 3, 6)], said, ROSTER).findings
    assert finding.text == "free a part hell"
    assert said.text[finding.start : finding.end] == finding.text
    assert (finding.entity_type, finding.entity) == (EntityType.PERSON, "priya patel")
    assert finding.source == "roster-sound"
    assert finding.place is not None
    assert (finding.place.first_word, finding.place.last_word) == (3, 6)
    assert (finding.place.start_ms, finding.place.end_ms) == (900, 2100)


def test_words_that_sound_like_the_name_make_it_surer() -> None:
    alike, unlike = transcript("from pole ton again"), transcript("from the end again")
    (sure,) = spotted_findings([over("poulton", 1, 2, 0.6)], alike, ROSTER).findings
    assert sure.entity_type is EntityType.LOCATION
    assert sure.score > 0.6
    assert spotted_findings([over("poulton", 1, 2, 0.6)], unlike, ROSTER).findings == ()


def test_one_ordinary_word_in_the_place_of_a_name_is_that_word() -> None:
    said = transcript("he was poorly again")
    assert spotted_findings([over("poulton", 2, 2, 0.9)], said, ROSTER).findings == ()
    rare = transcript("he was pollton again")
    (finding,) = spotted_findings([over("poulton", 2, 2, 0.9)], rare, ROSTER).findings
    assert finding.text == "pollton"


def test_a_word_in_the_time_of_a_name_is_part_of_it() -> None:
    said = transcript("then college pat elle came here")
    (finding,) = spotted_findings([over("priya patel", 1, 3)], said, ROSTER).findings
    assert finding.text == "college pat elle"


def test_a_finding_stays_in_one_segment() -> None:
    said = transcript("it was free a", "part hell said so")
    (finding,) = spotted_findings([over("priya patel", 2, 5)], said, ROSTER).findings
    assert "\n" not in finding.text


def test_nothing_recognised_there_is_told_once() -> None:
    said = transcript("yes")
    later = Interval(5_000, 5_600)
    heard = [Spotted("priya patel", later, 0.99), Spotted("priya", Interval(5_000, 5_300), 0.9)]
    placed = spotted_findings(heard, said, ROSTER)
    assert placed.findings == ()
    assert placed.unplaced == (later,)


def test_another_name_that_is_written_there_is_believed() -> None:
    said = transcript("then poulton again")
    assert spotted_findings([over("patel", 1, 1, 0.9999)], said, ROSTER).findings == ()


def test_what_is_to_be_kept_is_kept() -> None:
    said = transcript("then preston again")
    assert spotted_findings([over("priya", 1, 1, 0.9999)], said, ROSTER).findings == ()


def test_sure_and_ordinary_words_of_a_speech_model_speak_against_a_name() -> None:
    draft = transcript("and free up again")
    (doubtful,) = spotted_findings([over("priya", 1, 2, 0.9)], draft, ROSTER).findings
    full = replace(draft, quality=Quality.FULL)
    sure = spotted_findings([over("priya", 1, 2, 0.9)], full, ROSTER).findings
    assert all(finding.score < doubtful.score for finding in sure)
    assert len(sure) <= 1


def test_the_best_of_two_names_at_one_place_counts() -> None:
    said = transcript("my name is free a part hell again")
    heard = [over("anna patel", 3, 6, 0.8), over("priya patel", 3, 6, 0.99), over("patel", 5, 6)]
    (finding,) = spotted_findings(heard, said, ROSTER).findings
    assert finding.entity == "priya patel"


@pytest.mark.parametrize("name", ["not on the roster", "may"])
def test_a_name_that_is_not_sought_is_dropped(name: str) -> None:
    assert spotted_findings([over(name, 0, 0)], transcript("may i"), ROSTER).findings == ()


def test_names_are_sought_whole_and_in_parts_but_not_common_words() -> None:
    names = set(sought_names(ROSTER))
    assert {"priya patel", "priya", "patel", "pri", "siobhan", "kelly", "poulton"} <= names
    assert {"willow trust", "tom may", "tom"} <= names
    assert names.isdisjoint({"may", "dr", "preston"})


def test_a_part_that_two_people_share_points_at_neither() -> None:
    said = transcript("it was patel again")
    (finding,) = spotted_findings([over("patel", 2, 2)], said, ROSTER).findings
    assert finding.entity == "patel"


def test_the_names_come_in_the_same_order_in_every_process() -> None:
    """A finished search is recorded under its names: another order would search again."""
    listed = (
        "from transcriber.sample import sample_roster; "
        "from transcriber.services.roster_file import load_roster; "
        "from transcriber.stages.spot import sought_names; "
        "print(sought_names(load_roster(sample_roster())))"
    )
    orders = {
        subprocess.run(
            [sys.executable, "-c", listed],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(orders) == 1
