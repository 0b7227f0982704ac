"""Grouping made-up embeddings whose number of voices is known."""

import numpy as np
import pytest

from transcriber.domain.recording import SpeakerCount
from transcriber.engines.clustering import MAX_SAMPLE, Labels, Vectors, nearest, normalise, voices

SMALLEST = 30


def _embeddings(sizes: list[int], seed: int = 1) -> tuple[Vectors, Labels]:
    """Unit vectors around one random direction for each size, in random order, and their truth."""
    chance = np.random.default_rng(seed)
    # Positive like Resemblyzer's: two directions are about 0.64 alike, and a vector 0.9 its own.
    directions = normalise(np.abs(chance.normal(size=(len(sizes), 256))))
    truth = chance.permutation(np.repeat(np.arange(len(sizes)), sizes))
    noise = chance.normal(scale=0.03, size=(len(truth), 256))
    return normalise(directions[truth] + noise), truth


def _agreement(found: Labels, truth: Labels) -> float:
    """Share of embeddings that lie in a group dominated by their own voice."""
    return sum(int(np.bincount(truth[found == g]).max()) for g in np.unique(found)) / len(truth)


@pytest.mark.parametrize("speakers", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_number_of_voices_is_found(speakers: int, seed: int) -> None:
    embeddings, truth = _embeddings([120] * speakers, seed)

    centres = voices(embeddings, SpeakerCount(), SMALLEST)

    assert len(centres) == speakers
    assert _agreement(nearest(embeddings, centres), truth) == 1


def test_somebody_who_says_little_is_found() -> None:
    embeddings, truth = _embeddings([600, 400, 45])

    centres = voices(embeddings, SpeakerCount(), SMALLEST)

    assert len(centres) == 3
    assert _agreement(nearest(embeddings, centres), truth) == 1


def test_a_few_odd_sounds_are_not_a_voice() -> None:
    embeddings, _ = _embeddings([400, 300, 12])

    assert len(voices(embeddings, SpeakerCount(), SMALLEST)) == 2


@pytest.mark.parametrize("given", [1, 2, 3, 4, 6])
def test_a_given_count_is_kept(given: int) -> None:
    embeddings, _ = _embeddings([100, 100, 100])

    assert len(voices(embeddings, SpeakerCount(given, given), SMALLEST)) == given


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (SpeakerCount(2, 5), 3),
        (SpeakerCount(1, 2), 2),
        (SpeakerCount(4, 6), 4),
        (SpeakerCount(4), 4),
    ],
)
def test_bounds_are_kept(bounds: SpeakerCount, expected: int) -> None:
    embeddings, _ = _embeddings([100, 100, 100])

    assert len(voices(embeddings, bounds, SMALLEST)) == expected


def test_a_long_recording_is_grouped_by_a_sample() -> None:
    embeddings, truth = _embeddings([3 * MAX_SAMPLE, 2 * MAX_SAMPLE])

    centres = voices(embeddings, SpeakerCount(), SMALLEST)

    assert _agreement(nearest(embeddings, centres), truth) == 1
    assert len(centres) == 2


def test_the_same_input_gives_the_same_bits() -> None:
    embeddings, _ = _embeddings([90, 80, 70])

    first, second = (voices(embeddings, SpeakerCount(), SMALLEST) for _ in range(2))

    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("length", [1, 2])
def test_fewer_embeddings_than_voices_give_what_there_is(length: int) -> None:
    embeddings, _ = _embeddings([length])

    assert len(voices(embeddings, SpeakerCount(4, 4), SMALLEST)) == length


def test_silence_cannot_be_grouped() -> None:
    with pytest.raises(ValueError, match="no embedding"):
        voices(np.zeros((0, 256), dtype=np.float32), SpeakerCount(), SMALLEST)
