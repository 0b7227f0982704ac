"""`transcriber run`: recordings to redacted transcripts."""

import argparse

from transcriber.bootstrap import Choice, build_engines, build_worker
from transcriber.cli.inputs import recordings_of, trim, who_speaks
from transcriber.cli.summary import print_summary, summary_json
from transcriber.cli.terminal import TerminalReporter, console
from transcriber.domain.convention import CONVENTIONS
from transcriber.domain.policy import joint
from transcriber.exports.formats import COMMON
from transcriber.services.batch import BatchRequest, run_batch
from transcriber.services.outcome import Done, Outcome
from transcriber.services.policy_file import DEFAULT, load_policies
from transcriber.services.recording_files import Writing
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.study_run import StudyRun, run_in_study


def command(arguments: argparse.Namespace) -> int:
    """Process the inputs; 0 only when every one of them was done."""
    inputs = recordings_of(arguments)
    roster, told = who_speaks(arguments)
    request = BatchRequest(
        inputs=inputs,
        out=arguments.out,
        study=arguments.study,
        kind=arguments.kind,
        speakers=arguments.speakers,
        roster=roster,
        policies=load_policies(arguments.policies or [DEFAULT]),
        language=arguments.language,
        keep_names=arguments.names == "keep",
        trim=trim(arguments),
        tracks=arguments.tracks,
        side_by_side=arguments.side_by_side,
        writing=Writing(tuple(arguments.formats or COMMON), CONVENTIONS[arguments.convention]),
        told=told,
        labels=arguments.labels,
        compare_voices=arguments.compare_voices,
    )
    with TerminalReporter() as reporter:
        outcomes = (_in_study if request.study else _in_folder)(request, arguments, reporter)
    if arguments.json:
        print(summary_json(outcomes))
    else:
        print_summary(console(), outcomes, arguments.out)
    return 0 if all(_is_whole(outcome) for outcome in outcomes) else 1


def _in_folder(
    request: BatchRequest, arguments: argparse.Namespace, reporter: TerminalReporter
) -> list[Outcome]:
    choice = Choice(arguments.engine, arguments.model, arguments.language)
    engines = build_engines(choice, joint(request.policies).models)
    return run_batch(request, engines, reporter)


def _in_study(
    request: BatchRequest, arguments: argparse.Namespace, reporter: TerminalReporter
) -> list[Outcome]:
    """Work in the store, on two steps at once, as a run in a folder does."""
    store = open_store(load_settings())
    worker = build_worker(store, None)
    run = StudyRun(request, arguments.engine, arguments.model)
    return run_in_study(run, store, (worker, worker.beside()), reporter)


def _is_whole(outcome: Outcome) -> bool:
    return isinstance(outcome, Done) and outcome.speakers_failed is None
