"""What any recogniser owes the stages."""

import pytest

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import Quality
from transcriber.engines.pocketsphinx import PocketSphinxRecogniser
from transcriber.stages.protocols import Hints

pytestmark = pytest.mark.slow

ENGLISH = Hints("en")
REGIONS = (Interval(0, 6_000), Interval(6_000, 11_000), Interval(11_000, 15_000))


def test_a_region_gives_the_same_words_whatever_was_decoded_before_it(
    sample_decoded: Audio,
) -> None:
    together = list(PocketSphinxRecogniser(1).recognise(sample_decoded, REGIONS, ENGLISH))
    spread = list(PocketSphinxRecogniser(2).recognise(sample_decoded, REGIONS, ENGLISH))
    backwards = list(PocketSphinxRecogniser(1).recognise(sample_decoded, REGIONS[::-1], ENGLISH))
    assert any(together)
    assert together == spread == backwards[::-1]


def test_words_are_in_order_and_inside_their_region(sample_decoded: Audio) -> None:
    recognised = PocketSphinxRecogniser().recognise(sample_decoded, REGIONS, ENGLISH)
    for region, words in zip(REGIONS, recognised, strict=True):
        times = [region.start_ms]
        for word in words:
            assert word.start_ms is not None
            assert word.end_ms is not None
            times += [word.start_ms, word.end_ms]
            assert word.text
            assert word.confidence is not None
            assert 0 <= word.confidence <= 1
        assert times == sorted(times)
        assert times[-1] <= region.end_ms


def test_no_regions_give_no_words(sample_decoded: Audio) -> None:
    assert list(PocketSphinxRecogniser().recognise(sample_decoded, (), ENGLISH)) == []


def test_another_language_is_refused(sample_decoded: Audio) -> None:
    with pytest.raises(InputError) as caught:
        list(PocketSphinxRecogniser().recognise(sample_decoded, REGIONS, Hints("de")))
    assert caught.value.code == "language_not_served"


def test_a_region_alone_gives_its_words(sample_decoded: Audio) -> None:
    recogniser = PocketSphinxRecogniser(1)
    (together,) = recogniser.recognise(sample_decoded, REGIONS[:1], ENGLISH)
    assert recogniser.recognise_alone(sample_decoded, REGIONS[0], ENGLISH) == together


def test_it_does_not_guess_the_language(sample_decoded: Audio) -> None:
    with pytest.raises(InputError) as caught:
        PocketSphinxRecogniser().detect_language(sample_decoded, REGIONS)
    assert caught.value.code == "language_not_told"


def test_its_words_are_a_draft_and_say_what_made_them() -> None:
    recogniser = PocketSphinxRecogniser()
    assert recogniser.quality is Quality.DRAFT
    assert len(recogniser.provenance()["model_sha256"]) == 64
