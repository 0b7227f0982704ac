"""How much of what redaction missed the second look sees: `python -m tests.benchmarks.second_look`.

The annotated interviews are redacted twice: by the detectors, and by the gold with every tenth
direct mention left standing, so that catching is measured on more than the detectors' few misses.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence

from tests.interviews import Interview, Mention, interviews
from transcriber.bootstrap import build_detectors
from transcriber.domain.finding import INDIRECT, Action, EntityType, Finding
from transcriber.domain.leak_check import LeakCheck, Verdict
from transcriber.domain.policy import Policy, Style
from transcriber.domain.roster import Roster
from transcriber.stages.detect import detect
from transcriber.stages.second_look.check import check_text_leaks, second_look

LEFT_EVERY = 10
Redaction = Callable[[Interview, str], Sequence[Finding]]


def main() -> None:
    """Print a line for each way to redact, cased and lower-cased."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    detectors = build_detectors()
    served = frozenset(kind for detector in detectors for kind in detector.serves())
    removed = {k: Action.REPLACE for k in EntityType if k not in INDIRECT and k in served}
    policy = Policy("all", Style.LABEL, removed)

    def by_detectors(interview: Interview, text: str) -> Sequence[Finding]:
        return _replaced(detect(text, policy, interview.roster or Roster(), detectors))

    for title, redaction in (("detectors", by_detectors), ("gold less a tenth", _by_gold)):
        for lower in (False, True):
            _measure(f"{title}, {'lower' if lower else 'as written'}", redaction, policy, lower)


def _by_gold(interview: Interview, text: str) -> Sequence[Finding]:
    found = []
    for number, mention in enumerate(m for m in interview.gold if m.group in ("direct", "quasi")):
        if mention.group == "direct" and number % LEFT_EVERY == 0:
            continue
        words = text[mention.start : mention.end]
        kind = EntityType(mention.type)
        found.append(Finding(mention.start, mention.end, kind, words, 1.0, "gold"))
    return _replaced(found)


def _replaced(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            *(f.start, f.end, f.entity_type, f.text, f.score, f.source),
            action=Action.REPLACE,
            replacement=f"[{f.entity_type}_{number}]",
        )
        for number, f in enumerate(findings)
    )


def _measure(title: str, redaction: Redaction, policy: Policy, lower: bool) -> None:
    words = places = 0
    counts: Counter[str] = Counter()
    for interview in interviews():
        text = interview.text.lower() if lower else interview.text
        findings = redaction(interview, text)
        output, origin = _written(text, findings)
        look = second_look(findings, interview.roster or Roster(), policy)
        check = check_text_leaks({None: output}, look)
        words += len(output.split())
        places += len(check.leaks)
        counts[check.verdict] += 1
        pointed, blocked = _pointed(output, origin, check)
        covered = {n for f in findings for n in range(f.start, f.end)}
        for mention in interview.gold:
            if mention.group == "direct":
                _count(counts, _left(text, mention, covered), pointed, blocked)
    leaked = counts["leaked"] or 1
    print(
        f"{title}: {1000 * places / words:.1f} places per 1,000 words; "
        f"{counts['leaked']} direct mentions left, {counts['seen'] / leaked:.0%} seen, "
        f"{counts['blocked'] / leaked:.0%} blocked; "
        f"{', '.join(f'{counts[v]} {v.value}' for v in Verdict)}"
    )


def _count(counts: Counter[str], left: set[int], pointed: set[int], blocked: set[int]) -> None:
    if left:
        counts["leaked"] += 1
        counts["seen"] += bool(left & pointed)
        counts["blocked"] += bool(left & blocked)


def _left(text: str, mention: Mention, covered: set[int]) -> set[int]:
    return {n for n in range(mention.start, mention.end) if text[n].isalnum()} - covered


def _written(text: str, findings: Sequence[Finding]) -> tuple[str, list[int]]:
    """Return the output, and for each of its characters where it stood, -1 if in no input."""
    output, origin, position = "", [], 0
    for finding in sorted(findings, key=lambda finding: finding.start):
        replacement = finding.replacement or ""
        output += text[position : finding.start] + replacement
        origin += [*range(position, finding.start), *[-1] * len(replacement)]
        position = finding.end
    return output + text[position:], origin + list(range(position, len(text)))


def _pointed(output: str, origin: Sequence[int], check: LeakCheck) -> tuple[set[int], set[int]]:
    starts = [0]
    for line in output.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    pointed: set[int] = set()
    blocked: set[int] = set()
    for leak in check.leaks:
        offset = starts[leak.line - 1]
        there = set(origin[offset + leak.start : offset + leak.end])
        pointed |= there
        blocked |= there if leak.verdict is Verdict.BLOCK else set()
    return pointed, blocked


if __name__ == "__main__":
    main()
