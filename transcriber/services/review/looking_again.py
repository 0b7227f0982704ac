"""What detection finds in words that people changed, and where else a new name is said."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from transcriber.domain.edit import (
    FoundAgain,
    IdentifierMarked,
    WordCorrected,
    WordsRestored,
)
from transcriber.domain.finding import Finding
from transcriber.domain.fold import Fold
from transcriber.domain.known_name import KnownName
from transcriber.domain.mark import Mark, mark_of, told_here
from transcriber.domain.policy import Policy
from transcriber.domain.review import FindingState
from transcriber.domain.roster import Roster
from transcriber.services.known_names import TYPES, given_away
from transcriber.services.review.steps import target_of
from transcriber.stages.detect import detect, spread
from transcriber.stages.overlaps import resolve
from transcriber.stages.protocols import Detector


@dataclass(frozen=True)
class Means:
    """With what is looked: a study's policy and roster, and what finds identifiers."""

    policy: Policy
    roster: Roster
    detectors: Sequence[Detector]


def changed_words(fold: Fold, number: int) -> frozenset[int]:
    """Return the words that events from `number` on corrected, restored or marked, or undid so."""
    changed: set[int] = set()
    for event in fold.events[number:]:
        edit = target_of(fold.events, event.edit)
        if isinstance(edit, WordCorrected):
            changed.update(fold.numbers_of(edit.word, edit.word))
        elif isinstance(edit, WordsRestored | IdentifierMarked):
            changed.update(fold.numbers_of(edit.first, edit.last))
    return frozenset(changed)


def marked_names(fold: Fold, number: int) -> tuple[KnownName, ...]:
    """Return the names that people marked in events from `number` on, where they still count."""
    counting = set(fold.counting_numbers)
    shown = {judged.event: judged.finding for judged in fold.findings}
    names = []
    for event in fold.events[number:]:
        finding = shown.get(event.number)
        if event.number in counting and isinstance(event.edit, IdentifierMarked) and finding:
            names.append(finding)
    return _known(names, by_person=True)


def around(fold: Fold, changed: Iterable[int]) -> Iterator[range]:
    """Yield runs of words: the turns of some words, each with its neighbours."""
    near: set[int] = set()
    for word in changed:
        turn = fold.turns_of(range(word, word + 1))[0]
        near.update({turn - 1, turn, turn + 1} & set(range(len(fold.turns))))
    run: list[int] = []
    for turn in sorted(near):
        if run and turn != run[-1] + 1:
            yield _words(fold, run)
            run = []
        run.append(turn)
    if run:
        yield _words(fold, run)


def found_again(
    fold: Fold, words: range, changed: frozenset[int], means: Means, known: Sequence[KnownName]
) -> tuple[Finding, ...]:
    """Return what the machine finds in a run of whole turns, looking at it as it is now.

    What it had found in words that did not change stays, because there was more to go by then: the
    sound, and the whole talk. So does what it had found in a word that was corrected to another
    with a capital. What is new has no action yet.

    Raises RedactionRefused where a type has no detector.
    """
    transcript = fold.transcript
    start, end = transcript.layout.offsets(words[0], words[-1])
    text = transcript.text[start:end]
    found = detect(text, means.policy, means.roster, means.detectors, quality=transcript.quality)
    found = spread(text, found, means.policy, means.roster, known)
    before = [
        mark.judged(transcript).finding
        for mark in fold.marks.inside(words)
        if mark.by_machine and _holds_on(fold, mark, changed)
    ]
    taken = {(finding.start, finding.end, finding.entity_type) for finding in before}
    anew = [_moved(finding, start) for finding in found]
    fresh = [f for f in anew if (f.start, f.end, f.entity_type) not in taken]
    return tuple(
        replace(finding, place=None) for finding in resolve(transcript.text, [*before, *fresh])
    )


def mentions(fold: Fold, names: Sequence[KnownName], means: Means) -> tuple[Finding, ...]:
    """Return where some names are said in a recording and nothing is marked yet."""
    if not names:
        return ()
    there = sorted((judged.finding for judged in fold.findings), key=lambda each: each.start)
    starts = [finding.start for finding in there]
    ends = list(accumulate((finding.end for finding in there), max))
    text = fold.transcript.text
    everywhere = spread(text, _apart(there), means.policy, means.roster, names)
    found = []
    for finding in everywhere:
        before = bisect_left(starts, finding.end)
        if not before or ends[before - 1] <= finding.start:
            found.append(finding)
    return tuple(found)


def revealed(
    fold: Fold, found: Iterable[Finding], changed: frozenset[int]
) -> tuple[KnownName, ...]:
    """Return the names among findings that stand in words which were changed."""
    transcript = fold.transcript
    marks = ((mark_of(finding, transcript), finding) for finding in found)
    there = [finding for mark, finding in marks if changed.intersection(mark.words)]
    return _known(given_away(there))


def as_event(fold: Fold, words: range, found: Sequence[Finding]) -> FoundAgain | None:
    """Return the event that tells what was found in some words, None where nothing is another."""
    transcript = fold.transcript
    marks = [mark_of(finding, transcript) for finding in found]
    before = {mark.told for mark in fold.marks.inside(words) if mark.by_machine}
    decided = [mark for mark in fold.marks.touching(words) if not mark.by_machine]
    after = {mark.told for mark in marks if not any(_same_words(mark, one) for one in decided)}
    if after == before:
        return None
    return FoundAgain(
        transcript.words[words[0]].id,
        transcript.words[words[-1]].id,
        tuple(told_here(mark, transcript) for mark in marks),
    )


def _same_words(mark: Mark, decided: Mark) -> bool:
    return decided.first <= mark.first and mark.last <= decided.last


def _holds_on(fold: Fold, mark: Mark, changed: frozenset[int]) -> bool:
    if mark.state is FindingState.REJECTED:
        return True
    texts = [fold.transcript.words[word].text for word in mark.words if word in changed]
    return all(any(sign.isupper() or sign.isdecimal() for sign in text) for text in texts)


def _known(findings: Iterable[Finding], *, by_person: bool = False) -> tuple[KnownName, ...]:
    names = (
        KnownName(
            *(finding.text, finding.entity_type, finding.entity or finding.text.casefold()),
            by_person=by_person,
        )
        for finding in findings
        if finding.entity_type in TYPES
    )
    return tuple(dict.fromkeys(names))


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings in order, none inside another, as those who search for more expect them."""
    apart: list[Finding] = []
    for finding in findings:
        if not apart or finding.start >= apart[-1].end:
            apart.append(finding)
    return apart


def _moved(finding: Finding, by: int) -> Finding:
    return replace(finding, start=finding.start + by, end=finding.end + by, place=None)


def _words(fold: Fold, turns: Sequence[int]) -> range:
    shown = fold.turns
    return range(shown[turns[0]].first_word, shown[turns[-1]].last_word + 1)
