"""The figures of `transcriber evaluate` for people: totals, then the worst, 80 columns wide."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from transcriber.evaluation import cp_word_errors
from transcriber.evaluation.diarisation import COLLAR_MS, DiarisationScore, total_diarisation
from transcriber.evaluation.recognition import RecognitionScore, total_recognition
from transcriber.evaluation.redaction import Identifies, RedactionScore, Tally
from transcriber.evaluation.redaction_totals import (
    IDENTIFYING,
    Recall,
    RedactionTotals,
    total_redaction,
)
from transcriber.services.evaluate import Evaluation, Scored

Score = TypeVar("Score")

SHOWN = 20
"""Lines of a list on the screen, the worst ones; `--json` has all."""

SHOWN_TEXTS = 5
SHOWN_MENTIONS = 4
"""Of each of these texts."""

NAME_WIDTH = 24
NO_FIGURE = "-"


def print_recognition(screen: Console, evaluation: Evaluation[RecognitionScore]) -> None:
    """Print the figures of words, the recording with most errors first."""
    total = total_recognition([entry.score for entry in evaluation.scored])
    table = _table("words", "WER", "sub", "del", "ins", "as written", "cpWER", "wrong speaker")
    for entry in _worst(evaluation.scored, lambda s: s.normalised.rate or 0):
        table.add_row(_name(entry), *_recognition_row(entry.score))
    if len(evaluation.scored) > 1:
        table.add_row("all", *_recognition_row(total), style="bold")
    _print_table(screen, table, evaluation)
    screen.print("WER: share of words wrong, both sides normalised; as written: without that.")
    if total.wrong_speaker is None:
        screen.print("Nothing by speaker: not both sides say who speaks.")
        return
    screen.print("Wrong speaker: share of recognised words that stand under another's name.")
    if cp_word_errors.available():
        screen.print("cpWER: share of words wrong when those under another's name are wrong too.")
    else:
        screen.print(
            "cpWER was not counted: it needs pip install 'transcriber[evaluate]' and a C++ "
            "compiler.",
            markup=False,
        )


def _recognition_row(score: RecognitionScore) -> tuple[str, ...]:
    errors = score.normalised
    return (
        f"{errors.words:,}",
        _rate(errors.rate),
        *map(str, (errors.substitutions, errors.deletions, errors.insertions)),
        _rate(score.as_written.rate),
        _rate(score.by_speaker.rate if score.by_speaker else None),
        _rate(score.wrong_speaker.rate if score.wrong_speaker else None),
    )


def print_diarisation(screen: Console, evaluation: Evaluation[DiarisationScore]) -> None:
    """Print the figures of turns, the recording with most errors first."""
    headings = ("talk", "DER", "missed", "false", "confused", "JER", "speakers", "found")
    table = _table(*headings)
    for entry in _worst(evaluation.scored, lambda score: score.error_rate or 0):
        table.add_row(_name(entry), *_diarisation_row(entry.score))
    if len(evaluation.scored) > 1:
        total = total_diarisation([entry.score for entry in evaluation.scored])
        table.add_row("all", *_diarisation_row(total), style="bold")
    _print_table(screen, table, evaluation)
    screen.print("DER: shares of the gold talk that were missed, heard where nobody speaks (false)")
    screen.print("and heard as somebody else (confused). Talk at once is scored, but not what lies")
    screen.print(f"within {COLLAR_MS / 1000} s of a gold border.")


def _diarisation_row(score: DiarisationScore) -> tuple[str, ...]:
    parts = (score.missed_s, score.false_alarm_s, score.confusion_s)
    return (
        f"{score.talk_s:.0f} s",
        _rate(score.error_rate),
        *(_rate(score.share(part)) for part in parts),
        _rate(score.jaccard_error_rate),
        str(score.gold_speakers),
        str(score.found_speakers),
    )


def print_redaction(screen: Console, evaluation: Evaluation[RedactionScore]) -> None:
    """Print the figures of redaction; what was missed by its place, never by its text."""
    total = total_redaction([entry.score for entry in evaluation.scored])
    screen.print(_recalls(total))
    screen.print()
    _print_shares(screen, total)
    screen.print()
    table = _table("direct missed", "of", "quasi missed", "of", "precision", first="worst first")
    for entry in _worst(evaluation.scored, _leaks):
        table.add_row(_name(entry), *_document_row(entry.score))
    _print_table(screen, table, evaluation)
    _print_missed(screen, evaluation.scored)


def _leaks(score: RedactionScore) -> float:
    """Order texts by missed direct mentions, then by quasi ones."""
    # Fewer than a million mentions in a text, so the second figure never outweighs the first.
    return len(score.missed(Identifies.DIRECT)) * 1e6 + len(score.missed(Identifies.QUASI))


def _recalls(total: RedactionTotals) -> Table:
    table = _table("mentions", "covered", "recall", "95 % interval", "right type too", first="")
    kinds = {"direct": total.direct, "quasi": total.quasi, "direct or quasi": total.identifying}
    for name, recall in kinds.items():
        table.add_row(name, *_recall_row(recall.tally, _interval(recall)))
    for name, tally in total.by_type.items():
        table.add_row(f"  {name}", *_recall_row(tally, ""))
    return table


def _recall_row(tally: Tally, interval: str) -> tuple[str, ...]:
    counts = str(tally.mentions), str(tally.covered)
    return (*counts, _rate(tally.recall), interval, _rate(tally.typed_recall))


def _interval(recall: Recall) -> str:
    return f"{recall.interval[0]:.3f}-{recall.interval[1]:.3f}" if recall.interval else NO_FIGURE


def _print_shares(screen: Console, total: RedactionTotals) -> None:
    rows = (
        ("texts with a direct mention missed", total.leaking_direct, total.documents),
        ("texts with a direct or quasi mention missed", total.leaking_any, total.documents),
        ("neutral names redacted", total.neutral.covered, total.neutral.mentions),
    )
    for label, count, of in rows:
        share = _rate(count / of if of else None)
        screen.print(f"{label:<45}{share:>6}  {count} of {of}")
    screen.print(f"{'precision, by letters and digits covered':<45}{_rate(total.precision):>6}")


def _document_row(score: RedactionScore) -> tuple[str, ...]:
    total = total_redaction([score])
    return (
        str(len(score.missed(Identifies.DIRECT))),
        str(total.direct.tally.mentions),
        str(len(score.missed(Identifies.QUASI))),
        str(total.quasi.tally.mentions),
        _rate(total.precision),
    )


def _print_missed(screen: Console, scored: Sequence[Scored[RedactionScore]]) -> None:
    count = sum(len(entry.score.missed(*IDENTIFYING)) for entry in scored)
    if not count:
        return
    screen.print(f"Missed, where it stands in the gold text ({count} in all; --json lists them):")
    for entry in _worst(scored, _leaks)[:SHOWN_TEXTS]:
        missed = [m for kind in IDENTIFYING for m in entry.score.missed(kind)]
        for mention in missed[:SHOWN_MENTIONS]:
            place = f"{entry.name}:{mention.start}-{mention.end}"
            screen.print(Text(f"  {place}  {mention.entity_type}"), soft_wrap=True)


def _table(*headings: str, first: str = "worst first") -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(first, overflow="ellipsis", no_wrap=True, max_width=NAME_WIDTH)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _worst(
    scored: Sequence[Scored[Score]], badness: Callable[[Score], float]
) -> list[Scored[Score]]:
    return sorted(scored, key=lambda entry: -badness(entry.score))[:SHOWN]


def _name(entry: Scored[Score]) -> Text:
    return Text(entry.name)


def _rate(rate: float | None) -> str:
    return NO_FIGURE if rate is None else f"{rate:.3f}"


def _print_table(screen: Console, table: Table, evaluation: Evaluation[Score]) -> None:
    """Print the table, how many lines it leaves out, and what could not be used."""
    if evaluation.scored:
        screen.print(table)
    if len(evaluation.scored) > SHOWN:
        screen.print(f"… and {len(evaluation.scored) - SHOWN} with fewer errors: --json lists all")
    screen.print()
    for scored in evaluation.scored:
        if scored.problem:
            _print_problem(screen, scored.name, f"{scored.problem.sentence} All of it is missed.")
    for unscored in evaluation.unscored:
        _print_problem(screen, unscored.name, f"{unscored.error.sentence} It is in no figure.")


def _print_problem(screen: Console, name: str, sentence: str) -> None:
    screen.print(Text.assemble(("not done  ", "bold"), name))
    screen.print(Padding(Text(sentence, style="red"), (0, 0, 0, 10)))
