"""The private files that tell what one policy made of one text: findings, key, reports."""

from collections.abc import Sequence

from transcriber.domain.finding import Finding
from transcriber.domain.leak_check import LeakCheck
from transcriber.domain.residual_risk import ResidualRisk
from transcriber.exports.findings_json import write_findings
from transcriber.exports.key_csv import write_key
from transcriber.exports.report_csv import write_private_csv, write_safe_csv
from transcriber.exports.report_html import RedactedText, write_safe_report
from transcriber.exports.risk_html import write_risk


def profile_files(
    source: RedactedText,
    findings: Sequence[Finding],
    leaks: LeakCheck,
    risk: ResidualRisk,
    report: bytes,
    profile: str = "",
) -> dict[str, bytes]:
    """Return the files by name; those of a further profile carry its name.

    `report` is the private page, which differs between recordings and documents.
    """
    end = f"-{profile}" if profile else ""
    return {
        f"{source.code}.findings{end}.json": write_findings(findings),
        f"{source.code}.key{end}.csv": write_key(findings),
        f"{source.code}.report{end}.html": report,
        f"{source.code}.report{end}.csv": write_private_csv(findings, source.original, leaks),
        f"{source.code}.safe-report{end}.html": write_safe_report(source, findings, leaks),
        f"{source.code}.safe-report{end}.csv": write_safe_csv(findings, source.original, leaks),
        f"{source.code}.risk{end}.html": write_risk(source.study, source.code, risk),
    }
