"""Words are struck on two proofs only: what people say twice stays, whatever it looks like."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio, Track
from transcriber.domain.transcript import Struck
from transcriber.stages.invented_words.detect import invented, loops
from transcriber.stages.pcm import SAMPLES_PER_MS, read_samples
from transcriber.stages.word_times import TimedWord

WORD = Interval(8_400, 8_900)  # some talk in the sample


def on_track(sound: NDArray[np.int16], speech: tuple[Interval, ...], folder: Path) -> Track:
    path = folder / "sound.s16"
    path.write_bytes(sound.astype("<i2").tobytes())
    return Track(Audio(path, len(sound)), speech, speech)


def words(text: str, each_ms: int, from_ms: int = 0) -> list[TimedWord]:
    return [
        TimedWord(word, Interval(from_ms + n * each_ms, from_ms + (n + 1) * each_ms))
        for n, word in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no no no no i said", []),
        ("no no no no no i said", [(0, 1, 5)]),
        ("well i was i was i was i was there", [(1, 2, 4)]),
        ("a b c a b c a b", []),
        ("x a b c a b c a b c", [(1, 3, 3)]),
    ],
)
def test_loops_are_told_from_emphasis(text: str, found: list[tuple[int, int, int]]) -> None:
    assert list(loops(text.split())) == found


def test_talk_that_was_repeated_stays(sample_decoded: Audio, tmp_path: Path) -> None:
    once = read_samples(sample_decoded, WORD)
    track = on_track(np.tile(once, 6), (Interval(0, 3_000),), tmp_path)
    assert invented(words("no " * 6, 500), track) == {}


def test_a_loop_over_other_talk_is_struck_but_for_its_first_round(
    sample_decoded: Audio, tmp_path: Path
) -> None:
    talk = read_samples(sample_decoded, Interval(8_000, 14_000))
    track = on_track(talk, (Interval(0, 6_000),), tmp_path)
    looped = words("and then we " * 6, 330)
    assert invented(looped, track) == dict.fromkeys(range(3, 18), Struck.LOOP)


def test_a_loop_faster_than_anybody_speaks_is_struck(sample_decoded: Audio, tmp_path: Path) -> None:
    track = on_track(
        read_samples(sample_decoded, Interval(8_000, 11_000)), (Interval(0, 3_000),), tmp_path
    )
    assert len(invented(words("we went there " * 8, 40), track)) == 21


def test_a_loop_where_nobody_speaks_is_struck(sample_decoded: Audio, tmp_path: Path) -> None:
    quiet = np.zeros(SAMPLE_RATE_HZ * 6, np.int16)
    track = on_track(quiet, (Interval(0, 300),), tmp_path)
    assert len(invented(words("we went there " * 4, 500), track)) == 9


@pytest.mark.parametrize(
    ("text", "struck"),
    [("thank you for watching", 4), ("Thank you.", 2), ("yes i do", 0), ("we thank them", 0)],
)
def test_farewells_over_silence_are_struck_and_other_words_are_not(
    text: str, struck: int, sample_decoded: Audio, tmp_path: Path
) -> None:
    talk = read_samples(sample_decoded, Interval(8_000, 11_000))
    silence = np.zeros(5_000 * SAMPLES_PER_MS, np.int16)
    track = on_track(np.concatenate([talk, silence]), (Interval(0, 3_000),), tmp_path)
    found = invented(words(text, 400, from_ms=4_000), track)
    assert found == dict.fromkeys(range(struck), Struck.SILENCE)


def test_thanks_that_were_said_stay(sample_decoded: Audio, tmp_path: Path) -> None:
    talk = read_samples(sample_decoded, Interval(8_000, 11_000))
    track = on_track(talk, (Interval(0, 3_000),), tmp_path)
    assert invented(words("thank you", 400), track) == {}


def test_soft_talk_that_the_detector_missed_stays(sample_decoded: Audio, tmp_path: Path) -> None:
    talk = read_samples(sample_decoded, Interval(8_000, 11_000))
    soft = (talk / 4).astype(np.int16)  # 12 dB softer
    track = on_track(np.concatenate([talk, soft]), (Interval(0, 3_000),), tmp_path)
    assert invented(words("thank you", 600, from_ms=3_500), track) == {}
