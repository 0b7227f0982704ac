"""What any spotter of names owes the stages, shown on the shipped sample."""

import json

import pytest

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.domain.spotted import Spotted
from transcriber.engines.keyphrases import PocketSphinxSpotter
from transcriber.sample import sample_gold, sample_roster
from transcriber.services.roster_file import load_roster
from transcriber.stages.spot import sought_names

REGIONS = (Interval(0, 16_000), Interval(16_000, 28_500), Interval(42_000, 58_000))
DECOYS = ("Peter Ormond", "Katherine Bloom", "Wrexham", "Heathcote House")
CERTAIN = 0.9


@pytest.fixture(scope="module")
def heard(sample_decoded: Audio) -> list[Spotted]:
    names = (*sought_names(load_roster(sample_roster())), *DECOYS)
    return list(PocketSphinxSpotter(2).spot(sample_decoded, REGIONS, names))


@pytest.mark.parametrize(
    ("name", "turn"),
    [("daniel price", 0), ("sarah whitfield", 1), ("robert ellis", 3), ("stonebridge", 3)],
)
def test_a_name_is_heard_when_it_is_said(heard: list[Spotted], name: str, turn: int) -> None:
    said = json.loads(sample_gold().read_text())["turns"][turn]
    hits = [hit for hit in heard if hit.name == name and hit.score >= CERTAIN]
    assert hits
    for hit in hits:
        assert said["start_ms"] <= hit.interval.start_ms < hit.interval.end_ms <= said["end_ms"]


def test_names_that_are_not_said_are_not_heard_for_certain(heard: list[Spotted]) -> None:
    assert {hit.name for hit in heard if hit.score >= CERTAIN}.isdisjoint(DECOYS)


def test_spottings_lie_in_a_region_and_one_name_is_heard_once_at_a_place(
    heard: list[Spotted],
) -> None:
    for hit in heard:
        assert 0 < hit.score <= 1
        assert any(
            region.start_ms <= hit.interval.start_ms and hit.interval.end_ms <= region.end_ms
            for region in REGIONS
        )
        same = [other for other in heard if other.name == hit.name and other is not hit]
        assert not any(hit.interval.overlap_ms(other.interval) for other in same)


def test_a_region_gives_the_same_whatever_was_heard_before_it(
    sample_decoded: Audio, heard: list[Spotted]
) -> None:
    names = (*sought_names(load_roster(sample_roster())), *DECOYS)
    backwards = list(PocketSphinxSpotter(1).spot(sample_decoded, REGIONS[::-1], names))
    assert sorted(backwards, key=lambda hit: (hit.interval, hit.name)) == heard


@pytest.mark.parametrize("names", [(), ("Al",), ("Ольга",), ("1",)])
def test_what_cannot_be_heard_is_passed_over(sample_decoded: Audio, names: tuple[str, ...]) -> None:
    assert list(PocketSphinxSpotter(1).spot(sample_decoded, REGIONS, names)) == []
