"""How much each word sounds like each voice of the recording."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import Diarisation, Turn, Voice, Word
from transcriber.stages.protocols import Progress, VoiceComparer
from transcriber.stages.word_speakers.overlap import TurnsByTime, likeliest
from transcriber.stages.word_speakers.units import units

Likeness = tuple[float, ...] | None
"""Cosine similarity with each voice, in the order of the diarisation's voices; None where a word
was not compared, or is too short to tell."""

WINDOW_MS = 1_000
"""Around a word of a unit in which the speaker may change; a longer window would hold both."""

LONGEST_MS = 3_200
"""Of a unit that one speaker says; two of the encoder's windows of 1.6 s tell as much as ten."""

_TURNS_PER_VOICE = 12
_LONGEST_TURN_MS = 8_000


def likeness(
    words: Sequence[Word],
    diarisation: Diarisation,
    audio: Audio,
    comparer: VoiceComparer,
    progress: Progress,
) -> tuple[Likeness, ...]:
    """Compare each word that has no speaker yet with the voices.

    A unit whose words all lie in one speaker's turns is compared as a whole, another word by word.
    Progress counts units. Raises EngineMissing and EngineFailed as the comparer does.
    """
    if len(diarisation.voices) < 2 or all(word.speaker for word in words):
        return (None,) * len(words)
    prints = _prints(diarisation, audio, comparer)
    turns = TurnsByTime(diarisation.turns)
    cut = list(units(words))
    result: list[Likeness] = []
    for done, unit in enumerate(cut, start=1):
        heard = comparer.embed(audio, _windows([words[number] for number in unit], turns))
        for embedding in heard if len(heard) == len(unit) else [*heard] * len(unit):
            alike = None if embedding is None else (prints @ np.array(embedding)).tolist()
            result.append(None if alike is None else tuple(alike))
        progress(done, len(cut))
    return tuple(result)


def _windows(unit: Sequence[Word], turns: TurnsByTime) -> list[Interval]:
    """Return one stretch for a unit of one speaker, else one around each word."""
    start_ms = min(word.start_ms for word in unit)
    end_ms = max(word.end_ms for word in unit)
    if len({likeliest(turns.shares(word)) for word in unit}) == 1:
        return [Interval(start_ms, min(end_ms, start_ms + LONGEST_MS))]
    middles = [(word.start_ms + word.end_ms) // 2 for word in unit]
    return [
        Interval(max(start_ms, middle - WINDOW_MS // 2), min(end_ms, middle + WINDOW_MS // 2))
        for middle in middles
    ]


def _prints(diarisation: Diarisation, audio: Audio, comparer: VoiceComparer) -> NDArray[np.float64]:
    """Return the voices as an array (voices, numbers); one that no turn tells of is zeros."""
    known = [
        voice.print or _heard(voice, diarisation, audio, comparer) for voice in diarisation.voices
    ]
    size = max(len(voice) for voice in known)
    return np.array([voice or (0.0,) * size for voice in known])


def _heard(
    voice: Voice, diarisation: Diarisation, audio: Audio, comparer: VoiceComparer
) -> tuple[float, ...]:
    """Listen to a voice whose print the diariser does not give, in its longest turns."""

    def length_ms(turn: Turn) -> int:
        return turn.interval.duration_ms

    own = [turn for turn in diarisation.turns if turn.speaker == voice.speaker]
    longest = sorted(own, key=length_ms, reverse=True)[:_TURNS_PER_VOICE]
    places = [
        Interval(
            turn.interval.start_ms, turn.interval.start_ms + min(length_ms(turn), _LONGEST_TURN_MS)
        )
        for turn in longest
    ]
    heard = zip(places, comparer.embed(audio, places), strict=True)
    weighted = [np.array(e) * place.duration_ms for place, e in heard if e is not None]
    if not weighted:
        return ()
    total = np.sum(weighted, axis=0)
    length = float(np.linalg.norm(total))
    return tuple((total / length).tolist()) if length else ()
