"""Take identifiers out of transcripts that people already have, whatever happens to one of them.

As with recordings (`transcriber.services.batch`), all files are searched before any is written.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from transcriber.domain.errors import Defect, InputError, TranscriberError
from transcriber.domain.known_name import KnownName
from transcriber.domain.leak_check import LeakCheck
from transcriber.domain.policy import Policy, joint
from transcriber.domain.roster import Roster
from transcriber.exports.documents import Document, open_document
from transcriber.exports.findings_json import read_findings, write_findings
from transcriber.pipeline import DETECT, fingerprint
from transcriber.services.document_files import (
    Source,
    detect_in_document,
    document_profile,
    spread_in_document,
    texts_of,
)
from transcriber.services.known_names import StudyNames
from transcriber.services.outcome import replaced
from transcriber.services.source import identify
from transcriber.stages.protocols import Detector, Record
from transcriber.stages.pseudonymise.apply import apply_policy, introduce
from transcriber.storage.register import SqliteRegister
from transcriber.storage.study_folder import StudyFolder

CODE_PREFIX = "T"
FORMATS = (".txt", ".vtt", ".srt", ".docx", ".json")

T = TypeVar("T")


@dataclass(frozen=True)
class RedactRequest:
    """What a person asked for; `keep_names` uses the input's file stem as its code."""

    inputs: tuple[Path, ...]
    out: Path
    roster: Roster
    policies: tuple[Policy, ...]
    keep_names: bool = False


@dataclass(frozen=True)
class Redacted:
    """A transcript whose redacted copy is on the disk; `removed` and `leaks` by the first policy.

    `removed` says how many findings of each type were replaced.
    """

    input: Path
    code: str
    removed: Counter[str]
    leaks: LeakCheck
    redacted_files: tuple[Path, ...]
    private_files: tuple[Path, ...]


@dataclass(frozen=True)
class NotRedacted:
    """An input that gave no results, and why."""

    input: Path
    error: TranscriberError


@dataclass(frozen=True)
class _Batch:
    request: RedactRequest
    detectors: Sequence[Detector]
    folder: StudyFolder
    register: SqliteRegister
    names: StudyNames


@dataclass(frozen=True)
class _Searched:
    """A file whose findings are recorded in the journal under this fingerprint."""

    path: Path
    sha256: str
    code: str
    fingerprint: str


def redact_files(
    request: RedactRequest, detectors: Sequence[Detector]
) -> list[Redacted | NotRedacted]:
    """Redact every file; one that fails never stops the others.

    Raises StorageError when the output folder itself cannot be used.
    """
    folder = StudyFolder(request.out)
    with folder.only_one():
        register = SqliteRegister(folder.private / "register.sqlite")
        batch = _Batch(request, detectors, folder, register, StudyNames.written(folder.private))
        searched = [_attempt(path, partial(_search, batch, path)) for path in request.inputs]
        known = batch.names.all()
        return [
            one
            if isinstance(one, NotRedacted)
            else _attempt(one.path, partial(_write, batch, one, known))
            for one in searched
        ]


def _attempt(path: Path, step: Callable[[], T]) -> T | NotRedacted:
    try:
        return step()
    except TranscriberError as error:
        return NotRedacted(path, error)
    except Exception as error:  # noqa: BLE001 - a defect met by one file must not cost the others
        return NotRedacted(path, Defect.of(error))


def _search(batch: _Batch, path: Path) -> _Searched:
    """Record what a file gives away by itself, and let the study know its names."""
    request, folder = batch.request, batch.folder
    sha256 = identify(path)
    document = _open(path)
    code = (
        folder.keep_name(path.stem, sha256, path.name)
        if request.keep_names
        else folder.code_for(sha256, path.name, CODE_PREFIX)
    )
    policy = joint(request.policies)
    added = [asdict(model) for model in policy.models]
    key = fingerprint(sha256, asdict(request.roster), sorted(policy.sought), policy.locale, added)
    journal = folder.journal(code)
    recorded = journal.load(DETECT.name, key)
    if recorded is None:
        found = detect_in_document(document, policy, request.roster, batch.detectors)
        journal.record(DETECT.name, key, Record(write_findings(found), 0))
    else:
        found = read_findings(recorded.result)
    batch.names.learn(code, found)
    introduce(found, request.roster, batch.register, texts_of(document), code)
    return _Searched(path, sha256, code, key)


def _write(batch: _Batch, searched: _Searched, known: Sequence[KnownName]) -> Redacted:
    request, folder, path = batch.request, batch.folder, searched.path
    if identify(path) != searched.sha256:
        raise _changed()
    document = _open(path)
    recorded = folder.journal(searched.code).load(DETECT.name, searched.fingerprint)
    if recorded is None:
        raise _changed()
    found = read_findings(recorded.result)
    found = spread_in_document(document, found, joint(request.policies), request.roster, known)
    source = Source(searched.code, path.suffix.lower(), document, request.roster)
    private = {f"{searched.code}.text.txt": document.text.encode()}
    made = []
    for number, policy in enumerate(request.policies):
        concerned = [finding for finding in found if policy.concerns(finding)]
        findings = apply_policy(
            concerned, policy, request.roster, batch.register, texts_of(document), source.code
        )
        name = policy.name if number else ""
        data, leaks, told = document_profile(source, policy, findings, name)
        files = folder.write(
            {f"{source.code}{source.suffix}": data},
            {**(private if not number else {}), **told},
            name,
        )
        made.append((replaced(findings), leaks, *files))
    removed, leaks = made[0][:2]
    return Redacted(
        path,
        source.code,
        removed,
        leaks,
        tuple(file for *_, redacted, _ in made for file in redacted),
        tuple(file for *_, private_ in made for file in private_),
    )


def _open(path: Path) -> Document:
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(
            "format_not_served",
            "This kind of file cannot be redacted. Save it as txt, vtt, srt, docx or json.",
        )
    return open_document(path.read_bytes(), suffix)


def _changed() -> InputError:
    return InputError(
        "changed_meanwhile",
        "This file was changed while the batch ran, so nothing was written of it. Run the same "
        "command again.",
    )
