"""Words under the wrong speaker, of those that were recognised.

After Shafey, Soltau and Shafran 2019, "Joint Speech Recognition and Speaker Diarization via
Sequence Transduction", where it is the word diarisation error rate.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from transcriber.evaluation.normalise import Normaliser
from transcriber.evaluation.speech import Utterance, runs


@dataclass(frozen=True, slots=True)
class WrongSpeaker:
    """How many words were compared, and how many of them are under the wrong speaker."""

    wrong: int = 0
    words: int = 0

    @property
    def rate(self) -> float | None:
        """The share that is wrong; None without words."""
        return self.wrong / self.words if self.words else None

    def __add__(self, other: "WrongSpeaker") -> "WrongSpeaker":
        return WrongSpeaker(self.wrong + other.wrong, self.words + other.words)


def wrong_speaker(
    gold: Sequence[Utterance], found: Sequence[Utterance], normalise: Normaliser
) -> WrongSpeaker:
    """Align the words and count those whose speaker is not the one matched to the gold speaker.

    Left out are words that only one side has and gold words of nobody. Speakers are matched one to
    one so that most words are right; found words of nobody are always wrong.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    pairs = Counter(_aligned(_words(gold, normalise), _words(found, normalise)))
    rows = sorted({said for said, _ in pairs})
    columns = sorted({heard for _, heard in pairs if heard is not None})
    table = np.array([[pairs[said, heard] for heard in columns] for said in rows])
    right = int(table[linear_sum_assignment(table, maximize=True)].sum()) if table.size else 0
    return WrongSpeaker(pairs.total() - right, pairs.total())


def _words(utterances: Sequence[Utterance], normalise: Normaliser) -> list[tuple[str, str | None]]:
    return [(word, run.speaker) for run in runs(utterances) for word in normalise(run.text).split()]


def _aligned(
    gold: Sequence[tuple[str, str | None]], found: Sequence[tuple[str, str | None]]
) -> list[tuple[str, str | None]]:
    """Return gold and found speaker of every pair of words that stand for each other."""
    from jiwer import process_words

    texts = [" ".join(word for word, _ in side) for side in (gold, found)]
    (chunks,) = process_words(*texts).alignments
    speakers: list[tuple[str, str | None]] = []
    for chunk in chunks:
        if chunk.type not in {"equal", "substitute"}:
            continue
        said = gold[chunk.ref_start_idx : chunk.ref_end_idx]
        heard = found[chunk.hyp_start_idx : chunk.hyp_end_idx]
        speakers += [
            (by, under) for (_, by), (_, under) in zip(said, heard, strict=True) if by is not None
        ]
    return speakers
