"""Everything that is found in one document and written of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transcriber.domain.finding import Action, Finding
from transcriber.domain.known_name import KnownName
from transcriber.domain.leak_check import LeakCheck
from transcriber.domain.policy import Policy
from transcriber.domain.redacted import Checked
from transcriber.domain.roster import Roster
from transcriber.exports.documents import Document, Replacement, open_document
from transcriber.exports.file_check import check_files
from transcriber.exports.report_html import RedactedText, write_text_report
from transcriber.services.profile_files import profile_files
from transcriber.stages.detect import detect, spread
from transcriber.stages.protocols import Detector
from transcriber.stages.pseudonymise.apply import Texts
from transcriber.stages.residual_risk.combine import residual_risk, talk_of_lines
from transcriber.stages.second_look.check import check_text_leaks, second_look


@dataclass(frozen=True)
class Source:
    """A document with its code, its file name's ending, and the names known beforehand."""

    code: str
    suffix: str
    document: Document
    roster: Roster


def texts_of(document: Document) -> Texts:
    """Return the texts that findings point into, the body first."""
    texts: dict[str | None, str] = {None: document.text}
    texts.update(document.parts)
    return texts


def detect_in_document(
    document: Document, policy: Policy, roster: Roster, detectors: Sequence[Detector]
) -> tuple[Finding, ...]:
    """Find identifiers in the body and, marked with their `part`, everywhere else."""
    return tuple(
        replace(finding, part=part)
        for part, text in texts_of(document).items()
        for finding in detect(text, policy, roster, detectors)
    )


def spread_in_document(
    document: Document,
    found: Sequence[Finding],
    policy: Policy,
    roster: Roster,
    known: Sequence[KnownName],
) -> tuple[Finding, ...]:
    """Return `found` with every mention of what the study knows: notes know the body's names."""

    def everywhere() -> Iterator[Finding]:
        for part, text in texts_of(document).items():
            here = [finding for finding in found if finding.part == part]
            for finding in spread(text, here, policy, roster, known):
                yield replace(finding, part=part)

    return tuple(everywhere())


def document_profile(
    source: Source, policy: Policy, findings: Sequence[Finding], profile: str
) -> tuple[bytes, LeakCheck, dict[str, bytes]]:
    """Return what one policy makes of a document, a second look at it, and the private files."""
    code, document = source.code, source.document
    data = _rewritten(document, findings)
    original, output = texts_of(document), texts_of(open_document(data, source.suffix))
    look = second_look(findings, source.roster, policy)
    leaks = check_text_leaks(output, look, [("code", code)])
    leaks = leaks.merged(check_files({f"{code}{source.suffix}": data}, look))
    text = RedactedText(code, original, output)
    risk = residual_risk(talk_of_lines(document.text), findings, policy, source.roster)
    page = write_text_report(text, findings, leaks)
    return data, leaks, profile_files(text, findings, leaks, risk, page, profile)


def _rewritten(document: Document, findings: Sequence[Finding]) -> bytes:
    def changes(part: str | None) -> list[Replacement]:
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
