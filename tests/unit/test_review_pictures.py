"""Pictures as numbers: shares add up, bars lie within their row, nothing is counted twice."""

from tests.talk import talk
from transcriber.domain.finding import EntityType, Finding, Place
from transcriber.domain.review import FindingState, JudgedFinding
from transcriber.services.review.pictures import BINS, pictures_of

LINES = [("A", "one two three four"), ("B", "five six"), (None, "seven")] * 60


def found_at(ms: int, state: FindingState = FindingState.PROPOSED) -> JudgedFinding:
    place = Place(0, 0, ms, ms + 100)
    finding = Finding(0, 1, EntityType.PERSON, "x", 1.0, "model", place=place)
    return JudgedFinding(finding, state)


def test_shares_are_of_talk_and_add_up() -> None:
    shown = pictures_of(talk(*LINES), ())
    assert [share.label for share in shown.shares] == ["A", "B", "UNK"]
    assert sum(share.share for share in shown.shares) == 1.0
    assert shown.shares[0].share == 4 / 7 or abs(shown.shares[0].share - 4 / 7) < 1e-4
    assert shown.shares[1].x == shown.shares[0].share


def test_bars_lie_in_their_rows_and_hold_all_talk() -> None:
    transcript = talk(*LINES)
    shown = pictures_of(transcript, ())
    assert shown.timeline[-1].end_ms >= transcript.duration_ms
    for row in shown.timeline:
        for lane in row.lanes:
            assert all(bar.x >= 0 and bar.x + bar.width <= 100.2 for bar in lane.bars)
    seconds = sum(lane.talk_s for row in shown.timeline for lane in row.lanes)
    talk_ms = sum(share.talk_ms for share in shown.shares)
    assert abs(seconds - talk_ms / 1000) <= len(shown.timeline) * 3


def test_identifiers_are_counted_where_they_stand_unless_rejected() -> None:
    transcript = talk(*LINES)
    last_ms = transcript.duration_ms - 1
    findings = [found_at(0), found_at(1), found_at(last_ms), found_at(2, FindingState.REJECTED)]
    shown = pictures_of(transcript, findings)
    assert len(shown.clusters) == BINS
    assert (shown.clusters[0].count, shown.clusters[-1].count, shown.most) == (2, 1, 2)
    assert shown.clusters[-1].height == 0.5


def test_a_recording_without_words_has_empty_pictures() -> None:
    shown = pictures_of(talk(), ())
    assert (shown.shares, shown.most) == ((), 0)
    assert all(not row.lanes for row in shown.timeline)
