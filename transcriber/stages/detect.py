"""From text to findings: sorted, without overlap, whole words, and complete or not at all."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from transcriber.domain.errors import RedactionRefused
from transcriber.domain.finding import Finding, Place
from transcriber.domain.known_name import KnownName
from transcriber.domain.policy import Policy
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Quality, Transcript
from transcriber.stages.draft_names import is_credible
from transcriber.stages.generalise.apply import GENERALISED
from transcriber.stages.overlaps import resolve, whole_words
from transcriber.stages.propagate import mentions_of_known, propagated
from transcriber.stages.protocols import Detector
from transcriber.stages.speaker_labels import label_spans
from transcriber.stages.words import plain_words, words_of

LABEL = re.compile(r"\[[A-Z]+(?:_[A-Z]+)*_?\d+\]")
"""What an earlier run wrote, such as `[P01]` and `[WEB_ADDRESS_2]`."""


def detect(
    text: str,
    policy: Policy,
    roster: Roster,
    detectors: Sequence[Detector],
    heard: Sequence[Finding] = (),
    quality: Quality = Quality.FULL,
) -> tuple[Finding, ...]:
    """Find every identifier that the policy seeks and the text gives away by itself.

    `heard` was found in the sound already. In the words of a draft a name needs more proof.

    Findings are in order, never overlap, never cross a line feed and hold whole words, with a
    possessive `'s` outside; `finding.text == text[finding.start:finding.end]`. What lies inside an
    entry of `roster.keep`, a speaker's code, or what an earlier run generalised, is no finding.
    Raises RedactionRefused with code `type_not_served` when the policy seeks a type that no
    detector is able to find (DESIGN: fail closed).
    """
    _require_served(policy, detectors)
    detected = [
        finding
        for finding in _detected(text, policy, roster, detectors)
        if quality is Quality.FULL or is_credible(finding)
    ]
    found = [
        piece
        for finding in (*detected, *heard)
        if finding.entity_type in policy.sought
        for piece in whole_words(text, finding)
    ]
    kept = _kept_spans(text, roster)
    certain = _without_kept(found, kept)
    others = _without_kept(propagated(text, resolve(text, certain)), kept)
    return resolve(text, [*certain, *others])


def spread(
    text: str,
    found: Sequence[Finding],
    policy: Policy,
    roster: Roster,
    known: Sequence[KnownName],
) -> tuple[Finding, ...]:
    """Return what `detect` found, and the mentions of what other texts of the study gave away.

    Names of the roster are left out: they were sought in every text. What holds for the findings
    of `detect` holds for these.
    """
    rostered = {plain_words(name) for name in roster.names}
    names = [
        name
        for name in known
        if name.entity_type in policy.sought and plain_words(name.name) not in rostered
    ]
    others = mentions_of_known(text, found, names)
    return resolve(text, [*found, *_without_kept(others, _kept_spans(text, roster))])


def _detected(
    text: str, policy: Policy, roster: Roster, detectors: Sequence[Detector]
) -> Iterator[Finding]:
    # A label is no word: `[P01]` followed by "oh seven" must not be read as a number.
    silent = LABEL.sub(lambda label: f"[{'.' * (len(label[0]) - 2)}]", text)
    for detector in detectors:
        for found in detector.detect(silent, policy.sought, roster, policy.locale):
            yield replace(found, text=text[found.start : found.end])


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
    rostered = (
        (words[first].start, words[last].end)
        for name in roster.keep
        for first, last in words.occurrences(plain_words(name))
    )
    written = (mark.span() for form in (GENERALISED, LABEL) for mark in form.finditer(text))
    return [*rostered, *written, *label_spans(text)]


def _without_kept(findings: Iterable[Finding], kept: Sequence[tuple[int, int]]) -> list[Finding]:
    """Drop findings of which no more than one letter or digit, as of an `'s`, is not kept."""
    spans = sorted(kept)
    starts = [start for start, _ in spans]
    longest = max((end - start for start, end in spans), default=0)

    def is_kept(finding: Finding) -> bool:
        first = bisect_left(starts, finding.start - longest)
        near = spans[first : bisect_right(starts, finding.end)]
        left = sum(
            sign.isalnum() and not any(start <= place < end for start, end in near)
            for place, sign in enumerate(finding.text, start=finding.start)
        )
        return bool(near) and left <= 1

    return [finding for finding in findings if not is_kept(finding)]
