"""All figures of one recording's words, and of several recordings together."""

from collections.abc import Sequence
from dataclasses import dataclass

from transcriber.evaluation import cp_word_errors
from transcriber.evaluation.normalise import as_written, normaliser
from transcriber.evaluation.speech import Spoken
from transcriber.evaluation.word_errors import WordErrors, word_errors
from transcriber.evaluation.word_speakers import WrongSpeaker, wrong_speaker


@dataclass(frozen=True, slots=True)
class RecognitionScore:
    """Word errors, normalised (the headline) and as written, and by speaker where it is known.

    `by_speaker` is cpWER, None also where its library is not installed.
    """

    normalised: WordErrors
    as_written: WordErrors
    by_speaker: WordErrors | None = None
    wrong_speaker: WrongSpeaker | None = None


def score_recognition(gold: Spoken, found: Spoken | None) -> RecognitionScore:
    """Compare one recording; without `found` every gold word is missed."""
    normalise = normaliser(gold.language or (found and found.language) or "en")
    heard = found or Spoken()
    speakers = gold.has_speakers and (found is None or found.has_speakers)
    sides = (gold.utterances, heard.utterances)
    cp = speakers and cp_word_errors.available()
    return RecognitionScore(
        word_errors(normalise(gold.text), normalise(heard.text)),
        word_errors(as_written(gold.text), as_written(heard.text)),
        cp_word_errors.cp_word_errors(*sides, normalise) if cp else None,
        wrong_speaker(*sides, normalise) if speakers else None,
    )


def total_recognition(scores: Sequence[RecognitionScore]) -> RecognitionScore:
    """Add up errors and words, so that a long recording weighs more than a short one.

    Figures by speaker are those of the recordings that have them; None when there are none.
    """
    by_speaker = [s.by_speaker for s in scores if s.by_speaker is not None]
    wrong = [s.wrong_speaker for s in scores if s.wrong_speaker is not None]
    return RecognitionScore(
        sum((s.normalised for s in scores), WordErrors()),
        sum((s.as_written for s in scores), WordErrors()),
        sum(by_speaker, WordErrors()) if by_speaker else None,
        sum(wrong, WrongSpeaker()) if wrong else None,
    )
