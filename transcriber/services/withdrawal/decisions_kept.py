"""What people decided on the words of others, told anew of a transcript without what was withdrawn.

It is told as the state that it led to: each finding as it is now, who decided on it last, and when.
What was undone, and steps in between, are not told any more: they may quote what is gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from transcriber.domain.content import person_mark
from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FindingAccepted,
    FindingRejected,
    Heard,
    IdentifierMarked,
    Noted,
    PassageWithheld,
    SpeakerRenamed,
    TurnsRead,
    Verdict,
)
from transcriber.domain.errors import StorageError
from transcriber.domain.finding import PERSON_SOURCE, Finding
from transcriber.domain.fold import Fold
from transcriber.domain.mark import Mark, mark_of
from transcriber.domain.review import Event, FindingState, Origin
from transcriber.domain.transcript import Transcript
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN, Withdrawing
from transcriber.stages.name_spellings import is_named
from transcriber.stages.withdrawn import WithoutThem
from transcriber.stages.words import plain_words
from transcriber.storage.ids import new_id

FOUND_BEFORE = "found before"
"""The source of what the machine had found where somebody then marked another thing."""

NO_REASON = "withheld"
"""Instead of a reason that named whoever withdraws."""

_Told = list[tuple[int, Edit]]
"""Edits, each with the number of the event whose author and time it has."""


@dataclass(frozen=True)
class Kept:
    """What is found in the words that are left, and the events that make of it what it was."""

    findings: tuple[Finding, ...]
    events: tuple[Event, ...]


def decisions_kept(fold: Fold, left: WithoutThem, who: Withdrawing) -> Kept:
    """Tell all decisions anew that are not about what is gone.

    Raises StorageError `decisions_lost` where something would not be judged as it was.
    """
    quotes = _quotes(fold, left, who)
    marks = [
        _named(piece, left.transcript, quotes, who)
        for mark in fold.marks
        for piece in _pieces(mark, left)
    ]
    found = [
        finding.judged(left.transcript).finding
        for mark in marks
        for finding in _found(mark, left.transcript)
    ]
    told = [*_judgements(marks, left.transcript), *_passages(fold, left, who), *_voices(fold, left)]
    events = [
        replace(fold.events[number], edit=edit)
        for number, edit in sorted(told, key=lambda each: each[0])
    ]
    events += [*_checked(fold, left), *_nothing_to_check(left.transcript)]
    numbered = tuple(replace(event, number=number) for number, event in enumerate(events))
    again = Fold(left.transcript, found).extended(numbered)
    if sorted(map(_judged, again.marks)) != sorted(map(_judged, marks)):
        raise StorageError(
            "decisions_lost",
            "What people decided in this recording could not be kept as it was, so nothing was "
            "withdrawn from it. This is a fault in Transcriber; please report it with the version "
            "number.",
        )
    return Kept(tuple(found), numbered)


def findings_kept(
    fold: Fold, left: WithoutThem, who: Withdrawing, findings: Iterable[Finding]
) -> tuple[Finding, ...]:
    """Return findings of the machine that are not about what is gone, in what is left."""
    quotes = _quotes(fold, left, who)
    kept = [
        _named(piece, left.transcript, quotes, who).judged(left.transcript).finding
        for finding in findings
        for piece in _pieces(mark_of(finding, fold.raw), left)
    ]
    return tuple(sorted(kept, key=lambda finding: (finding.start, finding.end)))


def _pieces(mark: Mark, left: WithoutThem) -> Iterator[Mark]:
    """Yield what of a mark stands in words that are left, by the numbers that these have now."""
    runs: list[list[int]] = []
    for number in mark.words:
        if number in left.gone:
            continue
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = left.transcript.words
    for run in runs:
        first, last = left.places[run[0]], left.places[run[-1]]
        lead = mark.lead if run[0] == mark.first else 0
        trail = mark.trail if run[-1] == mark.last else 0
        length = sum(len(words[number].text) for number in range(first, last + 1))
        if lead + trail >= length:  # of a word that was corrected to a shorter one
            lead = trail = 0
        yield replace(mark, first=first, last=last, lead=lead, trail=trail)


def _quotes(fold: Fold, left: WithoutThem, who: Withdrawing) -> frozenset[str]:
    """Return the words that nobody says any more, and all that are names of whoever withdraws."""
    stay = {part for word in left.transcript.words for part in plain_words(word.text)}
    former = (fold.transcript.words[number].text for number in left.gone)
    gone = {part for text in former for part in plain_words(text)}
    names = {part for spelling in who.spellings for part in plain_words(spelling)}
    return frozenset(names | (gone - stay))


def _named(mark: Mark, transcript: Transcript, quotes: frozenset[str], who: Withdrawing) -> Mark:
    """Return a mark whose entity quotes nothing that is gone."""
    if mark.entity not in who.entities and quotes.isdisjoint(plain_words(mark.entity)):
        return mark
    text = " ".join(transcript.words[number].text for number in mark.words)
    return replace(mark, entity=text[mark.lead : len(text) - mark.trail].casefold())


def _is_told_as_marked(mark: Mark, transcript: Transcript) -> bool:
    """Whether marking the same words again makes the same mark."""
    return mark.state is FindingState.ADDED and (
        person_mark(transcript.words, mark.words, _marking(mark, transcript)).told == mark.told
    )


def _marking(mark: Mark, transcript: Transcript) -> IdentifierMarked:
    return IdentifierMarked(
        *_ends(transcript, mark.words), mark.entity_type, mark.replacement, mark.entity
    )


def _found(mark: Mark, transcript: Transcript) -> Iterator[Mark]:
    """Yield what is to be found in its words before anybody decides."""
    base = replace(mark, state=FindingState.PROPOSED, event=None, for_all=False, missed=False)
    if not _is_told_as_marked(mark, transcript):
        yield base
    elif not mark.missed:
        yield replace(base, source=FOUND_BEFORE)


def _judgements(marks: Sequence[Mark], transcript: Transcript) -> _Told:
    """Tell what people made of each finding."""
    told: _Told = []
    of_entity: defaultdict[tuple[object, str], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.by_machine:
            of_entity[mark.entity_type, mark.entity].append(mark)
        elif mark.event is not None and _is_told_as_marked(mark, transcript):
            told.append((mark.event, _marking(mark, transcript)))
        else:
            told += _verdict(mark, transcript)
    for alike in of_entity.values():
        if len({(mark.state, mark.event) for mark in alike}) > 1 or not alike[0].for_all:
            told += [one for mark in alike for one in _verdict(mark, transcript)]
            continue
        first = alike[0]
        is_accepted = first.state is FindingState.ACCEPTED
        verdict = Verdict.ACCEPT if is_accepted else Verdict.REJECT
        if first.event is not None:
            told.append((first.event, EntityDecided(first.entity_type, first.entity, verdict)))
    return told


def _verdict(mark: Mark, transcript: Transcript) -> Iterator[tuple[int, Edit]]:
    """Yield the decision on one finding; none where nobody has decided."""
    if mark.event is None or mark.state is FindingState.PROPOSED:
        return
    is_rejected = mark.state is FindingState.REJECTED
    kind = FindingRejected if is_rejected else FindingAccepted
    yield mark.event, kind(*_ends(transcript, mark.words))


def _passages(fold: Fold, left: WithoutThem, who: Withdrawing) -> _Told:
    """Tell what is withheld and noted, without what names whoever withdraws."""
    told: _Told = []
    for passage in fold.withheld:
        span = _left_of(range(passage.first_word, passage.last_word + 1), left)
        if span is not None:
            reason = NO_REASON if is_named(passage.reason, who.spellings) else passage.reason
            told.append((passage.event, PassageWithheld(*_ends(left.transcript, span), reason)))
    for note in fold.notes:
        span = _left_of(range(note.first_word, note.last_word + 1), left)
        if span is not None and not is_named(note.text, who.spellings):
            told.append((note.event, Noted(*_ends(left.transcript, span), note.text)))
    return told


def _left_of(former: range, left: WithoutThem) -> range | None:
    """Return where some words are now, None where all of them are gone."""
    if left.gone.issuperset(former):
        return None
    return range(left.places[former.start], left.places[former.stop - 1] + 1)


def _voices(fold: Fold, left: WithoutThem) -> _Told:
    """Tell who said whose a voice is."""
    labels = {speaker.id: speaker.label for speaker in left.transcript.speakers}
    named: dict[str, tuple[int, Edit]] = {}
    for number in fold.counting_numbers:
        edit = fold.events[number].edit
        if isinstance(edit, SpeakerRenamed) and labels.get(edit.speaker) == edit.label:
            named[edit.speaker] = number, edit
    return list(named.values())


def _checked(fold: Fold, left: WithoutThem) -> Iterator[Event]:
    """Yield who heard and who read words as they are, in the order in which they did."""
    runs: list[tuple[int, type[Heard] | type[TurnsRead], int, int]] = []
    for kind, seen in ((Heard, fold.heard), (TurnsRead, fold.read)):
        for place, number in enumerate(_of_places(seen, left)):
            if number is None:
                continue
            if runs and runs[-1][:2] == (number, kind) and runs[-1][3] == place - 1:
                runs[-1] = (number, kind, runs[-1][2], place)
            else:
                runs.append((number, kind, place, place))
    for number, kind, first, last in sorted(runs, key=lambda run: run[0]):
        edit = kind(*_ends(left.transcript, range(first, last + 1)))
        yield replace(fold.events[number], edit=edit)


def _of_places(seen: Sequence[int | None], left: WithoutThem) -> list[int | None]:
    """Return in which event a word that is left was seen, None where not all of it was."""
    of_place: defaultdict[int, list[int | None]] = defaultdict(list)
    for former, number in enumerate(seen):
        of_place[left.places[former]].append(number)
    found: list[int | None] = []
    for place in range(len(left.transcript.words)):
        known = [number for number in of_place[place] if number is not None]
        found.append(max(known) if len(known) == len(of_place[place]) else None)
    return found


def _nothing_to_check(transcript: Transcript) -> Iterator[Event]:
    """Yield that what nobody said was heard and read: nobody is to be asked for that."""
    batch = new_id()
    for word in transcript.words:
        if word.text == CONTRIBUTION_WITHDRAWN:
            yield Event(0, Heard(word.id, word.id), batch, Origin.MACHINE)
            yield Event(0, TurnsRead(word.id, word.id), batch, Origin.MACHINE)


def _ends(transcript: Transcript, words: range) -> tuple[str, str]:
    return transcript.words[words[0]].id, transcript.words[words[-1]].id


def _judged(mark: Mark) -> tuple[str, ...]:
    """Return what has to be the same of a finding, so that it can be compared and sorted.

    What a person marked and what they accepted of their own making is one and the same.
    """
    is_own = mark.source == PERSON_SOURCE and mark.state is FindingState.ADDED
    state = FindingState.ACCEPTED if is_own else mark.state
    return (*map(str, mark.told), state.value)
