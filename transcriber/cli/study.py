"""`transcriber study`: the studies of the store."""

import argparse
import json
from collections import Counter
from dataclasses import asdict

from rich.table import Table
from rich.text import Text

from transcriber.cli.consent import consent
from transcriber.cli.job_words import job_as_json, print_jobs, when
from transcriber.cli.terminal import console
from transcriber.cli.withdraw import withdraw
from transcriber.services.erase import erase_study
from transcriber.services.hand_off.bring import hand_off_now
from transcriber.services.jobs import latest_jobs, list_jobs
from transcriber.services.rights.documents import study_document
from transcriber.services.rights.participant import participant_file
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.submit import study_named
from transcriber.storage.database.studies import Study
from transcriber.storage.files import SHARED_FILE_MODE, write_whole


def command(arguments: argparse.Namespace) -> int:
    """Run `list`, `show`, `consent`, `hand-off`, `withdraw`, `erase`, or write a file."""
    store = open_store(load_settings())
    if arguments.action == "list":
        _list(store, as_json=arguments.json)
        return 0
    study = study_named(store, arguments.study)
    if arguments.action == "erase":
        erase_study(store, study)
        console().print("Its keys are destroyed and its files are deleted.")
        return 0
    if arguments.action in _WITH_STATUS:
        return _WITH_STATUS[arguments.action](store, study, arguments)
    if arguments.action != "show":
        return _write(store, study, arguments)
    jobs = latest_jobs(list_jobs(store, study))
    if arguments.json:
        print(json.dumps([job_as_json(job) for job in jobs], indent=2))
    else:
        print_jobs(console(), jobs)
    return 0


def _hand_off(store: Store, study: Study, arguments: argparse.Namespace) -> int:
    brought = hand_off_now(store, study.id, arguments.to, arguments.preset)
    if arguments.json:
        print(json.dumps([asdict(each) for each in brought], indent=2))
        return 0
    for each in brought:
        console().print(Text(f"{each.file_name}  {each.sha256}"), soft_wrap=True)
    number = "1 release lies" if len(brought) == 1 else f"{len(brought)} releases lie"
    console().print(Text(f"{number} in {arguments.to}"), soft_wrap=True)
    return 0


_WITH_STATUS = {"consent": consent, "hand-off": _hand_off, "withdraw": withdraw}
"""Actions that tell by their exit status how far they came."""


def _write(store: Store, study: Study, arguments: argparse.Namespace) -> int:
    """Write a participant's file, readable by you alone, or a document for everybody."""
    if arguments.action == "participant":
        file = participant_file(store, None, study.id, arguments.labels)
        write_whole(arguments.out, file.data)
        console().print("Read it before you hand it over; it is private to that participant.")
        return 0
    kind = "txt" if arguments.out.suffix == ".txt" else "html"
    file = study_document(store, study.id, arguments.action, kind)
    write_whole(arguments.out, file.data, SHARED_FILE_MODE)
    console().print("It is a draft: your data-protection officer checks and completes it.")
    return 0


def _list(store: Store, *, as_json: bool) -> None:
    with store.database.read() as connection:
        studies = store.studies.all(connection)
    states = {
        study.id: Counter(str(job.state.state) for job in latest_jobs(list_jobs(store, study)))
        for study in studies
    }
    if as_json:
        entries = [
            {
                "name": study.name,
                "created_at_ms": study.created_at_ms,
                "recordings": states[study.id].total(),
                "done": states[study.id]["done"],
                "failed": states[study.id]["failed"],
            }
            for study in studies
        ]
        print(json.dumps(entries, indent=2))
        return
    if not studies:
        console().print("There is no study yet. `transcriber recording add AUDIO --study NAME`")
        console().print("makes one.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("study", "recordings", "done", "failed", "since"):
        table.add_column(heading, justify="left" if heading in ("study", "since") else "right")
    for study in studies:
        counted = states[study.id]
        table.add_row(
            Text(study.name),
            str(counted.total()),
            str(counted["done"]),
            str(counted["failed"]),
            when(study.created_at_ms),
        )
    console().print(table)
