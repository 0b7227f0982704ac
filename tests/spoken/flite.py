"""Sentences spoken by flite, with the time of each word: needs Debian's `flite` package.

The command line writes the sound without word times, so its libraries are called. The same
sentence is spoken the same way each time.
"""

import ctypes
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ

SLOWER = 1.1
"""flite talks at about 220 words a minute; people who think while they talk are slower."""

_END = b"R:SylStructure.daughtern.daughtern.R:Segment.end"
_START = b"R:SylStructure.daughter1.daughter1.R:Segment.p.end"


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of flite, played faster (above 1) or slower, which makes another throat of it."""

    name: str
    speed: Fraction = Fraction(1)


VOICES = (
    Voice("slt"),
    Voice("rms"),
    Voice("awb"),
    Voice("kal16"),
    Voice("slt", Fraction(7, 8)),
    Voice("rms", Fraction(8, 7)),
    Voice("awb", Fraction(7, 6)),
    Voice("kal16", Fraction(6, 7)),
)
"""Eight people."""


@dataclass(frozen=True, slots=True)
class SpokenText:
    """What one voice said: samples from -1 to 1 at 16 kHz, and each word with its time in it."""

    samples: NDArray[np.float64]
    words: tuple[tuple[str, Interval], ...]


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class _Voice(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


def speak(text: str, voice: Voice) -> SpokenText:
    """Return `text` as `voice` says it; words are those that flite speaks: `10` is `ten`."""
    flite = _library()
    # Breath is drawn from the C library's generator, which others use as well.
    ctypes.CDLL(None).srand(1)
    utterance = flite.flite_synth_text(text.encode(), _voice(voice.name))
    try:
        wave = flite.utt_wave(utterance).contents
        sound = np.ctypeslib.as_array(wave.samples, (wave.num_samples,)).astype(np.float64) / 2**15
        rate = Fraction(SAMPLE_RATE_HZ, wave.sample_rate) / voice.speed
        words = tuple(_words(utterance, float(voice.speed)))
    finally:
        flite.delete_utterance(utterance)
    return SpokenText(resample_poly(sound, rate.numerator, rate.denominator), words)


def _words(utterance: int, speed: float) -> list[tuple[str, Interval]]:
    flite = _library()
    item = flite.relation_head(flite.utt_relation(utterance, b"Word"))
    words: list[tuple[str, Interval]] = []
    while item:
        start_s, end_s = (flite.ffeature_float(item, path) for path in (_START, _END))
        if end_s > start_s:
            place = Interval(round(start_s * 1000 / speed), round(end_s * 1000 / speed))
            words.append((flite.item_feat_string(item, b"name").decode(), place))
        item = flite.item_next(item)
    return words


@cache
def _library() -> Any:
    flite = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
    for needed in ("usenglish", "cmulex"):
        ctypes.CDLL(f"libflite_{needed}.so.1", mode=ctypes.RTLD_GLOBAL)
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for name, result, arguments in (
        ("flite_synth_text", pointer, (text, pointer)),
        ("utt_wave", ctypes.POINTER(_Wave), (pointer,)),
        ("utt_relation", pointer, (pointer, text)),
        ("relation_head", pointer, (pointer,)),
        ("item_next", pointer, (pointer,)),
        ("item_feat_string", text, (pointer, text)),
        ("ffeature_float", ctypes.c_float, (pointer, text)),
        ("flite_feat_set_float", None, (pointer, text, ctypes.c_float)),
        ("delete_utterance", None, (pointer,)),
    ):
        function = getattr(flite, name)
        function.restype, function.argtypes = result, arguments
    flite.flite_init()
    return flite


@cache
def _voice(name: str) -> int:
    register = getattr(ctypes.CDLL(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
    register.restype, register.argtypes = ctypes.POINTER(_Voice), (ctypes.c_char_p,)
    voice = register(None)
    _library().flite_feat_set_float(voice.contents.features, b"duration_stretch", SLOWER)
    address = ctypes.cast(voice, ctypes.c_void_p).value
    assert address is not None
    return address
