"""`transcriber job`: what is queued, at work and done."""

import argparse
import json

from transcriber.cli.job_words import job_as_json, print_job, print_jobs
from transcriber.cli.terminal import console
from transcriber.services.jobs import CodedJob, cancel_job, job_by_id, list_jobs, retry_job
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.submit import study_named


def command(arguments: argparse.Namespace) -> int:
    """Run `list`, `show`, `retry` or `cancel`."""
    store = open_store(load_settings())
    if arguments.action == "list":
        study = study_named(store, arguments.study) if arguments.study else None
        jobs = list_jobs(store, study)
        if arguments.json:
            print(json.dumps([job_as_json(job) for job in jobs], indent=2))
        else:
            print_jobs(console(), jobs)
        return 0
    act_on(store, job_by_id(store, arguments.job), arguments, "transcriber job retry")
    return 0


def act_on(store: Store, job: CodedJob, arguments: argparse.Namespace, again: str) -> None:
    """Show, retry or cancel a job; `again` is the command that takes a cancelled one up."""
    if arguments.action == "show":
        if arguments.json:
            print(json.dumps(job_as_json(job), indent=2))
        else:
            print_job(console(), job)
    elif arguments.action == "retry":
        retry_job(store, job.state.id)
        console().print("It goes on with the next free worker.")
    else:
        cancel_job(store, job.state.id)
        console().print(f"Stopped. What was finished is kept; `{again}` goes on.")
