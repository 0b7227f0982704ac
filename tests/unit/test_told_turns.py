"""Turns that a meeting program wrote down are laid over the recording, or refused."""

from pathlib import Path
from random import Random

import pytest

from transcriber.domain.errors import InputError
from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import Audio, IngestedRecording
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.domain.transcript import Coverage, Quality, Speaker, Transcript, Turn
from transcriber.stages.pcm import SAMPLES_PER_MS
from transcriber.stages.told_turns import labelled, told_diarisation

MINUTE_MS = 60_000


def talk(seed: int, length_ms: int) -> list[Turn]:
    """Turns of 0.5 to 8 s with pauses of 0.2 to 2 s."""
    drawn = Random(seed)
    turns: list[Turn] = []
    at_ms = 0
    while at_ms < length_ms - 12_000:
        start_ms = at_ms + drawn.randrange(200, 2_000)
        at_ms = start_ms + drawn.randrange(500, 8_000)
        turns.append(Turn(drawn.choice(("S1", "S2", "S3")), Interval(start_ms, at_ms)))
    return turns


def recorded(turns: list[Turn], start_ms: int, stop_ms: int) -> IngestedRecording:
    """The recording of these turns, or a stretch of it."""
    heard = joined(
        Interval(max(t.interval.start_ms - start_ms, 0), min(t.interval.end_ms, stop_ms) - start_ms)
        for t in turns
        if t.interval.end_ms > start_ms and t.interval.start_ms < stop_ms
    )
    audio = Audio(Path("never-read.s16"), (stop_ms - start_ms) * SAMPLES_PER_MS)
    return IngestedRecording(audio, tuple(heard), (), ())


def told(turns: list[Turn], clock: float, offset_ms: int) -> ToldSpeakers:
    """The same turns by another clock, their borders up to half a second off."""
    drawn = Random(0)
    found = []
    for turn in turns:
        start_ms = round(turn.interval.start_ms * clock) + offset_ms + drawn.randrange(-200, 500)
        end_ms = round(turn.interval.end_ms * clock) + offset_ms + drawn.randrange(-200, 500)
        if 0 <= start_ms < end_ms:
            found.append(Turn(turn.speaker, Interval(start_ms, end_ms)))
    return ToldSpeakers(tuple(found), ())


@pytest.mark.parametrize("offset_ms", [0, 7_000, 95_000])
@pytest.mark.parametrize("clock", [1.0, 1.0005])
def test_the_other_clock_is_found(offset_ms: int, clock: float) -> None:
    turns = talk(1, 40 * MINUTE_MS)
    result = told_diarisation(
        recorded(turns, 0, 40 * MINUTE_MS), told(turns, clock, offset_ms), trimmed_ms=0
    )
    assert len(result.turns) == len(turns)
    for found, true in zip(result.turns, turns, strict=True):
        assert found.speaker == true.speaker
        assert abs(found.interval.start_ms - true.interval.start_ms) < 800
    assert {voice.speaker for voice in result.voices} == {"S1", "S2", "S3"}


def test_a_stretch_of_a_recording_gets_the_turns_in_it() -> None:
    turns = talk(2, 20 * MINUTE_MS)
    start_ms, stop_ms = 5 * MINUTE_MS, 9 * MINUTE_MS
    result = told_diarisation(
        recorded(turns, start_ms, stop_ms), told(turns, 1.0, 3_000), trimmed_ms=start_ms
    )
    inside = [t for t in turns if t.interval.start_ms > start_ms and t.interval.end_ms < stop_ms]
    assert abs(len(result.turns) - len(inside)) <= 2
    for true in inside:
        place = Interval(true.interval.start_ms - start_ms, true.interval.end_ms - start_ms)
        assert any(
            found.speaker == true.speaker and found.interval.overlap_ms(place) > 0
            for found in result.turns
        )
    assert all(turn.interval.end_ms <= stop_ms - start_ms for turn in result.turns)


@pytest.mark.parametrize("minutes", [2, 10, 30])
def test_the_file_of_another_recording_is_refused(minutes: int) -> None:
    here, elsewhere = talk(3, minutes * MINUTE_MS), talk(4, minutes * MINUTE_MS)
    with pytest.raises(InputError) as caught:
        told_diarisation(
            recorded(here, 0, minutes * MINUTE_MS), told(elsewhere, 1.0, 0), trimmed_ms=0
        )
    assert caught.value.code == "speakers_do_not_fit"


def test_a_file_of_another_time_is_refused() -> None:
    turns = talk(5, 10 * MINUTE_MS)
    with pytest.raises(InputError):
        told_diarisation(
            recorded(turns, 0, 10 * MINUTE_MS), told(turns, 1.0, 60 * MINUTE_MS), trimmed_ms=0
        )


def test_speakers_who_are_known_carry_the_label_of_the_study() -> None:
    speakers = (Speaker("S1", "S1"), Speaker("S2", "S2"))
    transcript = Transcript("en", Quality.FULL, 9, speakers, (), (), Coverage(0))
    named = labelled(transcript, ToldSpeakers((), (Speaker("S2", "P07"),)))
    assert named.speakers == (Speaker("S1", "S1"), Speaker("S2", "P07"))
