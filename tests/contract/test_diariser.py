"""What any diariser promises, kept by Resemblyzer on the shipped sample and on real calls."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.diarisation import CALLS, recorded, score
from transcriber.domain.errors import EngineFailed
from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import Audio, IngestedRecording, SpeakerCount
from transcriber.domain.transcript import Diarisation, Turn
from transcriber.engines.voices.resemblyzer import ResemblyzerDiariser
from transcriber.sample import sample_gold
from transcriber.stages.diarise import diarise
from transcriber.stages.pcm import SAMPLES_PER_MS, read_samples
from transcriber.stages.protocols import Diariser, Progress

pytestmark = pytest.mark.slow

GoldTurn = tuple[str, Interval]


@pytest.fixture(scope="module")
def diariser() -> Diariser:
    return ResemblyzerDiariser()


@pytest.fixture(scope="module")
def gold() -> list[GoldTurn]:
    # A hundred seconds hold long and short turns of all four; the rest would only take time.
    turns = json.loads(sample_gold().read_text())["turns"][:12]
    return [(t["speaker"], Interval(t["start_ms"], t["end_ms"])) for t in turns]


@pytest.fixture(scope="module")
def found(diariser: Diariser, sample_decoded: Audio, gold: list[GoldTurn]) -> tuple[Turn, ...]:
    return diariser.diarise(sample_decoded, _speech(gold), SpeakerCount(), lambda *_: None).turns


def _speech(gold: Sequence[GoldTurn]) -> list[Interval]:
    """When anybody speaks: a speech detector's stretches do not overlap as turns may."""
    stretches: list[Interval] = []
    for _, interval in gold:
        start_ms, end_ms = interval.start_ms, interval.end_ms
        if stretches and start_ms <= stretches[-1].end_ms:
            last = stretches.pop()
            start_ms, end_ms = last.start_ms, max(last.end_ms, end_ms)
        stretches.append(Interval(start_ms, end_ms))
    return stretches


def _quiet(*_: object) -> None:
    pass


def test_the_sample_has_its_four_voices(found: tuple[Turn, ...], gold: list[GoldTurn]) -> None:
    assert len({turn.speaker for turn in found}) == len({speaker for speaker, _ in gold}) == 4


def test_nearly_all_talk_goes_to_the_right_voice(
    found: tuple[Turn, ...], gold: list[GoldTurn]
) -> None:
    shared: dict[str, Counter[str]] = {}
    for turn in found:
        for speaker, interval in gold:
            shared.setdefault(turn.speaker, Counter())[speaker] += turn.interval.overlap_ms(
                interval
            )
    right_ms = sum(counter.most_common(1)[0][1] for counter in shared.values())

    assert right_ms >= 0.98 * sum(interval.duration_ms for _, interval in gold)


def test_turns_are_in_order_and_cover_the_speech(
    found: tuple[Turn, ...], gold: list[GoldTurn]
) -> None:
    assert [turn.interval for turn in found] == sorted(turn.interval for turn in found)
    assert joined(turn.interval for turn in found) == joined(_speech(gold))


def test_turns_of_one_speaker_are_apart(found: tuple[Turn, ...]) -> None:
    for speaker in {turn.speaker for turn in found}:
        own = [turn.interval for turn in found if turn.speaker == speaker]
        assert all(a.end_ms < b.start_ms for a, b in pairwise(own))


def test_speakers_are_named_by_first_appearance(found: tuple[Turn, ...]) -> None:
    assert list(dict.fromkeys(turn.speaker for turn in found)) == ["S1", "S2", "S3", "S4"]


def test_one_person_alone_is_one_voice(
    diariser: Diariser, sample_decoded: Audio, gold: list[GoldTurn]
) -> None:
    alone = [interval for speaker, interval in gold if speaker == gold[0][0]]

    turns = diariser.diarise(sample_decoded, alone, SpeakerCount(), _quiet).turns

    assert {turn.speaker for turn in turns} == {"S1"}


@pytest.mark.parametrize(("apart_ms", "least_share"), [(-1_200, 0.25), (300, 0.0)])
def test_both_are_marked_where_two_speak_at_once_and_nowhere_else(
    diariser: Diariser, sample_decoded: Audio, tmp_path: Path, apart_ms: int, least_share: float
) -> None:
    audio, turns = _taking_turns(sample_decoded, apart_ms, tmp_path / "turns.s16")
    at_once = _at_once(turns)

    found = diariser.diarise(audio, joined(turns), SpeakerCount(2, 2), _quiet).turns

    marked = _at_once([turn.interval for turn in found])
    right_ms = sum(one.overlap_ms(other) for one in marked for other in at_once)
    assert right_ms >= least_share * sum(stretch.duration_ms for stretch in at_once)
    assert sum(stretch.duration_ms for stretch in marked) == right_ms


def _taking_turns(sample: Audio, apart_ms: int, target: Path) -> tuple[Audio, list[Interval]]:
    """Two voices of the sample by turns of nine seconds, each begun `apart_ms` after the last."""
    cuts = [
        Interval(first_ms, first_ms + 9_000)
        for first_ms in (16_200, 28_800, 19_200, 31_800)  # In the first turns of P01 and P02.
    ]
    turns = [
        Interval(number * (9_000 + apart_ms), number * (9_000 + apart_ms) + 9_000)
        for number in range(len(cuts))
    ]
    mixed = np.zeros(turns[-1].end_ms * SAMPLES_PER_MS, dtype=np.int32)
    for cut, turn in zip(cuts, turns, strict=True):
        place = slice(turn.start_ms * SAMPLES_PER_MS, turn.end_ms * SAMPLES_PER_MS)
        mixed[place] += read_samples(sample, cut) // 2
    mixed.astype("<i2").tofile(target)
    return Audio(target, len(mixed)), turns


def _at_once(stretches: Sequence[Interval]) -> list[Interval]:
    return [
        Interval(second.start_ms, min(first.end_ms, second.end_ms))
        for first, second in pairwise(sorted(stretches))
        if second.start_ms < first.end_ms
    ]


def test_a_given_count_is_kept_and_the_answer_does_not_change(
    diariser: Diariser, sample_decoded: Audio, gold: list[GoldTurn]
) -> None:
    some = _speech(gold)[:2]

    first, second = (
        diariser.diarise(sample_decoded, some, SpeakerCount(2, 2), _quiet) for _ in range(2)
    )

    assert first == second
    assert {turn.speaker for turn in first.turns} == {"S1", "S2"}
    assert [voice.speaker for voice in first.voices] == ["S1", "S2"]
    assert all(math.hypot(*voice.print) == pytest.approx(1) for voice in first.voices)


def test_progress_counts_up_to_an_unchanging_total(
    diariser: Diariser, sample_decoded: Audio
) -> None:
    seen: list[tuple[int, int]] = []
    speech = [Interval(500, 2500), Interval(3000, 5000)]

    diariser.diarise(sample_decoded, speech, SpeakerCount(), lambda *step: seen.append(step))

    done = [step for step, _ in seen]
    assert done == sorted(done)
    assert len(done) > 1
    assert {total for _, total in seen} == {sample_decoded.duration_ms}
    assert done[-1] == sample_decoded.duration_ms


@pytest.mark.parametrize("length_ms", [1, 30, 400])
def test_speech_shorter_than_a_window_is_a_turn(
    diariser: Diariser, sample_decoded: Audio, length_ms: int
) -> None:
    speech = [Interval(1000, 1000 + length_ms)]

    turns = diariser.diarise(sample_decoded, speech, SpeakerCount(2, 2), _quiet).turns

    assert turns == (Turn("S1", speech[0]),)


def test_no_speech_gives_no_turns(diariser: Diariser, sample_decoded: Audio) -> None:
    assert diariser.diarise(sample_decoded, [], SpeakerCount(), _quiet) == Diarisation()


def test_digital_silence_taken_for_speech_does_no_harm(diariser: Diariser, tmp_path: Path) -> None:
    np.zeros(48_000, dtype="<i2").tofile(tmp_path / "silence.s16")
    audio = Audio(tmp_path / "silence.s16", 48_000)

    turns = diariser.diarise(audio, [Interval(0, 3000)], SpeakerCount(), _quiet).turns

    assert turns == (Turn("S1", Interval(0, 3000)),)


def test_provenance_names_the_weights(diariser: Diariser) -> None:
    provenance = diariser.provenance()

    assert provenance["resemblyzer"]
    assert len(provenance["weights_sha256"]) == 64
    assert len(provenance["overlap_weights"].split()) == 6


class _Fixed:
    """Answers with given turns."""

    name = "fixed"

    def __init__(self, *turns: Turn) -> None:
        self.turns = turns

    def provenance(self) -> dict[str, str]:
        return {}

    def diarise(
        self, audio: Audio, speech: Sequence[Interval], count: SpeakerCount, progress: Progress
    ) -> Diarisation:
        return Diarisation(self.turns)


def test_the_stage_passes_on_what_the_engine_found() -> None:
    turns = (Turn("S1", Interval(0, 900)), Turn("S2", Interval(800, 1000)))
    ingested = IngestedRecording(Audio(Path("unread"), 16_000), (), (), ())

    assert diarise(ingested, SpeakerCount(), _Fixed(*turns), _quiet) == Diarisation(turns)


@pytest.mark.parametrize(
    "turns",
    [
        (Turn("S1", Interval(500, 900)), Turn("S2", Interval(0, 400))),
        (Turn("S1", Interval(500, 1001)),),
    ],
)
def test_the_stage_refuses_impossible_turns(turns: tuple[Turn, ...]) -> None:
    ingested = IngestedRecording(Audio(Path("unread"), 16_000), (), (), ())

    with pytest.raises(EngineFailed):
        diarise(ingested, SpeakerCount(), _Fixed(*turns), _quiet)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("count", [SpeakerCount(2, 2), SpeakerCount()])
def test_calls_of_two_people(
    shared_data: Path, tmp_path: Path, name: str, count: SpeakerCount
) -> None:
    found = score(recorded(shared_data / "diarisation", name, tmp_path), count)

    assert found.found_speakers == 2
    assert found.error_rate is not None
    assert found.error_rate <= 0.035


@pytest.mark.parametrize("name", ["EN2001a_0_30", "ES2003a_0_30"])
def test_half_a_minute_of_a_meeting(shared_data: Path, tmp_path: Path, name: str) -> None:
    found = score(recorded(shared_data / "diarisation", name, tmp_path), SpeakerCount())

    assert found.found_speakers == found.gold_speakers
    assert found.error_rate is not None
    assert found.error_rate <= 0.28
