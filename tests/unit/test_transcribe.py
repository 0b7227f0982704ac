"""Every region's words are kept in order, and speech without words is reported."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio, IngestedRecording
from transcriber.domain.transcript import Quality, RecognisedWord
from transcriber.stages.transcribe import coverage, transcribe


class FakeRecogniser:
    """Says one word in the middle of each region that `mute` does not hold."""

    name = "fake"
    quality = Quality.FULL

    def __init__(self, mute: Sequence[int] = ()) -> None:
        self._mute = mute

    def provenance(self) -> Mapping[str, str]:
        return {}

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], language: str
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        for number, region in enumerate(regions):
            middle_ms = (region.start_ms + region.end_ms) // 2
            word = RecognisedWord(f"{language}{number}", middle_ms, middle_ms + 100, 0.5)
            yield () if number in self._mute else (word,)


def ingested(*regions: tuple[int, int]) -> IngestedRecording:
    stretches = tuple(Interval(*region) for region in regions)
    return IngestedRecording(Audio(Path("none"), 16_000 * 60), stretches, stretches)


def test_words_are_numbered_for_good_and_progress_reaches_the_end() -> None:
    seen: list[tuple[int, int]] = []
    recording = ingested((0, 2_000), (3_000, 5_000))
    result = transcribe(recording, "en", FakeRecogniser(), lambda *at: seen.append(at))
    assert [(word.id, word.text) for word in result.words] == [
        ("w000001", "en0"),
        ("w000002", "en1"),
    ]
    assert seen == [(2_000, 4_000), (4_000, 4_000)]
    assert result.coverage.untranscribed == ()


def test_a_region_without_words_is_reported_as_untranscribed() -> None:
    recording = ingested((0, 2_000), (10_000, 14_000))
    result = transcribe(recording, "en", FakeRecogniser(mute=[1]), lambda *_: None)
    assert result.coverage.untranscribed == (Interval(10_000, 14_000),)
    assert result.coverage.untranscribed_ms == 4_000
    assert result.coverage.speech_ms == 6_000


def test_a_recogniser_that_skips_a_region_is_an_error_and_not_a_gap() -> None:
    class Lazy(FakeRecogniser):
        def recognise(
            self, audio: Audio, regions: Sequence[Interval], language: str
        ) -> Iterator[tuple[RecognisedWord, ...]]:
            yield from super().recognise(audio, regions[:1], language)

    with pytest.raises(ValueError, match="shorter"):
        transcribe(ingested((0, 2_000), (3_000, 5_000)), "en", Lazy(), lambda *_: None)


def test_a_hole_inside_a_stretch_of_speech_is_reported() -> None:
    words = [RecognisedWord("a", 500, 900), RecognisedWord("b", 9_500, 9_900)]
    assert coverage([Interval(0, 10_000)], words).untranscribed == (Interval(1_900, 8_500),)


def test_a_breath_is_not_reported() -> None:
    words = [RecognisedWord("a", 0, 1_000), RecognisedWord("b", 3_500, 4_000)]
    assert coverage([Interval(0, 4_000)], words).untranscribed == ()
