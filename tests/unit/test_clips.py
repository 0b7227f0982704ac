"""Clips for putting names to voices: one voice alone, clear, spread over the recording."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeVoiceComparer
from tests.talk import talk
from transcriber.domain.clip import Clip
from transcriber.domain.edit import Edit, SpeakersMerged, WordsReassigned, version
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.domain.transcript import Turn
from transcriber.stages.interview.clips import (
    CLIPS,
    GOOD_MS,
    LONGEST_MS,
    PARTS,
    SHORTEST_MS,
    chosen_clips,
    find_clips,
)
from transcriber.stages.interview.solo import MARGIN_MS, solo_stretches

# A busy machine is slow at times; that is no failure.
MINUTE_MS = 60_000
spans = st.tuples(st.integers(0, 300), st.integers(1, 60)).map(
    lambda drawn: Interval(drawn[0] * 100, (drawn[0] + drawn[1]) * 100)
)


def sound(path: Path, *levels: tuple[Interval, float]) -> Audio:
    """A minute of noise that is loud where it is said to be."""
    samples = np.random.default_rng(1).normal(0, 20, MINUTE_MS * SAMPLE_RATE_HZ // 1000)
    for stretch, level in levels:
        first, last = stretch.start_ms * 16, stretch.end_ms * 16
        samples[first:last] = np.random.default_rng(2).normal(0, level, last - first)
    np.clip(samples, -32_768, 32_767).astype("<i2").tofile(path)
    return Audio(path, len(samples))


def clips_of(audio: Audio, *turns: Turn) -> tuple[Clip, ...]:
    return find_clips(audio, turns, FakeVoiceComparer(), lambda *_: None)


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8))
def test_a_voice_alone_keeps_away_from_every_other(
    own: Sequence[Interval], others: Sequence[Interval]
) -> None:
    turns = [*(Turn("S1", s) for s in own), *(Turn("S2", s) for s in others)]
    alone = solo_stretches(turns).get("S1", [])
    covered = {ms for s in own for ms in range(s.start_ms, s.end_ms, 50)}
    near = {ms for s in others for ms in range(s.start_ms - MARGIN_MS, s.end_ms + MARGIN_MS, 50)}
    assert {ms for s in alone for ms in range(s.start_ms, s.end_ms, 50)} == covered - near


def test_clips_are_long_enough_alone_and_spread(tmp_path: Path) -> None:
    speech = [Interval(start, start + 9_000) for start in range(0, MINUTE_MS, 10_000)]
    audio = sound(tmp_path / "a.s16", *((s, 3_000) for s in speech))
    other = Turn("S2", Interval(12_000, 13_000))
    clips = [
        c for c in clips_of(audio, *(Turn("S1", s) for s in speech), other) if c.speaker == "S1"
    ]
    assert len(clips) == PARTS
    for clip in clips:
        assert GOOD_MS <= clip.interval.duration_ms <= LONGEST_MS
        assert not clip.interval.overlap_ms(Interval(12_000 - MARGIN_MS, 13_000 + MARGIN_MS))
    assert len({clip.interval.start_ms // 10_000 for clip in clips}) == PARTS


@pytest.mark.parametrize("bad", [60.0, 40_000.0], ids=["too quiet", "distorted"])
def test_the_clear_one_of_two_is_taken(tmp_path: Path, bad: float) -> None:
    good, poor = Interval(0, 4_500), Interval(5_000, 9_500)
    rest = [Interval(start, start + 4_500) for start in range(10_000, 55_000, 5_000)]
    audio = sound(tmp_path / "a.s16", (good, 3_000), (poor, bad), *((s, 3_000) for s in rest))
    clips = clips_of(audio, *(Turn("S1", s) for s in (good, poor, *rest)))
    assert clips[0].interval == good


def test_a_voice_that_says_little_gets_short_clips_and_silence_none(tmp_path: Path) -> None:
    short = Interval(5_000, 5_000 + SHORTEST_MS + 200)
    audio = sound(tmp_path / "a.s16", (short, 3_000))
    blink = Turn("S2", Interval(30_000, 30_500))
    assert [(c.speaker, c.interval) for c in clips_of(audio, Turn("S1", short), blink)] == [
        ("S1", short)
    ]
    assert clips_of(audio) == ()


SAID = talk(("S1", "one two three four"), ("S2", "five six seven eight"))
FIRST = Clip("S1", Interval(800, 2_000), 0.9)
SECOND = Clip("S2", Interval(2_800, 4_000), 0.8)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([], {"S1": (FIRST,), "S2": (SECOND,)}),
        ([SpeakersMerged("S2", "S1")], {"S1": (FIRST, SECOND)}),
        ([WordsReassigned("w4", "w7", "S3")], {"S1": (FIRST,), "S2": (), "S3": (SECOND,)}),
        ([WordsReassigned("w5", "w5", "UNK")], {"S1": (FIRST,), "S2": ()}),
    ],
    ids=["as heard", "merged", "given away", "torn"],
)
def test_clips_follow_the_words(edits: list[Edit], expected: dict[str, tuple[Clip, ...]]) -> None:
    assert chosen_clips((FIRST, SECOND), SAID, version(SAID, edits)) == expected


def test_the_three_clearest_are_shown_in_order_of_time() -> None:
    clips = [
        Clip("S1", Interval(800 + n, 2_000), clear) for n, clear in enumerate((0.2, 0.9, 0.7, 0.8))
    ]
    shown = chosen_clips(clips, SAID, SAID)["S1"]
    assert shown == tuple(clips[1:])
    assert len(shown) == CLIPS
