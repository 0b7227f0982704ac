"""What any voice comparer promises, kept by Resemblyzer on the shipped sample."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.engines.voices.comparer import ResemblyzerComparer
from transcriber.sample import sample_gold
from transcriber.stages.protocols import VoiceComparer


@pytest.fixture(scope="module")
def comparer() -> VoiceComparer:
    return ResemblyzerComparer()


def _turns() -> list[tuple[str, Interval]]:
    turns = json.loads(sample_gold().read_text())["turns"][:12]
    return [(turn["speaker"], Interval(turn["start_ms"], turn["end_ms"])) for turn in turns]


def test_turns_of_one_person_are_more_alike_than_those_of_two(
    comparer: VoiceComparer, sample_decoded: Audio
) -> None:
    turns = [turn for turn in _turns() if turn[1].duration_ms >= 2_000]
    prints = comparer.embed(sample_decoded, [interval for _, interval in turns])

    alike: dict[bool, list[float]] = {True: [], False: []}
    for number, (speaker, _) in enumerate(turns):
        for other in range(number):
            first, second = prints[number], prints[other]
            assert first is not None
            assert second is not None
            alike[speaker == turns[other][0]].append(float(np.dot(first, second)))
    assert min(alike[True]) > max(alike[False])


def test_every_stretch_is_answered_in_its_place(
    comparer: VoiceComparer, sample_decoded: Audio
) -> None:
    first, second, third = comparer.embed(
        sample_decoded, [Interval(9_000, 9_100), Interval(9_000, 11_000), Interval(5_000, 5_000)]
    )

    assert first is None
    assert second is not None
    assert math.hypot(*second) == pytest.approx(1)
    assert third is None


def test_digital_silence_tells_nothing(comparer: VoiceComparer, tmp_path: Path) -> None:
    np.zeros(32_000, dtype="<i2").tofile(tmp_path / "silence.s16")

    audio = Audio(tmp_path / "silence.s16", 32_000)

    assert comparer.embed(audio, [Interval(0, 2_000)]) == [None]


def test_nothing_asked_nothing_said(comparer: VoiceComparer, sample_decoded: Audio) -> None:
    assert comparer.embed(sample_decoded, []) == []


def test_provenance_names_the_weights(comparer: VoiceComparer) -> None:
    assert len(comparer.provenance()["weights_sha256"]) == 64
