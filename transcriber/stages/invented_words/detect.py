"""Words that a recogniser invented: loops, and talk where nobody talks.

Whisper goes round in circles on hard sound and writes the farewells of video makers into silence
(Koenecke et al. 2024, "Careless Whisper", doi 10.1145/3630106.3658996). Words are struck only on
two proofs, one in the text and one in the sound: people do repeat themselves, and soft talk looks
like silence. Struck words stay in the private transcript and can be restored.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from transcriber.domain.interval import Interval
from transcriber.domain.recording import Track
from transcriber.domain.transcript import Struck
from transcriber.stages.invented_words.phantoms import PHANTOM_PHRASES
from transcriber.stages.invented_words.recurrence import recurrence
from transcriber.stages.pcm import as_float, read_samples
from transcriber.stages.word_times import TimedWord
from transcriber.stages.words import plain_words

LONGEST_ROUND = 12
"""Words in one round of a loop; longer rounds were not seen in the threads that report loops."""

_FEWEST_ROUNDS = {1: 5, 2: 4}  # "no no no no" is talk
_FEWEST_LONG_ROUNDS = 3

_MOST_WORDS_A_SECOND = 7.0
"""Fast conversation has 5 words a second; more than 7 over a whole loop nobody can say."""

_LEAST_SPEECH_SHARE = 0.5  # of the time that a loop takes up, had it been said

_LEAST_RECURRENCE = {3: -0.15, 4: -0.09, 5: -0.03}
_LEAST_RECURRENCE_OF_MANY = 0.01
"""By rounds: 99 % of what people in meetings really said again recurs more than this in the sound
(tests/benchmarks/recurrence.py). So real repeats are safe, and of loops over other talk that keep a
speaker's pace this finds between a seventh and a half."""

_MOST_SPEECH_IN_SILENCE = 0.1
_SOFTER_THAN_TALK_DB = 20.0  # what a speech detector overlooked is not that soft


def invented(words: Sequence[TimedWord], track: Track) -> dict[int, Struck]:
    """Return the numbers of one region's words that nobody said, and what betrays them."""
    said = [" ".join(plain_words(word.text)) for word in words]
    struck: dict[int, Struck] = {}
    for first, size, rounds in loops(said):
        spans = [_span(words, first + size * n, size) for n in range(rounds)]
        if not _was_said(spans, size, track):
            # The first round may be what was said before the model began to circle.
            again = range(first + size, first + size * rounds)
            struck.update(dict.fromkeys(again, Struck.LOOP))
    for first, size in phantoms(said):
        if _is_silent(_span(words, first, size), track):
            struck.update(dict.fromkeys(range(first, first + size), Struck.SILENCE))
    return struck


def loops(said: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield first word, words in a round and number of rounds of each run of repeats."""
    first = 0
    while first < len(said):
        for size in range(1, LONGEST_ROUND + 1):
            rounds = _rounds(said, first, size)
            if rounds >= _FEWEST_ROUNDS.get(size, _FEWEST_LONG_ROUNDS):
                yield first, size, rounds
                first += size * rounds
                break
        else:
            first += 1


def _rounds(said: Sequence[str], first: int, size: int) -> int:
    wanted = said[first : first + size]
    rounds = 1
    while said[first + rounds * size : first + (rounds + 1) * size] == wanted:
        rounds += 1
    return rounds


def phantoms(said: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield first word and number of words of each phrase that models write into silence."""
    for phrase in PHANTOM_PHRASES:
        for first in range(len(said) - len(phrase) + 1):
            if tuple(said[first : first + len(phrase)]) == phrase:
                yield first, len(phrase)


def _span(words: Sequence[TimedWord], first: int, size: int) -> Interval:
    return Interval(words[first].interval.start_ms, words[first + size - 1].interval.end_ms)


def _was_said(spans: Sequence[Interval], size: int, track: Track) -> bool:
    """Tell whether the sound bears out that the same words were said in each of `spans`."""
    whole = Interval(spans[0].start_ms, spans[-1].end_ms)
    if size * len(spans) * 1000 > _MOST_WORDS_A_SECOND * whole.duration_ms:
        return False
    if _speech_share(whole, track) < _LEAST_SPEECH_SHARE:
        return False
    least = _LEAST_RECURRENCE.get(len(spans), _LEAST_RECURRENCE_OF_MANY)
    return recurrence(track.audio, spans) >= least


def _is_silent(span: Interval, track: Track) -> bool:
    if _speech_share(span, track) > _MOST_SPEECH_IN_SILENCE:
        return False
    talk_db = max((_level_db(track, stretch) for stretch in track.speech[:20]), default=0.0)
    return _level_db(track, span) < talk_db - _SOFTER_THAN_TALK_DB


def _speech_share(span: Interval, track: Track) -> float:
    spoken_ms = sum(stretch.overlap_ms(span) for stretch in track.speech)
    return spoken_ms / max(span.duration_ms, 1)


def _level_db(track: Track, span: Interval) -> float:
    sound = as_float(read_samples(track.audio, span))
    return 10 * float(np.log10(max(float(np.mean(sound**2)) if sound.size else 0.0, 1e-12)))
