"""How good results are: gold and predictions in, figures for each recording and for all out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from transcriber.domain.errors import InputError
from transcriber.evaluation.diarisation import DiarisationScore, score_diarisation
from transcriber.evaluation.recognition import RecognitionScore, score_recognition
from transcriber.evaluation.redaction import RedactionScore, score_redaction
from transcriber.services import evaluation_files as files

Score = TypeVar("Score")


@dataclass(frozen=True)
class Scored(Generic[Score]):
    """Figures of one recording; with a `problem` nothing was predicted, so all is missed."""

    name: str
    score: Score
    problem: InputError | None = None


@dataclass(frozen=True)
class Unscored:
    """Gold that cannot be used; it is in no figure."""

    name: str
    error: InputError


@dataclass(frozen=True)
class Evaluation(Generic[Score]):
    """What came of all gold, in the order of names."""

    scored: tuple[Scored[Score], ...]
    unscored: tuple[Unscored, ...]

    @property
    def complete(self) -> bool:
        """Whether every gold has figures and a prediction that could be used."""
        return not self.unscored and all(entry.problem is None for entry in self.scored)


def evaluate_recognition(gold: Path, pred: Path) -> Evaluation[RecognitionScore]:
    """Compare words, file by file. Raises InputError and UsageError as `evaluate` does."""

    def score(gold: Path, pred: Path | None) -> RecognitionScore:
        return score_recognition(files.spoken(gold), files.spoken(pred) if pred else None)

    return _evaluate(files.pairs(gold, pred, files.WORDS, files.WORDS), score, one=_one(gold))


def evaluate_diarisation(gold: Path, pred: Path) -> Evaluation[DiarisationScore]:
    """Compare turns, file by file. Raises InputError and UsageError as `evaluate` does."""

    def score(gold: Path, pred: Path | None) -> DiarisationScore:
        found = files.turns(pred) if pred else ()
        return score_diarisation(files.turns(gold), found, files.scored_stretches(gold))

    return _evaluate(files.pairs(gold, pred, files.TURNS, files.TURNS), score, one=_one(gold))


def evaluate_redaction(gold: Path, pred: Path) -> Evaluation[RedactionScore]:
    """Compare findings with gold mentions. Raises InputError and UsageError as `evaluate` does.

    One gold file may be named as NAME.gold.json or as the NAME.txt beside it.
    """
    if gold.suffix == ".txt" and gold.is_file():
        gold = gold.with_suffix(files.GOLD_MENTIONS)

    def score(gold: Path, pred: Path | None) -> RedactionScore:
        text = files.gold_text(gold)
        found = files.findings(pred, text) if pred else ()
        return score_redaction(text, files.gold_mentions(gold, text), found)

    gold_endings = (files.GOLD_MENTIONS,)
    return _evaluate(files.pairs(gold, pred, gold_endings, files.FINDINGS), score, one=_one(gold))


def _one(gold: Path) -> bool:
    return not gold.is_dir()


def _evaluate(
    pairs: list[files.Pair], score: Callable[[Path, Path | None], Score], *, one: bool
) -> Evaluation[Score]:
    """Score every pair; in a folder, a prediction that is missing or unusable misses everything.

    With `one` gold file there is nothing else to go on with: its InputError is raised.
    """
    scored: list[Scored[Score]] = []
    unscored: list[Unscored] = []
    for pair in pairs:
        try:
            scored.append(_scored(pair, score, strict=one))
        except InputError as error:
            if one:
                raise
            unscored.append(Unscored(pair.name, error))
    return Evaluation(tuple(scored), tuple(unscored))


def _scored(
    pair: files.Pair, score: Callable[[Path, Path | None], Score], *, strict: bool
) -> Scored[Score]:
    try:
        return Scored(pair.name, score(pair.gold, _existing(pair.pred)))
    except InputError as problem:
        if strict:
            raise
        return Scored(pair.name, score(pair.gold, None), problem)


def _existing(pred: Path | None) -> Path:
    if pred is None:
        raise InputError("no_prediction", "There is no prediction of this name in PRED.")
    return pred
