"""The figures of `transcriber evaluate` for a script; docs/evaluation.md describes the fields."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from transcriber.evaluation import cp_word_errors
from transcriber.evaluation.diarisation import DiarisationScore, total_diarisation
from transcriber.evaluation.recognition import RecognitionScore, total_recognition
from transcriber.evaluation.redaction import RedactionScore, Tally
from transcriber.evaluation.redaction_totals import IDENTIFYING, Recall, total_redaction
from transcriber.evaluation.word_errors import WordErrors
from transcriber.services.evaluate import Evaluation

Record = dict[str, object]
Score = TypeVar("Score")


def recognition(evaluation: Evaluation[RecognitionScore]) -> Record:
    """Return the figures of words."""
    total = total_recognition([entry.score for entry in evaluation.scored])
    with_speakers = sum(entry.score.wrong_speaker is not None for entry in evaluation.scored)
    figures = {
        "cpwer_installed": cp_word_errors.available(),
        "recordings_with_speakers": with_speakers,
        **_recognition_figures(total),
    }
    return _record("recognition", figures, evaluation, _recognition_figures)


def diarisation(evaluation: Evaluation[DiarisationScore]) -> Record:
    """Return the figures of turns."""
    total = total_diarisation([entry.score for entry in evaluation.scored])
    return _record("diarisation", _diarisation_figures(total), evaluation, _diarisation_figures)


def redaction(evaluation: Evaluation[RedactionScore]) -> Record:
    """Return the figures of redaction, and where what was missed stands, never its text."""
    total = total_redaction([entry.score for entry in evaluation.scored])
    figures = {
        "documents": total.documents,
        "direct": _recall(total.direct),
        "quasi": _recall(total.quasi),
        "direct_or_quasi": _recall(total.identifying),
        "by_type": {name: _tally(tally) for name, tally in total.by_type.items()},
        "documents_leaking_direct": total.leaking_direct,
        "document_leak_rate": total.share_of_documents(total.leaking_direct),
        "documents_leaking_direct_or_quasi": total.leaking_any,
        "document_leak_rate_direct_or_quasi": total.share_of_documents(total.leaking_any),
        "character_precision": total.precision,
        "neutral": total.neutral.mentions,
        "neutral_redacted": total.neutral.covered,
        "neutral_redacted_rate": total.neutral.recall,
    }
    return _record("redaction", figures, evaluation, _document_figures)


def _record(
    task: str,
    figures: Mapping[str, object],
    evaluation: Evaluation[Score],
    of_one: Callable[[Score], Record],
) -> Record:
    return {
        "task": task,
        "complete": evaluation.complete,
        "figures": figures,
        "files": [
            {"name": entry.name, **of_one(entry.score)}
            | (
                {"problem": {"error": entry.problem.code, "message": entry.problem.sentence}}
                if entry.problem
                else {}
            )
            for entry in evaluation.scored
        ],
        "not_scored": [
            {"name": entry.name, "error": entry.error.code, "message": entry.error.sentence}
            for entry in evaluation.unscored
        ],
    }


def _recognition_figures(score: RecognitionScore) -> Record:
    by_speaker, wrong = score.by_speaker, score.wrong_speaker
    return {
        "wer": score.normalised.rate,
        **_word_errors(score.normalised),
        "as_written": {"wer": score.as_written.rate, **_word_errors(score.as_written)},
        "by_speaker": {"cpwer": by_speaker.rate, **_word_errors(by_speaker)}
        if by_speaker
        else None,
        "wrong_speaker": {"rate": wrong.rate, "wrong": wrong.wrong, "words": wrong.words}
        if wrong
        else None,
    }


def _word_errors(errors: WordErrors) -> Record:
    return {
        "words": errors.words,
        "substitutions": errors.substitutions,
        "deletions": errors.deletions,
        "insertions": errors.insertions,
    }


def _diarisation_figures(score: DiarisationScore) -> Record:
    return {
        "der": score.error_rate,
        "missed": score.share(score.missed_s),
        "false_alarm": score.share(score.false_alarm_s),
        "confusion": score.share(score.confusion_s),
        "jer": score.jaccard_error_rate,
        "talk_ms": round(score.talk_s * 1000),
        "missed_ms": round(score.missed_s * 1000),
        "false_alarm_ms": round(score.false_alarm_s * 1000),
        "confusion_ms": round(score.confusion_s * 1000),
        "speakers": score.gold_speakers,
        "speakers_found": score.found_speakers,
    }


def _document_figures(score: RedactionScore) -> Record:
    total = total_redaction([score])
    return {
        "direct": _tally(total.direct.tally),
        "quasi": _tally(total.quasi.tally),
        "character_precision": total.precision,
        "neutral": total.neutral.mentions,
        "neutral_redacted": total.neutral.covered,
        "missed": [
            {
                "start": mention.start,
                "end": mention.end,
                "type": mention.entity_type,
                "class": mention.identifies.value,
            }
            for mention in score.missed(*IDENTIFYING)
        ],
    }


def _recall(recall: Recall) -> Record:
    interval = list(recall.interval) if recall.interval else None
    return {**_tally(recall.tally), "recall_95": interval}


def _tally(tally: Tally) -> Record:
    return {
        "mentions": tally.mentions,
        "covered": tally.covered,
        "recall": tally.recall,
        "typed": tally.typed,
        "typed_recall": tally.typed_recall,
    }
