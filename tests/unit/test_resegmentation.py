"""Turns from windows: the grid of windows, and the path through the frames."""

import numpy as np
import pytest

from transcriber.domain.interval import Interval
from transcriber.engines.voices.encoder import mean_voice, unit
from transcriber.engines.voices.resegmentation import FRAME_MS, assign, best_path
from transcriber.engines.voices.windows import COARSE_HOP_MS, FINE_HOP_MS, Windows, grid


def test_a_short_flicker_is_no_turn_and_a_longer_one_is() -> None:
    scores = np.zeros((60, 2))
    scores[:, 0] = 0.5
    scores[20:22, 1] = 0.65
    scores[40:50, 1] = 0.65

    path = best_path(scores)

    assert np.flatnonzero(path == 1).tolist() == list(range(40, 50))


def test_turns_change_where_the_voice_does_and_cover_the_speech() -> None:
    one, two = 0.5 * unit(np.random.default_rng(3).normal(size=(2, 256)))
    starts = np.arange(0, 12_000, FINE_HOP_MS)
    middles = starts[:, None] + np.array([400, 800])
    voices = np.where((middles < 6_000)[..., None], one, two)
    windows = Windows(
        FINE_HOP_MS, starts, mean_voice() + voices.astype(np.float32), starts * 0.0 + 1
    )
    speech = [Interval(130, 3_000), Interval(3_500, 9_777)]

    turns = list(assign(windows, unit(np.stack([one, two])), speech).turns())

    assert [voice for voice, _ in turns] == [0, 0, 1]
    assert turns[0][1] == speech[0]
    assert abs(turns[1][1].end_ms - 6_000) <= 250
    assert turns[1][1].end_ms == turns[2][1].start_ms
    assert turns[2][1].end_ms == 9_777


def test_short_windows_are_compared_with_how_voices_sound_in_short_windows() -> None:
    one, two, shift = 0.5 * unit(np.random.default_rng(5).normal(size=(3, 256)))
    starts = np.arange(0, 12_000, FINE_HOP_MS)
    middles = starts[:, None] + np.array([400, 800])
    heard = np.where((middles < 6_000)[..., None], one, two)
    heard[:, 0] += 0.9 * (two - one) + shift  # By the long centres, all are nearer to two,
    heard[:, 1] = 0.55 * heard[:, 1] + 0.45 * (
        one + two - heard[:, 1]
    )  # and long ones tell little.
    windows = Windows(
        FINE_HOP_MS, starts, mean_voice() + heard.astype(np.float32), starts * 0.0 + 1
    )

    turns = list(assign(windows, unit(np.stack([one, two])), [Interval(0, 12_000)]).turns())

    assert [voice for voice, _ in turns] == [0, 1]
    assert abs(turns[0][1].end_ms - 6_000) <= 250


@pytest.mark.parametrize("hop_ms", [FINE_HOP_MS, COARSE_HOP_MS])
def test_windows_are_where_speech_is(hop_ms: int) -> None:
    starts, share = grid([Interval(10_000, 14_000)], hop_ms, 60_000)

    assert set(np.diff(starts)) == {hop_ms}
    assert starts[0] < 10_000 < 14_000 - FRAME_MS < starts[-1] + 1_600
    assert share.max() == 1
    assert share.min() >= 0.25


def test_one_short_word_has_a_window() -> None:
    starts, share = grid([Interval(10_000, 10_030)], FINE_HOP_MS, 60_000)

    assert len(starts) > 0
    assert (share > 0).all()
