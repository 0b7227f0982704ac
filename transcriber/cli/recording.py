"""`transcriber recording`: recordings of a study in the store."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from transcriber.cli.inputs import recordings_of, trim, who_speaks
from transcriber.cli.job import act_on
from transcriber.cli.job_words import job_as_json, print_jobs
from transcriber.cli.terminal import console
from transcriber.domain.errors import TranscriberError
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.pipeline.order import State
from transcriber.services.audit import note_export
from transcriber.services.erase import erase_recording
from transcriber.services.jobs import (
    job_on,
    latest_jobs,
    list_jobs,
)
from transcriber.services.policy_file import DEFAULT, load_policies
from transcriber.services.recording_files import Writing
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.study_run import Export, export
from transcriber.services.submit import Submission, study_for, study_named, submit
from transcriber.storage.database.studies import Study
from transcriber.storage.study_folder import StudyFolder


def command(arguments: argparse.Namespace) -> int:
    """Run `add`, `list`, `show`, `export`, `retry`, `cancel` or `erase`."""
    store = open_store(load_settings())
    if arguments.action == "add":
        return _add(store, arguments)
    study = study_named(store, arguments.study)
    if arguments.action == "list":
        jobs = latest_jobs(list_jobs(store, study))
        if arguments.json:
            print(json.dumps([job_as_json(job) for job in jobs], indent=2))
        else:
            print_jobs(console(), jobs)
        return 0
    if arguments.action == "erase":
        erase_recording(store, study, arguments.code)
        console().print("Its key is destroyed and its files are deleted.")
        return 0
    if arguments.action == "export":
        return _export(store, study, arguments)
    act_on(store, job_on(store, study, arguments.code), arguments, "recording retry")
    return 0


def _submissions(
    arguments: argparse.Namespace,
    inputs: Sequence[tuple[Path, ...]],
    told: ToldSpeakers | None,
) -> list[Submission]:
    return [
        Submission(
            files=files,
            kind=arguments.kind,
            speakers=arguments.speakers,
            language=arguments.language,
            trim=trim(arguments),
            tracks=arguments.tracks,
            side_by_side=arguments.side_by_side,
            told=told,
            labels=arguments.labels,
            takes_part=tuple(arguments.takes_part),
            code=files[0].stem if arguments.names == "keep" else None,
            priority=arguments.priority,
            engine=arguments.engine,
            model=arguments.model,
        )
        for files in inputs
    ]


def _export(store: Store, study: Study, arguments: argparse.Namespace) -> int:
    """Write what is done; 0 only when every recording that was named was."""
    jobs = latest_jobs(list_jobs(store, study))
    wanted = [job for job in jobs if not arguments.codes or job.code in arguments.codes]
    missing = set(arguments.codes) - {job.code for job in wanted}
    from transcriber.bootstrap import build_worker  # heavy, and only here

    worker = build_worker(store, None)
    folder = StudyFolder(arguments.out)
    to = Export(folder, Writing())
    written = 0
    with folder.only_one():
        for job in wanted:
            if job.state.state is not State.DONE:
                missing |= {job.code} if arguments.codes else set()
                continue
            export(worker, job.state.id, to, Path(job.code))
            note_export(store, study.id, job.state.recording_id)
            written += 1
            console().print(Text(f"{job.code}  written"))
    for code in sorted(missing):
        console().print(Text(f"{code}  is not done or not there", style="red"))
    if not written and not missing:
        console().print("Nothing of this study is done yet.")
    return 1 if missing else 0


def _add(store: Store, arguments: argparse.Namespace) -> int:
    inputs = recordings_of(arguments)
    roster, told = who_speaks(arguments)
    policies = load_policies(arguments.policies or [DEFAULT])
    study = study_for(store, arguments.study, roster, policies)
    queued: list[dict[str, object]] = []
    failed = 0
    for submission in _submissions(arguments, inputs, told):
        name = submission.files[0].name
        try:
            made = submit(store, study, submission)
        except TranscriberError as error:
            failed += 1
            queued.append({"input": name, "code": error.code, "sentence": error.sentence})
            console().print(Text(f"not queued  {name}: {error.sentence}", style="red"))
            continue
        code = made.stored.recording.code
        queued.append({"input": name, "recording": code, "job": made.job_id, "new": made.is_new})
        if not arguments.json:
            console().print(Text(f"{code}  {'queued' if made.is_new else 'queued again'}"))
    if arguments.json:
        print(json.dumps(queued, indent=2))
    return 1 if failed else 0
