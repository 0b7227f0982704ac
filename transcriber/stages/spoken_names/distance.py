"""How far two pronunciations are apart, where sounds that are confused count as near.

The costs are our own, set by hand after what recognisers do to names: vowels change freely, voice
comes and goes (`b`, `p`), `h` and a weak vowel are lost, `r` behind a vowel is not said in Britain.
"""

from collections.abc import Sequence

import numpy as np

from transcriber.stages.spoken_names.numbered import Costs, Numbers
from transcriber.stages.words import word_set

Sounds = Sequence[str]

_VOWELS = word_set("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW")
_CONSONANTS = word_set("B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH")

_NEAR_VOWELS = (
    *("IY IH EY", "EH AE EY IH", "AA AO AH AE", "AO OW AA UH", "UW UH OW", "AY AA OY"),
    *("AW AA OW AO", "ER AH UH EH AA AO", "AH UH IH EH"),
)
_NEAR_CONSONANTS = (
    *("B P V", "D T TH DH", "G K", "F V TH P HH", "S Z SH TH", "SH CH ZH JH S", "M N NG"),
    *("JH D Y ZH G", "CH T K", "L W R", "Y IY", "W UW V", "K HH", "Z ZH DH", "L N"),
)

_SAME_PAIR = ("B P", "D T", "G K", "F V", "S Z", "SH ZH", "CH JH", "TH DH", "N NG", "TH F", "DH V")

NEAR_VOWEL, OTHER_VOWEL = 0.2, 0.4
VOICE, NEAR_CONSONANT, OTHER_CONSONANT = 0.25, 0.5, 1.0
VOWEL_FOR_CONSONANT = 1.0

_LOSS = {"AH": 0.3, "IH": 0.4, "ER": 0.6, "HH": 0.3, "Y": 0.35, "W": 0.5, "R": 0.6}
LOST_VOWEL, LOST_CONSONANT = 0.5, 0.85
SKELETON = ("B P", "F V", "D T TH DH", "G K", "S Z", "SH ZH CH JH", "M N NG", "L", "R", "W")
"""Consonants by kind; `h`, `y` and vowels are left out."""
_BEFORE_VOWELS = frozenset(("R",))


def loss(sound: str) -> float:
    """Return what it costs to leave a sound out or to add it."""
    return _LOSS.get(sound) or (LOST_VOWEL if sound in _VOWELS else LOST_CONSONANT)


def weight(sounds: Sounds) -> float:
    """Return how much there is to hear: the cost of leaving everything out."""
    return sum(map(loss, sounds))


def encoded(sounds: Sounds) -> Numbers:
    """Return the sounds as numbers."""
    return np.array([_NUMBER[sound] for sound in sounds], dtype=np.int64)


def distance(name: Sounds, heard: Sounds) -> float:
    """Return the least cost of turning a name into what was heard.

    Sounds of the neighbours at both ends of what was heard cost less: the words of a recogniser
    do not end where the name did (`blacks me` for Lakshmi).
    """
    from transcriber.stages.spoken_names.kernels import far_apart

    return float(far_apart(encoded(name), encoded(heard), COSTS))


def skeleton(sounds: Sounds) -> list[int]:
    """Return the consonants by kind, without an `r` that no vowel follows."""
    from transcriber.stages.spoken_names.kernels import write_bones

    bones = np.empty(len(sounds), dtype=np.int64)
    count = write_bones(encoded(sounds), COSTS, bones)
    return [int(kind) for kind in bones[:count]]


def _swap(first: str, second: str) -> float:
    if first == second:
        return 0.0
    vowels = (first in _VOWELS) + (second in _VOWELS)
    if vowels == 1:
        near = any({first, second} <= set(group.split()) for group in _NEAR_CONSONANTS)
        return NEAR_CONSONANT if near else VOWEL_FOR_CONSONANT
    if vowels:
        near = any({first, second} <= set(group.split()) for group in _NEAR_VOWELS)
        return NEAR_VOWEL if near else OTHER_VOWEL
    if any({first, second} == set(pair.split()) for pair in _SAME_PAIR):
        return VOICE
    near = any({first, second} <= set(group.split()) for group in _NEAR_CONSONANTS)
    return NEAR_CONSONANT if near else OTHER_CONSONANT


_SOUNDS = sorted(_VOWELS | _CONSONANTS)
_NUMBER = {sound: number for number, sound in enumerate(_SOUNDS)}
_KIND = {sound: kind for kind, alike in enumerate(SKELETON, start=1) for sound in alike.split()}
COSTS = Costs(
    lost=np.array([loss(sound) for sound in _SOUNDS]),
    swap=np.array([[_swap(first, second) for second in _SOUNDS] for first in _SOUNDS]),
    kind=np.array([_KIND.get(sound, 0) for sound in _SOUNDS]),
    vowel=np.array([sound in _VOWELS for sound in _SOUNDS]),
    before_vowel=np.array([sound in _BEFORE_VOWELS for sound in _SOUNDS]),
)
