"""The second step, unit by unit: turns decide, voices check, and what they do not settle is marked.

Each word speaks for each speaker with what of it lies in his or her turns, in seconds of talk.
Within a unit a change of speaker has to be earned, because people seldom change places in the
middle of a sentence, and borders of turns are the least certain of what diarisation finds. How much
a word sounds like each voice then says whether the answer holds.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.transcript import Diarisation, Word
from transcriber.stages.word_speakers.likeness import Likeness
from transcriber.stages.word_speakers.overlap import TurnsByTime
from transcriber.stages.word_speakers.units import units

VOICE_WEIGHT = 1.5
"""A difference in cosine similarity of two thirds is worth as much as lying in the turn.

It only marks words. Where voices were let decide with this or another weight they broke more words
than they repaired (docs/measurements.md): turns come from the same voices, heard for longer.
"""

CHANGE_COST_S = 0.5
"""How much talk has to speak for it before a speaker changes within a unit."""

UNCERTAIN_S = 0.3
"""Evidence for the next likely speaker that is weaker by less than this leaves a word undecided."""

UNCERTAIN_SHARE = 0.5
"""In a unit so short that even clear evidence is little, half of it."""

_SHORTEST_S = 0.1  # a word's time may be wrong, and every word says something

Evidence = NDArray[np.float64]


def by_units(
    words: Sequence[Word], diarisation: Diarisation, likenesses: Sequence[Likeness]
) -> tuple[Word, ...]:
    """Return the words with speakers, those that the evidence cannot decide marked uncertain.

    `likenesses` has one entry a word. A word that has a speaker keeps it; a unit near which nobody
    has a turn is nobody's.
    """
    turns = TurnsByTime(diarisation.turns)
    speakers = [voice.speaker for voice in diarisation.voices]
    result: list[Word] = []
    for unit in units(words):
        said = [words[number] for number in unit]
        shares = [turns.shares(word) for word in said]
        if any(shares) and not all(word.speaker for word in said):
            lies_in = np.array([[share.get(s, 0.0) for s in speakers] for share in shares])
            sounds_like = _against_mean(likenesses[unit.start : unit.stop], len(speakers))
            decided = _decided(lies_in, sounds_like, np.array([_length_s(word) for word in said]))
            said = [
                word
                if word.speaker
                else replace(word, speaker=speakers[best], speaker_uncertain=doubt)
                for word, (best, doubt) in zip(said, decided, strict=True)
            ]
        result += said
    return tuple(result)


def _against_mean(likenesses: Sequence[Likeness], count: int) -> Evidence:
    """Return how much more each word sounds like each voice than like all of them (words, voices).

    A word that was not compared has zeros.
    """
    alike = [(0.0,) * count if likeness is None else likeness for likeness in likenesses]
    against: Evidence = np.array(alike) - np.mean(alike, axis=1, keepdims=True)
    return against


def _decided(
    lies_in: Evidence, sounds_like: Evidence, lengths_s: NDArray[np.float64]
) -> list[tuple[int, bool]]:
    """Return for each word the number of its speaker and whether that is uncertain.

    Evidence is (words, speakers). Speakers are on the best path through the turns alone; a word is
    uncertain where, voices counted, the best path that gives it to somebody else is hardly worse.
    """
    words = np.arange(len(lies_in))
    by_turns = lies_in * lengths_s[:, None]
    best = _through(by_turns).argmax(axis=1)
    through = _through(by_turns + VOICE_WEIGHT * sounds_like * lengths_s[:, None])
    chosen = through[words, best]
    through[words, best] = -np.inf
    least_s = min(UNCERTAIN_S, UNCERTAIN_SHARE * float(lengths_s.sum()))
    doubts = chosen - through.max(axis=1) < least_s
    return list(zip(best.tolist(), doubts.tolist(), strict=True))


def _through(evidence: Evidence) -> Evidence:
    """Return for each word and speaker the evidence along the best path that goes through both.

    These are max-marginals of the Viterbi path.
    """
    through: Evidence = _totals(evidence) + _totals(evidence[::-1])[::-1] - evidence
    return through


def _totals(evidence: Evidence) -> Evidence:
    """Return the evidence along the best path up to each word and speaker."""
    totals = evidence.copy()
    for number in range(1, len(totals)):
        stayed = totals[number - 1]
        totals[number] += np.maximum(stayed, stayed.max() - CHANGE_COST_S)
    return totals


def _length_s(word: Word) -> float:
    return max(word.interval.duration_ms / 1000, _SHORTEST_S)
