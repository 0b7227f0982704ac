"""Finding voices among made-up embeddings whose voices are known."""

import numpy as np
import pytest

from transcriber.domain.recording import SpeakerCount
from transcriber.engines.voices.clustering import MAX_SAMPLE, voices
from transcriber.engines.voices.encoder import Floats, Numbers, unit

HOP_MS = 200
TURN = 12
NOISE = (0.15 / 256) ** 0.5


def _embeddings(sizes: list[int], seed: int = 1) -> tuple[Floats, Numbers]:
    """Centred embeddings around one random direction for each size, in turns, and their truth."""
    chance = np.random.default_rng(seed)
    places = 0.55 * unit(chance.normal(size=(len(sizes), 256)))
    turns = [
        np.full(min(TURN, size - at), k)
        for k, size in enumerate(sizes)
        for at in range(0, size, TURN)
    ]
    truth = np.concatenate([turns[i] for i in chance.permutation(len(turns))])
    noise = chance.normal(scale=NOISE, size=(len(truth), 256))
    return (places[truth] + noise).astype(np.float32), truth


def _agreement(embeddings: Floats, centres: Floats, truth: Numbers) -> float:
    """Share of embeddings that are nearest to a voice dominated by their own."""
    found = (embeddings @ centres.T).argmax(axis=1)
    return sum(int(np.bincount(truth[found == g]).max()) for g in np.unique(found)) / len(truth)


@pytest.mark.parametrize("speakers", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_number_of_voices_is_found(speakers: int, seed: int) -> None:
    embeddings, truth = _embeddings([96] * speakers, seed)

    centres = voices(embeddings, HOP_MS, SpeakerCount())

    assert len(centres) == speakers
    assert _agreement(embeddings, centres, truth) >= 0.99


def test_thirty_seconds_are_enough_for_two() -> None:
    embeddings, truth = _embeddings([100, 40])

    centres = voices(embeddings, HOP_MS, SpeakerCount())

    assert len(centres) == 2
    assert _agreement(embeddings, centres, truth) >= 0.99


def test_somebody_who_says_little_is_found() -> None:
    embeddings, truth = _embeddings([600, 400, 36])

    centres = voices(embeddings, HOP_MS, SpeakerCount())

    assert len(centres) == 3
    assert _agreement(embeddings, centres, truth) >= 0.99


def test_a_few_odd_sounds_are_not_a_voice() -> None:
    embeddings, _ = _embeddings([400, 300, 3])

    assert len(voices(embeddings, HOP_MS, SpeakerCount())) == 2


@pytest.mark.parametrize(
    ("order", "expected"),
    [("abc", 3), ("amb", 2), ("amcb", 4)],
    ids=["a voice", "both neighbours at once", "like two, but between others"],
)
def test_what_sounds_like_its_neighbours_at_once_is_no_voice(order: str, expected: int) -> None:
    chance = np.random.default_rng(4)
    one, two, three = 0.55 * unit(chance.normal(size=(3, 256)))
    places = {"a": one, "b": two, "c": three, "m": (one + two) / 1.4}
    said = [(places[name], 12) for name in order * 6]
    clean = np.concatenate([np.tile(voice, (windows, 1)) for voice, windows in said])
    embeddings = (clean + chance.normal(scale=NOISE, size=clean.shape)).astype(np.float32)

    centres = voices(embeddings, HOP_MS, SpeakerCount())

    assert len(centres) == expected
    assert ((unit(np.stack([one, two])) @ centres.T).max(axis=1) > 0.95).all()


@pytest.mark.parametrize("given", [1, 2, 3])
def test_a_given_count_is_kept(given: int) -> None:
    embeddings, _ = _embeddings([100, 100, 100])

    assert len(voices(embeddings, HOP_MS, SpeakerCount(given, given))) == given


def test_more_voices_than_there_are_cannot_be_had() -> None:
    embeddings, _ = _embeddings([60])

    assert 1 <= len(voices(embeddings, HOP_MS, SpeakerCount(40, 40))) <= 40


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (SpeakerCount(2, 5), 3),
        (SpeakerCount(1, 2), 2),
        (SpeakerCount(3, 6), 3),
        (SpeakerCount(4), 3),
    ],
)
def test_bounds_are_kept_as_far_as_voices_can_be_told_apart(
    bounds: SpeakerCount, expected: int
) -> None:
    embeddings, _ = _embeddings([100, 100, 100])

    assert len(voices(embeddings, HOP_MS, bounds)) == expected


def test_a_long_recording_is_heard_by_a_sample_of_it() -> None:
    embeddings, truth = _embeddings([3 * MAX_SAMPLE, 2 * MAX_SAMPLE, MAX_SAMPLE // 4])

    centres = voices(embeddings, HOP_MS, SpeakerCount())

    assert len(centres) == 3
    assert _agreement(embeddings, centres, truth) >= 0.99


def test_the_same_input_gives_the_same_bits() -> None:
    embeddings, _ = _embeddings([90, 80, 70])

    first, second = (voices(embeddings, HOP_MS, SpeakerCount()) for _ in range(2))

    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("length", [1, 2])
def test_fewer_embeddings_than_voices_give_at_most_what_there_is(length: int) -> None:
    embeddings, _ = _embeddings([length])

    assert 1 <= len(voices(embeddings, HOP_MS, SpeakerCount(4, 4))) <= length


def test_silence_cannot_be_grouped() -> None:
    with pytest.raises(ValueError, match="no embedding"):
        voices(np.zeros((0, 256), dtype=np.float32), HOP_MS, SpeakerCount())
