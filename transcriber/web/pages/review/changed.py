"""Which turns another state of a review shows in another way: these alone are sent again."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from transcriber.domain.review import JudgedFinding, Note, Withheld
from transcriber.services.review.state import Review


@dataclass(frozen=True, slots=True)
class Changes:
    """Numbers of turns to be shown again, ids of those that are gone; None for both: all."""

    shown: tuple[int, ...]
    gone: tuple[str, ...]


def changes(before: Review, after: Review) -> Changes:
    """Compare two states of one transcript."""
    old = {before.transcript.words[t.first_word].id: t for t in before.turns}
    touched = _touched(before, after)
    same_words = before.transcript.words is after.transcript.words
    same_voices = before.transcript.speakers == after.transcript.speakers
    moved: set[str] = set()
    if not same_voices:
        were, are = _labels(before), _labels(after)
        # Colours go by the order of the voices.
        moved = {v for v in are if were.get(v) != are[v] or list(were) != list(are)}
    shown: list[int] = []
    kept: set[str] = set()
    for number, turn in enumerate(after.turns):
        words = after.transcript.words
        turn_id = words[turn.first_word].id
        kept.add(turn_id)
        was = old.get(turn_id)
        if was == turn and turn.speaker not in moved:
            span = range(turn.first_word, turn.last_word + 1)
            untouched = not any(word in touched for word in span) if touched else True
            if untouched and (
                same_words or all(words[n] is before.transcript.words[n] for n in span)
            ):
                continue
        shown.append(number)
    return Changes(tuple(shown), tuple(each for each in old if each not in kept))


def _labels(review: Review) -> dict[str, str]:
    return {speaker.id: speaker.label for speaker in review.transcript.speakers}


def _touched(before: Review, after: Review) -> frozenset[int]:
    """Return the words under marks, notes and passages that differ."""
    differing: set[int] = set()
    old: dict[Hashable, set[tuple[int, int]]] = defaultdict(set)
    new: dict[Hashable, set[tuple[int, int]]] = defaultdict(set)
    for review, known in ((before, old), (after, new)):
        for told, first, last in _told(review):
            known[told].add((first, last))
    for told in old.keys() | new.keys():
        for first, last in old.get(told, set()) ^ new.get(told, set()):
            differing.update(range(first, last + 1))
    return frozenset(differing)


def _told(review: Review) -> Iterator[tuple[Hashable, int, int]]:
    for judged in review.findings:
        place = judged.finding.place
        if place is not None:
            yield _of(judged), place.first_word, place.last_word
    stretches: tuple[Note | Withheld, ...] = (*review.notes, *review.withheld)
    for stretch in stretches:
        yield stretch.event, stretch.first_word, stretch.last_word


def _of(judged: JudgedFinding) -> Hashable:
    finding = judged.finding
    return (
        judged.state,
        finding.entity_type,
        finding.entity,
        finding.replacement,
        finding.text,
        finding.source,
    )
