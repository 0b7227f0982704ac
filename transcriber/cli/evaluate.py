"""`transcriber evaluate`: how good results are, measured against gold."""

import argparse
import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from rich.console import Console

from transcriber.cli import evaluate_records as records
from transcriber.cli import evaluate_tables as tables
from transcriber.cli.terminal import console
from transcriber.services.evaluate import (
    Evaluation,
    evaluate_diarisation,
    evaluate_recognition,
    evaluate_redaction,
)

Score = TypeVar("Score")


def command(arguments: argparse.Namespace) -> int:
    """Print the figures; 0 only when all gold was scored against a prediction of its own."""
    files = arguments.gold, arguments.pred
    as_json: bool = arguments.json
    match arguments.task:
        case "recognition":
            words = evaluate_recognition(*files)
            return _report(words, records.recognition, tables.print_recognition, as_json)
        case "diarisation":
            turns = evaluate_diarisation(*files)
            return _report(turns, records.diarisation, tables.print_diarisation, as_json)
        case _:
            mentions = evaluate_redaction(*files)
            return _report(mentions, records.redaction, tables.print_redaction, as_json)


def _report(
    evaluation: Evaluation[Score],
    record: Callable[[Evaluation[Score]], Mapping[str, object]],
    show: Callable[[Console, Evaluation[Score]], None],
    as_json: bool,
) -> int:
    if as_json:
        print(json.dumps(record(evaluation), indent=2))
    else:
        show(console(), evaluation)
    return 0 if evaluation.complete else 1
