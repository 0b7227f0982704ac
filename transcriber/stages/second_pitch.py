"""How strong a second pitch is in the sound of one mixed channel.

Two voices at once have two pitches. The strongest is found as the comb of harmonics that fits best;
its harmonics are taken out, and what fits best then is a second voice, or what echo, noise and a
gliding pitch left behind.
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.recording import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from scipy.sparse import csr_array

FRAME_SAMPLES = 2_048
"""What is analysed at once: 128 ms, in which the harmonics of 75 Hz stand apart."""

VOICED = 0.4
"""From this strength of the first pitch on, somebody's voice sounds."""

_FFT = 4_096
_BINS = 1_024  # up to 4 kHz
_BIN_HZ = SAMPLE_RATE_HZ / _FFT
_WHITENING_BINS = 61
_MAX_CONTRAST = 3.0
_PITCHES_HZ = np.geomspace(75, 380, 120)
_HARMONICS = 8
_TAKEN_HZ = 20.0  # around each harmonic of the first voice
_RELATED = (1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 3)  # of the first pitch: no second voice


@cache
def _combs() -> "csr_array":
    """Weights of the bins for each pitch, shape (pitches, bins).

    They are for what is on its harmonics, and half against what lies between.
    """
    from scipy.sparse import csr_array

    combs = np.zeros((_PITCHES_HZ.size, _BINS), dtype=np.float32)
    for number, pitch_hz in enumerate(_PITCHES_HZ):
        for harmonic in range(1, _HARMONICS + 1):
            for place, weight in ((harmonic, 1.0), (harmonic - 0.5, -0.5)):
                bin_number = round(pitch_hz * place / _BIN_HZ)
                if bin_number < _BINS:
                    combs[number, bin_number] += weight / _HARMONICS
    return csr_array(combs)


_RATIOS = _PITCHES_HZ[None, :] / _PITCHES_HZ[:, None]
_IS_RELATED = np.any([np.abs(_RATIOS / ratio - 1) < 0.05 for ratio in _RELATED], axis=0)
_CYCLES = np.arange(_BINS) * _BIN_HZ / _PITCHES_HZ[:, None]
_LEFT = np.abs(_CYCLES - np.round(_CYCLES)) * _PITCHES_HZ[:, None] >= _TAKEN_HZ
_HANN = np.hanning(FRAME_SAMPLES).astype(np.float32)


def pitch_strengths(
    frames: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the strength of the first and of the second pitch of each frame.

    `frames` has the shape (n, FRAME_SAMPLES), at 16 kHz. Where the first is under `VOICED` the
    second says nothing, and is 0.
    """
    from scipy.ndimage import uniform_filter1d

    spectra = np.abs(np.fft.rfft(frames * _HANN, _FFT, axis=1))[:, :_BINS]
    floor = uniform_filter1d(spectra, _WHITENING_BINS, axis=1) + 1e-9
    contrast = np.clip(spectra / floor - 1, -1, _MAX_CONTRAST).astype(np.float32)
    fits = (_combs() @ contrast.T).T
    first, strongest = fits.argmax(axis=1), fits.max(axis=1)
    voiced = strongest > VOICED
    rest = (_combs() @ (contrast[voiced] * _LEFT[first[voiced]]).T).T
    rest[_IS_RELATED[first[voiced]]] = -1
    second = np.zeros(len(frames), dtype=np.float32)
    second[voiced] = rest.max(axis=1)
    return strongest, second
