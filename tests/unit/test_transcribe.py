"""Every region's words are kept in order, and speech without words is heard again, then told."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from transcriber.domain.interval import Interval
from transcriber.domain.recording import (
    DETECT_LANGUAGE,
    SAMPLE_RATE_HZ,
    Audio,
    IngestedRecording,
    Track,
)
from transcriber.domain.transcript import Quality, RecognisedWord, Recognition, Struck
from transcriber.stages.protocols import Hints
from transcriber.stages.transcribe import transcribe, uncovered

ENGLISH = Hints("en", ("Aoife", "Priya"))


class FakeRecogniser:
    """Says one word in the middle of each region that `mute` does not hold."""

    name = "fake"
    quality = Quality.FULL

    def __init__(self, mute: Sequence[int] = (), alone: str | None = None) -> None:
        self._mute = mute
        self._alone = alone
        self.heard_alone: list[Interval] = []

    def provenance(self) -> Mapping[str, str]:
        return {}

    def detect_language(self, audio: Audio, regions: Sequence[Interval]) -> str:
        return "cy"

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], hints: Hints
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        for number, region in enumerate(regions):
            middle_ms = (region.start_ms + region.end_ms) // 2
            word = RecognisedWord(f"{hints.language}{number}", middle_ms, middle_ms + 100, 0.5)
            yield () if number in self._mute else (word,)

    def recognise_alone(
        self, audio: Audio, region: Interval, hints: Hints
    ) -> tuple[RecognisedWord, ...]:
        self.heard_alone.append(region)
        if self._alone is None:
            return ()
        middle_ms = (region.start_ms + region.end_ms) // 2
        return (
            RecognisedWord("edge", region.start_ms, region.start_ms + 100),
            RecognisedWord(self._alone, middle_ms - 1_500, middle_ms + 400),
        )


@pytest.fixture
def audio(tmp_path: Path) -> Audio:
    """A minute of noise."""
    path = tmp_path / "samples.s16"
    noise = np.random.default_rng(1).normal(0, 3_000, SAMPLE_RATE_HZ * 60)
    path.write_bytes(noise.astype("<i2").tobytes())
    return Audio(path, SAMPLE_RATE_HZ * 60)


def track(audio: Audio, *regions: tuple[int, int]) -> Track:
    stretches = tuple(Interval(*region) for region in regions)
    return Track(audio, stretches, stretches)


def heard(audio: Audio, *regions: tuple[int, int]) -> IngestedRecording:
    whole = track(audio, *regions)
    return IngestedRecording(audio, whole.speech, (whole,), ())


def go(
    recording: IngestedRecording, recogniser: FakeRecogniser, hints: Hints = ENGLISH
) -> Recognition:
    return transcribe(recording, hints, recogniser, lambda *_: None)


def test_words_are_numbered_for_good_and_progress_reaches_the_end(audio: Audio) -> None:
    seen: list[tuple[int, int]] = []
    recording = heard(audio, (0, 2_000), (3_000, 5_000))
    result = transcribe(recording, ENGLISH, FakeRecogniser(), lambda *at: seen.append(at))
    assert [(word.id, word.text) for word in result.words] == [
        ("w000001", "en0"),
        ("w000002", "en1"),
    ]
    assert seen == [(2_000, 4_000), (4_000, 4_000)]
    assert result.coverage.untranscribed == ()
    assert result.vocabulary_size == 2


def test_what_gives_no_words_is_heard_again_alone_and_then_reported(audio: Audio) -> None:
    recogniser = FakeRecogniser(mute=[1])
    result = go(heard(audio, (0, 2_000), (10_000, 14_000)), recogniser)
    assert recogniser.heard_alone == [Interval(9_800, 14_200)]
    assert result.coverage.untranscribed == (Interval(10_000, 14_000),)
    assert result.coverage.untranscribed_ms == 4_000
    assert result.coverage.speech_ms == 6_000


def test_words_of_the_second_hearing_take_their_place(audio: Audio) -> None:
    recogniser = FakeRecogniser(mute=[0], alone="found")
    result = go(heard(audio, (5_000, 9_000), (10_000, 12_000)), recogniser)
    # The word at the edge lies outside the gap, where the first hearing has its own words.
    assert [word.text for word in result.words] == ["found", "en1"]
    assert result.coverage.untranscribed == ()


def test_a_recogniser_that_skips_a_region_is_an_error_and_not_a_gap(audio: Audio) -> None:
    class Lazy(FakeRecogniser):
        def recognise(
            self, audio: Audio, regions: Sequence[Interval], hints: Hints
        ) -> Iterator[tuple[RecognisedWord, ...]]:
            yield from super().recognise(audio, regions[:1], hints)

    with pytest.raises(ValueError, match="shorter"):
        go(heard(audio, (0, 2_000), (3_000, 5_000)), Lazy())


def test_the_language_is_found_out_when_nobody_says_it(audio: Audio) -> None:
    result = go(heard(audio, (0, 2_000)), FakeRecogniser(), Hints(DETECT_LANGUAGE))
    assert result.language == "cy"
    assert result.words[0].text == "cy0"


def test_words_of_tracks_carry_their_speaker_and_go_by_utterances(audio: Audio) -> None:
    class Talkers(FakeRecogniser):
        def recognise(
            self, audio: Audio, regions: Sequence[Interval], hints: Hints
        ) -> Iterator[tuple[RecognisedWord, ...]]:
            for region in regions:
                yield tuple(
                    RecognisedWord(f"{region.start_ms + at}", region.start_ms + at, region.end_ms)
                    for at in (0, 500)
                )

    first, second = track(audio, (1_000, 3_000)), track(audio, (0, 900), (1_200, 3_500))
    recording = IngestedRecording(audio, (Interval(0, 3_500),), (first, second), (), apart=True)
    result = go(recording, Talkers())
    assert [(word.text, word.speaker) for word in result.words] == [
        ("0", "S1"),
        ("500", "S1"),
        ("1200", "S1"),
        ("1700", "S1"),
        ("1000", "S2"),
        ("1500", "S2"),
    ]


def test_a_loop_that_nobody_said_is_struck_and_what_it_hid_is_reported(audio: Audio) -> None:
    class Circling(FakeRecogniser):
        def recognise(
            self, audio: Audio, regions: Sequence[Interval], hints: Hints
        ) -> Iterator[tuple[RecognisedWord, ...]]:
            for _ in regions:
                words = ("so", "anyway") + ("and", "then", "we") * 40
                yield tuple(
                    RecognisedWord(text, 50 * n, 50 * n + 40) for n, text in enumerate(words)
                )

    result = go(heard(audio, (0, 12_000)), Circling())
    kept = [word.text for word in result.words if word.struck is None]
    assert kept == ["so", "anyway", "and", "then", "we"]
    assert {word.struck for word in result.words} == {None, Struck.LOOP}
    assert result.coverage.untranscribed == (Interval(1_240, 12_000),)


def test_a_hole_inside_a_stretch_of_speech_is_reported() -> None:
    words = [Interval(500, 900), Interval(9_500, 9_900)]
    assert uncovered([Interval(0, 10_000)], words) == [Interval(1_900, 8_500)]


def test_a_breath_is_not_reported() -> None:
    assert uncovered([Interval(0, 4_000)], [Interval(0, 1_000), Interval(3_500, 4_000)]) == []


def test_one_word_may_cover_parts_of_two_stretches() -> None:
    speech = [Interval(0, 2_000), Interval(2_500, 4_000), Interval(9_000, 12_000)]
    assert uncovered(speech, [Interval(1_800, 2_600)]) == [Interval(9_000, 12_000)]
