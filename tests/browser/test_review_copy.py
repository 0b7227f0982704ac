"""The review copy in Chromium: what is heard, and where.

The sound is noise that can be made again for any second of it, so that what is heard tells its own
place, to the sample.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.browser.player import Player, playing
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.engines.review_copy import AacEncoder

pytestmark = pytest.mark.slow

SECONDS = 3_900  # an hour and five minutes
TAIL = 4_321  # and a bit that is no whole number of packets
END_S = SECONDS + TAIL / SAMPLE_RATE_HZ
TOLERANCE_S = 0.020
PLAYED = SAMPLE_RATE_HZ * 3 // 10
SEARCHED_S = 4
PLACES_S = [
    *(0.0, 0.5, 1.0),
    *np.random.default_rng(7).uniform(1, SECONDS - 30, 14).round(6).tolist(),
    *(END_S - 20.123, END_S - 5.5, END_S - 1.5),
]
NAME = f"copy{AacEncoder.suffix}"


def second(number: int) -> NDArray[np.int16]:
    """One second of noise between 100 and 4000 Hz, like no other second."""
    spectrum = np.fft.rfft(np.random.default_rng((1, number)).standard_normal(SAMPLE_RATE_HZ))
    spectrum[:100] = 0
    spectrum[4_000:] = 0
    loud: NDArray[np.float64] = np.fft.irfft(spectrum, SAMPLE_RATE_HZ) * 6_000
    return loud.clip(-32_000, 32_000).astype(np.int16)


def place_s(heard: NDArray[np.float64], near_s: float) -> float:
    """Return where in the recording `heard` begins, by its likeness to the noise around there."""
    first = max(0, int(near_s) - SEARCHED_S)
    last = min(SECONDS, int(near_s) + SEARCHED_S)
    around = np.concatenate([second(number) for number in range(first, last + 1)]).astype(float)
    length = len(around) + len(heard)
    likeness = np.fft.irfft(
        np.fft.rfft(around, length) * np.conj(np.fft.rfft(heard, length)), length
    )
    best = int(likeness.argmax())
    stretch = around[best : best + len(heard)]
    # Less than this and the place would be a guess.
    assert likeness[best] > 0.8 * np.linalg.norm(stretch) * np.linalg.norm(heard)
    return first + best / SAMPLE_RATE_HZ


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    samples = folder / "samples.s16"
    with samples.open("wb") as file:
        for number in range(SECONDS):
            file.write(second(number).astype("<i2").tobytes())
        file.write(second(SECONDS)[:TAIL].astype("<i2").tobytes())
    path = folder / NAME
    audio = Audio(samples, SECONDS * SAMPLE_RATE_HZ + TAIL)
    AacEncoder().encode(audio, path, lambda *_: None)
    return path


@pytest.fixture(scope="module")
def player(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    with playing(copy.parent, tmp_path_factory.mktemp("profile")) as player:
        yield player


def test_the_player_knows_the_length(player: Player) -> None:
    assert player.duration_s(NAME) == pytest.approx(END_S, abs=TOLERANCE_S)


@pytest.mark.parametrize("at_s", PLACES_S, ids=lambda at_s: f"{at_s:.3f}")
def test_what_is_asked_for_is_heard(player: Player, at_s: float) -> None:
    heard = player.listen(NAME, at_s, PLAYED)
    assert place_s(heard, at_s) == pytest.approx(at_s, abs=TOLERANCE_S)


def test_the_last_second_is_heard_to_its_end(player: Player) -> None:
    heard = player.listen(NAME, END_S - 1, 3 * SAMPLE_RATE_HZ)

    audible = np.flatnonzero(np.abs(heard) > 1e-4)
    last = heard[: audible[-1] + 1][-PLAYED:]
    begins_s = place_s(last, END_S - 0.3)
    assert begins_s + len(last) / SAMPLE_RATE_HZ == pytest.approx(END_S, abs=TOLERANCE_S)
