"""Take a batch of recordings from sound to redacted transcripts, whatever happens to one."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from transcriber.domain.edit import Edit
from transcriber.domain.errors import Defect, EditError, InputError, TranscriberError
from transcriber.domain.finding import Action
from transcriber.domain.policy import Policy
from transcriber.domain.recording import Kind, Recording, SpeakerCount
from transcriber.domain.redacted import RedactedTranscript
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Quality, Transcript
from transcriber.exports.docx_inline import write_docx
from transcriber.exports.findings_json import write_findings
from transcriber.exports.key_csv import write_key
from transcriber.exports.redacted_json import write_redacted_json
from transcriber.exports.report_html import write_report
from transcriber.exports.transcript_json import write_transcript
from transcriber.exports.txt import write_txt
from transcriber.exports.vtt import write_vtt
from transcriber.pipeline import (
    ALIGN,
    PSEUDONYMISE,
    Engines,
    Job,
    Pseudonymised,
    Work,
    run,
)
from transcriber.services.source import identify
from transcriber.storage.register import SqliteRegister
from transcriber.storage.study_folder import StudyFolder

FORMATS: Mapping[str, Callable[[RedactedTranscript], bytes]] = {
    "txt": write_txt,
    "docx": write_docx,
    "vtt": write_vtt,
    "json": write_redacted_json,
}

CODE_PREFIX = {Kind.INDIVIDUAL: "INT", Kind.GROUP: "FG"}


@dataclass(frozen=True)
class BatchRequest:
    """What a person asked for; `keep_names` uses the input's file stem as its code."""

    inputs: tuple[Path, ...]
    out: Path
    study: str
    kind: Kind
    speakers: SpeakerCount
    roster: Roster
    policy: Policy
    language: str = "en"
    formats: tuple[str, ...] = tuple(FORMATS)
    keep_names: bool = False


@dataclass(frozen=True)
class Done:
    """A recording whose results are on the disk."""

    input: Path
    code: str
    transcript: Transcript
    pseudonymised: Pseudonymised
    redacted_files: tuple[Path, ...]
    private_files: tuple[Path, ...]

    @property
    def removed(self) -> Counter[str]:
        """How many findings of each type were replaced."""
        return Counter(
            finding.entity_type.value
            for finding in self.pseudonymised.findings
            if finding.action in (Action.REPLACE, Action.GENERALISE)
        )

    @property
    def is_draft(self) -> bool:
        """Whether the words come from the small built-in recogniser."""
        return self.transcript.quality is Quality.DRAFT


@dataclass(frozen=True)
class Failed:
    """An input that gave no results, and why."""

    input: Path
    error: TranscriberError


Outcome = Done | Failed


class Reporter(Protocol):
    """Shown what happens while a batch runs."""

    def started(self, number: int, total: int, path: Path) -> None:
        """Input `number` of `total`, from 1, is next."""

    def stage(self, stage: str, done: int, total: int) -> None:
        """A stage of the current input got further."""

    def ended(self, outcome: Outcome) -> None:
        """The current input is done or failed."""


@dataclass
class _Batch:
    request: BatchRequest
    engines: Engines
    reporter: Reporter
    folder: StudyFolder
    seen: set[str] = field(default_factory=set)


def run_batch(request: BatchRequest, engines: Engines, reporter: Reporter) -> list[Outcome]:
    """Process every input; one that fails never stops the others.

    Raises StorageError when the output folder itself cannot be used.
    """
    folder = StudyFolder(request.out)
    with folder.only_one():
        batch = _Batch(request, engines, reporter, folder)
        return [
            _attempt(batch, path, number) for number, path in enumerate(request.inputs, start=1)
        ]


def _attempt(batch: _Batch, path: Path, number: int) -> Outcome:
    batch.reporter.started(number, len(batch.request.inputs), path)
    outcome: Outcome
    try:
        outcome = _process(batch, path)
    except TranscriberError as error:
        outcome = Failed(path, error)
    except Exception as error:  # noqa: BLE001 - a defect met by one file must not cost the others
        outcome = Failed(path, Defect.of(error))
    batch.reporter.ended(outcome)
    return outcome


def _process(batch: _Batch, path: Path) -> Done:
    request, folder = batch.request, batch.folder
    sha256 = identify(path)
    if sha256 in batch.seen:
        raise InputError(
            "given_twice",
            "This file has the same content as an earlier one of this batch; it was done once.",
        )
    batch.seen.add(sha256)
    code = (
        folder.keep_name(path.stem, sha256, path.name)
        if request.keep_names
        else folder.code_for(sha256, path.name, CODE_PREFIX[request.kind])
    )
    recording = Recording(
        code, request.study, request.kind, sha256, request.speakers, request.language
    )
    journal = folder.journal(code)
    work = Work(
        Job(recording, path, request.roster, request.policy, _edits(folder, code)),
        batch.engines,
        SqliteRegister(folder.private / "register.sqlite"),
        journal,
    )
    try:
        run(work, (ALIGN, PSEUDONYMISE), batch.reporter.stage)
    except InputError:
        journal.destroy()  # nothing to go on from: this file will never do
        raise
    done = _write(work, batch, path)
    journal.forget_samples()
    return done


def _edits(folder: StudyFolder, code: str) -> tuple[Edit, ...]:
    """Read what people changed, as a list of events (docs/schemas.md)."""
    try:
        data = (folder.private / f"{code}.edits.json").read_bytes()
    except FileNotFoundError:
        return ()
    adapter: TypeAdapter[Any] = TypeAdapter(tuple[Edit, ...])
    try:
        edits: tuple[Edit, ...] = adapter.validate_json(data)
    except ValidationError:
        raise EditError(
            "bad_edits",
            "The list of edits of this recording is not valid. Mend it (docs/schemas.md says how) "
            "or move it away.",
        ) from None
    return edits


def _write(work: Work, batch: _Batch, path: Path) -> Done:
    recording = work.job.recording
    transcript = work.of(ALIGN)
    result = work.of(PSEUDONYMISE)
    redacted = {
        f"{recording.code}.{name}": FORMATS[name](result.redacted) for name in batch.request.formats
    }
    private = {
        f"{recording.code}.transcript.json": write_transcript(transcript),
        f"{recording.code}.text.txt": transcript.text.encode(),
        f"{recording.code}.findings.json": write_findings(result.findings),
        f"{recording.code}.key.csv": write_key(result.findings),
        f"{recording.code}.report.html": write_report(
            result.redacted, result.findings, transcript.text
        ),
    }
    redacted_files, private_files = batch.folder.write(redacted, private)
    return Done(path, recording.code, transcript, result, redacted_files, private_files)
