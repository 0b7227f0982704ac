"""Speech detection with the Silero model that travels inside faster-whisper."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.errors import EngineMissing
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.stages.pcm import SAMPLES_PER_MS, as_float, read_samples


class Session(Protocol):
    """What this module uses of an ONNX inference session."""

    def run(
        self, output_names: None, inputs: dict[str, NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]:
        """Return probabilities, state and cell for `input` (windows), `h` and `c`."""


WINDOW_SAMPLES = 512  # what the model judges at once: 32 ms
_WINDOW_MS = WINDOW_SAMPLES * 1000 // SAMPLE_RATE_HZ
_BLOCK_WINDOWS = 1875  # one minute: memory does not depend on the length of the recording
_CONTEXT_SAMPLES = 64
_STATE_SIZE = 128

# Chosen on three phone calls and six meetings of 30 s with gold turns (collar 0.25 s), where the
# model's own defaults miss quiet answers: speech must be likely once, and lasts until it is
# clearly over. Missed speech costs words; a little silence costs nothing.
_START = 0.3
_STAY = 0.05
_MIN_LIKELY_WINDOWS = 3
_MIN_SILENCE_WINDOWS = 10  # 320 ms
_PAD_MS = 100

# Loud noise now and then reaches _START. A recording counts as holding speech only when some
# stretch of it is sure, which noise of any colour and loudness was not.
_SURE = 0.5
_MIN_SURE_WINDOWS = 3


class SileroDetector:
    """Finds speech with Silero; needs constant memory and well under 1 % of its length."""

    name = "silero-v6"

    def speech(self, audio: Audio) -> tuple[Interval, ...]:
        """Return the stretches with speech, in order, without overlap; empty when there is none.

        Raises EngineMissing when faster-whisper or its runtime is not installed.
        """
        blocks = list(_probabilities(audio, _load_session()))
        if not blocks:
            return ()
        return stretches(np.concatenate(blocks), audio.duration_ms)


def stretches(probabilities: NDArray[np.float32], duration_ms: int) -> tuple[Interval, ...]:
    """Turn the probability of speech in each window of 32 ms into padded stretches.

    Returns nothing when no stretch is sure.
    """
    found = [
        run
        for run in _runs(probabilities)
        if np.count_nonzero(probabilities[slice(*run)] >= _START) >= _MIN_LIKELY_WINDOWS
    ]
    sure = (np.count_nonzero(probabilities[slice(*run)] >= _SURE) for run in found)
    if max(sure, default=0) < _MIN_SURE_WINDOWS:
        return ()
    padded = (
        (max(0, first * _WINDOW_MS - _PAD_MS), min(duration_ms, last * _WINDOW_MS + _PAD_MS))
        for first, last in found
    )
    # Silences are longer than two pads, so neighbours do not meet.
    return tuple(Interval(start, end) for start, end in padded if start < end)


def _runs(probabilities: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """Yield first and past-the-end window of each run that starts likely and stays possible."""
    possible = np.flatnonzero(probabilities >= _STAY)
    if not possible.size:
        return
    breaks = np.flatnonzero(np.diff(possible) > _MIN_SILENCE_WINDOWS) + 1
    for group in np.split(possible, breaks):
        likely = group[probabilities[group] >= _START]
        if likely.size:
            yield int(likely[0]), int(group[-1]) + 1


def _probabilities(audio: Audio, session: Session) -> Iterator[NDArray[np.float32]]:
    """Yield the probabilities of one block after the other.

    The model's state travels from block to block: it remembers for more than half a minute, so
    that blocks judged on their own come out differently.
    """
    state = cell = np.zeros((1, 1, _STATE_SIZE), dtype=np.float32)
    context = np.zeros(_CONTEXT_SAMPLES, dtype=np.float32)
    window_ms = WINDOW_SAMPLES // SAMPLES_PER_MS
    window_count = -(-audio.sample_count // WINDOW_SAMPLES)
    for first in range(0, window_count, _BLOCK_WINDOWS):
        last = min(first + _BLOCK_WINDOWS, window_count)
        sound = as_float(read_samples(audio, Interval(first * window_ms, last * window_ms)))
        sound = np.pad(sound, (0, (last - first) * WINDOW_SAMPLES - sound.size))
        sound = np.concatenate((context, sound))
        context = sound[-_CONTEXT_SAMPLES:]
        # Each window is seen together with the end of the one before it.
        seen = np.lib.stride_tricks.sliding_window_view(sound, _CONTEXT_SAMPLES + WINDOW_SAMPLES)
        inputs = {"input": np.ascontiguousarray(seen[::WINDOW_SAMPLES]), "h": state, "c": cell}
        found, state, cell = session.run(None, inputs)
        yield found.reshape(-1)


def _load_session() -> Session:
    try:
        from faster_whisper.vad import get_vad_model

        session: Session = get_vad_model().session
    except (ImportError, RuntimeError, AttributeError) as reason:
        raise EngineMissing(
            "speech_detector_missing",
            "The speech detector is not installed, so no recording can be read. "
            "Ask IT to install Transcriber again with all that it needs.",
        ) from reason
    return session
