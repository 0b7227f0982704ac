"""From text to findings: sorted, without overlap, whole words, and complete or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from transcriber.domain.errors import RedactionRefused
from transcriber.domain.finding import Finding, Place
from transcriber.domain.policy import Policy
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Transcript
from transcriber.stages.overlaps import resolve, whole_words
from transcriber.stages.propagate import propagated
from transcriber.stages.protocols import Detector
from transcriber.stages.words import plain_words, words_of


def detect(
    text: str, policy: Policy, roster: Roster, detectors: Sequence[Detector]
) -> tuple[Finding, ...]:
    """Find every identifier that the policy seeks.

    Findings are in order, never overlap, never cross a line feed and hold whole words, with a
    possessive `'s` outside; `finding.text == text[finding.start:finding.end]`. What lies inside an
    entry of `roster.keep` is no finding. Raises RedactionRefused with code `type_not_served` when
    the policy seeks a type that no detector is able to find (DESIGN: fail closed).
    """
    _require_served(policy, detectors)
    found = [
        piece
        for detector in detectors
        for finding in detector.detect(text, policy.sought, roster)
        if finding.entity_type in policy.sought
        for piece in whole_words(text, finding)
    ]
    kept = _kept_spans(text, roster)
    certain = _without_kept(found, kept)
    others = _without_kept(propagated(text, resolve(text, certain)), kept)
    return resolve(text, [*certain, *others])


def locate(findings: Iterable[Finding], transcript: Transcript) -> tuple[Finding, ...]:
    """Give findings in `transcript.text` their word numbers and times in the recording."""
    return tuple(replace(f, place=_place(f, transcript)) for f in findings)


def _place(finding: Finding, transcript: Transcript) -> Place:
    first, last = transcript.layout.word_range(finding.start, finding.end)
    spoken = transcript.words[first : last + 1]
    # Words of talk over talk may end out of order.
    return Place(first, last, spoken[0].start_ms, max(word.end_ms for word in spoken))


def _require_served(policy: Policy, detectors: Sequence[Detector]) -> None:
    served = frozenset(kind for detector in detectors for kind in detector.serves())
    missing = sorted(policy.sought - served)
    if missing:
        raise RedactionRefused(
            "type_not_served",
            f"The policy asks for {', '.join(missing)}, which no installed detector finds, so "
            "nothing was redacted. Take these types out of the policy or install a detector "
            "that serves them.",
        )


def _kept_spans(text: str, roster: Roster) -> list[tuple[int, int]]:
    words = words_of(text)
    return [
        (words[first].start, words[last].end)
        for name in roster.keep
        for first, last in words.occurrences(plain_words(name))
    ]


def _without_kept(findings: Iterable[Finding], kept: Sequence[tuple[int, int]]) -> list[Finding]:
    return [
        finding
        for finding in findings
        if not any(start <= finding.start and finding.end <= end for start, end in kept)
    ]
