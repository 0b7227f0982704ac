"""cpWER: word errors with every speaker's words on their own, speakers matched for the best.

Watanabe et al. 2020, "CHiME-6 challenge", 3.3. It counts a word under the wrong speaker as wrong.
"""

from collections.abc import Sequence
from importlib.util import find_spec

from transcriber.evaluation.normalise import Normaliser
from transcriber.evaluation.speech import Utterance
from transcriber.evaluation.word_errors import WordErrors


def available() -> bool:
    """Whether the library that counts it is installed (extra `[evaluate]`)."""
    return find_spec("meeteval") is not None


def cp_word_errors(
    gold: Sequence[Utterance], found: Sequence[Utterance], normalise: Normaliser
) -> WordErrors:
    """Compare by speaker; words of nobody are a speaker of their own."""
    from meeteval.wer import cp_word_error_rate

    output = cp_word_error_rate(
        _by_speaker(gold, normalise),
        _by_speaker(found, normalise),
        reference_sort=False,
        hypothesis_sort=False,
    )
    return WordErrors(output.length, output.substitutions, output.deletions, output.insertions)


def _by_speaker(utterances: Sequence[Utterance], normalise: Normaliser) -> dict[str, str]:
    texts: dict[str, list[str]] = {}
    for utterance in utterances:
        texts.setdefault(utterance.speaker or "", []).append(utterance.text)
    return {speaker: normalise(" ".join(said)) for speaker, said in texts.items()}
