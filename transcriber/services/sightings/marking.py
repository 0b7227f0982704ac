"""Marking what was seen in the recordings of recalled releases, which are to be checked again.

What is written as it was seen is marked by whoever answered the report. What only sounds like it is
put before a person as a finding of the machine's.
"""

import logging
from collections.abc import Iterator, Sequence

from transcriber.domain.edit import IdentifierMarked
from transcriber.domain.errors import TranscriberError
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.review import JudgedFinding
from transcriber.domain.sighting import SeenPlace
from transcriber.services.review.decide import MOST_AT_ONCE, Step, decide_once
from transcriber.services.review.redetect import propose
from transcriber.services.review.state import Review, review_of
from transcriber.services.store import Store
from transcriber.storage.database.sightings import HoldingRelease, Sighting

BY_SOUND = "sounds like what was seen"
"""The source of a finding that is put before a person."""
SOUNDING_SCORE = 0.6
UNREACHABLE = frozenset({"not_ready", "not_found", "draft_words"})
"""A recording that is transcribed anew or erased: its words are found by other ways, or gone."""
LONGEST_PLACE = 60
"""Words after the beginning of a place among which its end is sought."""

Words = tuple[int, int]

_log = logging.getLogger(__name__)


def mark_recalled(store: Store) -> None:
    """Mark whatever is not marked yet; what cannot be now is left for the next time.

    To do it twice changes nothing. Raises StorageError when the database is away.
    """
    with store.database.read() as connection:
        waiting = store.sightings.unmarked(connection)
    for sighting, row in waiting:
        try:
            _mark(store, sighting, row)
        except TranscriberError as error:
            if error.code not in UNREACHABLE:
                _log.warning("marking what was seen: %s", error.code)
                continue
        with store.database.write() as connection:
            store.sightings.note_marked(connection, row.id)


def _mark(store: Store, sighting: Sighting, row: HoldingRelease) -> None:
    kind = sighting.entity_type
    if row.places is None or kind is None or sighting.answered_by is None:
        return
    places = dict.fromkeys(place for text in row.places for place in text)
    review = review_of(store, sighting.study_id, row.recording_id)
    exact = list(_spans(review, [place for place in places if not place.by_sound]))
    ids, seen = review.transcript.words, review.number
    marks = [IdentifierMarked(ids[first].id, ids[last].id, kind) for first, last in exact]
    for begin in range(0, len(marks), MOST_AT_ONCE):
        edits = marks[begin : begin + MOST_AT_ONCE]
        step = Step(sighting.answered_by, sighting.study_id, row.recording_id)
        seen = decide_once(store, step, edits, seen).number
    sounding = [place for place in places if place.by_sound]

    def found(now: Review) -> Sequence[Finding]:
        return [_finding(now, span, kind) for span in _spans(now, sounding)]

    propose(store, sighting.study_id, row.recording_id, found)


def _spans(review: Review, places: Sequence[SeenPlace]) -> Iterator[Words]:
    """Yield the words of places that nothing stands for yet."""
    replaced = {
        word
        for judged in review.findings
        if _is_replaced(judged) and judged.finding.place is not None
        for word in range(judged.finding.place.first_word, judged.finding.place.last_word + 1)
    }
    spans = dict.fromkeys(span for place in places if (span := _words_of(review, place)))
    for first, last in spans:
        if not replaced.issuperset(range(first, last + 1)):
            yield first, last


def _words_of(review: Review, place: SeenPlace) -> Words | None:
    """Return the words of a place, None where they are in this transcript no more."""
    words = review.transcript.words
    begin = next((number for number, word in enumerate(words) if word.id == place.turn), None)
    if begin is None:
        return None
    times = range(begin, len(words))
    first = next((number for number in times if words[number].start_ms == place.first_ms), None)
    if first is None:
        return None
    ends = range(first, min(first + LONGEST_PLACE, len(words)))
    last = next((number for number in ends if words[number].start_ms == place.last_ms), None)
    return None if last is None else (first, last)


def _is_replaced(judged: JudgedFinding) -> bool:
    return not judged.leaves and judged.finding.replacement is not None


def _finding(review: Review, span: Words, kind: EntityType) -> Finding:
    start, end = review.transcript.layout.offsets(*span)
    text = review.transcript.text[start:end]
    return Finding(start, end, kind, text, SOUNDING_SCORE, BY_SOUND, text.casefold())
