"""Jobs in words and as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from transcriber.cli.terminal import DOING
from transcriber.pipeline.order import State
from transcriber.services.jobs import CodedJob
from transcriber.storage.database.jobs import StepState

SHOWN_ID = 10
"""As many characters of an id tell jobs apart for people."""

STATE_WORDS = {
    State.WAITING: "waits for another step",
    State.READY: "queued",
    State.RUNNING: "at work",
    State.DONE: "done",
    State.FAILED: "failed",
    State.CANCELLED: "cancelled",
}


def job_as_json(job: CodedJob) -> dict[str, object]:
    """Return what a script wants to know of a job; times in UTC milliseconds."""
    failure = job.state.failure
    return {
        "id": job.state.id,
        "study": job.study,
        "recording": job.code,
        "state": job.state.state,
        "created_at_ms": job.state.created_at_ms,
        "finished_at_ms": job.state.finished_at_ms,
        "failure": failure and {"stage": failure.stage, **_failure(failure)},
        "steps": [
            {
                "stage": step.stage,
                "part": step.part,
                "state": step.state,
                "tries": step.tries,
                **_failure(step),
            }
            for step in job.state.steps
        ],
    }


def print_jobs(screen: Console, jobs: Sequence[CodedJob]) -> None:
    """Print one line a job, and under it why it failed."""
    if not jobs:
        screen.print("Nothing is queued. `transcriber recording add` queues recordings.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("job", "study", "recording", "state", "steps", "since"):
        table.add_column(heading)
    for job in jobs:
        table.add_row(
            job.state.id[:SHOWN_ID],
            Text(job.study),
            Text(job.code),
            _state(job),
            f"{job.state.done} of {len(job.state.steps)}",
            when(job.state.created_at_ms),
        )
    screen.print(table)
    for job in jobs:
        if job.state.state is State.FAILED and job.state.failure:
            screen.print()
            screen.print(Text(f"{job.code}: {job.state.failure.failure_sentence}", style="red"))


def print_job(screen: Console, job: CodedJob) -> None:
    """Print a job step by step."""
    screen.print(Text(f"{job.code} of {job.study}: ").append(_state(job)))
    for step in job.state.steps:
        part = f", part {step.part}" if step.part else ""
        line = Text(f"  {DOING[step.stage] + part:<38} {STATE_WORDS[step.state]}")
        if step.tries > 1:
            line.append(f", attempt {step.tries}")
        screen.print(line)
        if step.failure_sentence and step.state is not State.DONE:
            screen.print(Text(f"    {step.failure_sentence}", style="red"))


def when(moment_ms: int) -> str:
    """Return a time as people read it, in this machine's own time zone."""
    return datetime.fromtimestamp(moment_ms / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _state(job: CodedJob) -> Text:
    words = STATE_WORDS[job.state.state]
    if job.state.state is State.DONE and job.state.failure:
        words = f"done, without {DOING[job.state.failure.stage]}"
    style = "red" if job.state.state is State.FAILED else ""
    return Text(words, style)


def _failure(step: StepState) -> dict[str, str | None]:
    return {"code": step.failure_code, "sentence": step.failure_sentence}
