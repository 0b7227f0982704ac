"""Take identifiers out of transcripts that people already have."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from transcriber.domain.errors import Defect, InputError, TranscriberError
from transcriber.domain.finding import Action, Finding
from transcriber.domain.policy import Policy
from transcriber.domain.redacted import Checked
from transcriber.domain.roster import Roster
from transcriber.exports.documents import Document, open_document
from transcriber.exports.findings_json import write_findings
from transcriber.exports.key_csv import write_key
from transcriber.services.source import identify
from transcriber.stages.detect import detect
from transcriber.stages.protocols import Detector
from transcriber.stages.pseudonymise import apply_policy
from transcriber.storage.register import SqliteRegister
from transcriber.storage.study_folder import StudyFolder

CODE_PREFIX = "T"
FORMATS = (".txt", ".vtt", ".srt", ".docx", ".json")


@dataclass(frozen=True)
class RedactRequest:
    """What a person asked for; `keep_names` uses the input's file stem as its code."""

    inputs: tuple[Path, ...]
    out: Path
    roster: Roster
    policy: Policy
    keep_names: bool = False


@dataclass(frozen=True)
class Redacted:
    """A transcript whose redacted copy is on the disk."""

    input: Path
    code: str
    findings: tuple[Finding, ...]
    redacted_files: tuple[Path, ...]
    private_files: tuple[Path, ...]

    @property
    def removed(self) -> Counter[str]:
        """How many findings of each type were replaced."""
        return Counter(f.entity_type.value for f in self.findings if f.replacement is not None)


@dataclass(frozen=True)
class NotRedacted:
    """An input that gave no results, and why."""

    input: Path
    error: TranscriberError


def redact_files(
    request: RedactRequest, detectors: Sequence[Detector]
) -> list[Redacted | NotRedacted]:
    """Redact every file; one that fails never stops the others.

    Raises StorageError when the output folder itself cannot be used.
    """
    folder = StudyFolder(request.out)
    with folder.only_one():
        return [_attempt(path, request, folder, detectors) for path in request.inputs]


def _attempt(
    path: Path, request: RedactRequest, folder: StudyFolder, detectors: Sequence[Detector]
) -> Redacted | NotRedacted:
    try:
        return _redact(path, request, folder, detectors)
    except TranscriberError as error:
        return NotRedacted(path, error)
    except Exception as error:  # noqa: BLE001 - a defect met by one file must not cost the others
        return NotRedacted(path, Defect.of(error))


def _redact(
    path: Path, request: RedactRequest, folder: StudyFolder, detectors: Sequence[Detector]
) -> Redacted:
    sha256 = identify(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(
            "format_not_served",
            "This kind of file cannot be redacted. Save it as txt, vtt, srt, docx or json.",
        )
    document = open_document(path.read_bytes(), suffix)
    code = (
        folder.keep_name(path.stem, sha256, path.name)
        if request.keep_names
        else folder.code_for(sha256, path.name, CODE_PREFIX)
    )
    register = SqliteRegister(folder.private / "register.sqlite")
    found = detect_in_document(document, request, detectors)
    findings = apply_policy(found, request.policy, request.roster, register)
    redacted_files, private_files = folder.write(
        {f"{code}{suffix}": _rewritten(document, findings)},
        {
            f"{code}.text.txt": document.text.encode(),
            f"{code}.findings.json": write_findings(findings),
            f"{code}.key.csv": write_key(findings),
        },
    )
    return Redacted(path, code, findings, redacted_files, private_files)


def detect_in_document(
    document: Document, request: RedactRequest, detectors: Sequence[Detector]
) -> tuple[Finding, ...]:
    """Find identifiers in the body and, marked with their `part`, everywhere else."""
    found = list(detect(document.text, request.policy, request.roster, detectors))
    for part, text in document.parts.items():
        found += [
            replace(finding, part=part)
            for finding in detect(text, request.policy, request.roster, detectors)
        ]
    return tuple(found)


def _rewritten(document: Document, findings: Sequence[Finding]) -> bytes:
    def changes(part: str | None) -> list[tuple[int, int, str]]:
        return [
            (finding.start, finding.end, finding.replacement)
            for finding in findings
            if finding.part == part
            and finding.replacement is not None
            and finding.action in (Action.REPLACE, Action.GENERALISE)
        ]

    return document.rewrite(
        changes(None), {part: changes(part) for part in document.parts}, Checked.NO.value
    )
