"""Certain findings that the reviewer is not shown, to learn how much somebody like that overlooks.

Fifty a study, drawn at random, a share from each recording when its checking begins. They stay
redacted in everything that leaves. Whoever shows findings, counts them or lists entities goes by
the review `as_shown`. Drawing depends on a secret of the study, so nobody can foretell it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, select

from transcriber.domain.finding import PERSON_SOURCE, Action, Finding
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.sample_kind import SampleKind
from transcriber.domain.transcript import Transcript
from transcriber.services.latest import Latest
from transcriber.services.review.hidden_outcomes import Hidden, Outcome, outcomes_of
from transcriber.services.review.state import FoldKey, Review
from transcriber.services.store import Store
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.database.samples import Sample
from transcriber.storage.database.studies import lock_study
from transcriber.storage.database.tables import RECORDING

HIDDEN_PER_STUDY = 50
CERTAIN = 0.85
"""The score from which a finding counts as certain."""

LARGEST_PART = 10
"""At most one in so many of a recording's certain findings is hidden, and none where there
are fewer: the rest guides the eye."""


@dataclass(frozen=True, slots=True)
class _Question:
    transcript_id: str
    hidden: Hidden


_QUESTION = TypeAdapter(_Question)
_NONE_TO_HIDE: Latest[FoldKey, bool] = Latest(1_000)
"""Recordings in which nothing is hidden, so that no look at them draws again."""
_OUTCOME = TypeAdapter(Outcome)


def hidden_findings(store: Store, review: Review) -> frozenset[Hidden]:
    """Return the findings that nobody is to be shown now; draws them when asked first.

    Those that the reviewer has marked, and all after sign-off, are hidden no more.
    Raises StorageError.
    """
    (hidden,) = _hidden(store, [review])
    return hidden


def as_shown(store: Store, review: Review) -> Review:
    """Return a review as people may see it: without what is hidden from them, and its numbers."""
    (shown,) = all_as_shown(store, [review])
    return shown


def all_as_shown(store: Store, reviews: Sequence[Review]) -> tuple[Review, ...]:
    """Return several reviews of a study so."""
    return tuple(
        replace(review, unseen=frozenset((one.first, one.last) for one in hidden))
        for review, hidden in zip(reviews, _hidden(store, reviews), strict=True)
    )


def _hidden(store: Store, reviews: Sequence[Review]) -> list[frozenset[Hidden]]:
    ids = [review.recording.id for review in reviews]
    with store.database.read() as connection:
        asked = _asked(store, connection, reviews)
        rows = rows_of(connection, ids)
    signed = {row.id for row in rows if row.state is RecordingState.SIGNED_OFF}
    found = []
    for review, known in zip(reviews, asked, strict=True):
        if review.recording.id in signed:
            found.append(frozenset[Hidden]())
            continue
        drawn = known or _drawn(store, review)
        still = [question.hidden for sample, question in drawn if sample.answer is None]
        outcomes = zip(still, outcomes_of(review, still), strict=True)
        found.append(frozenset(hidden for hidden, now in outcomes if now is Outcome.OPEN))
    return found


def settle_hidden(store: Store, connection: Connection, review: Review) -> tuple[Hidden, ...]:
    """Keep what was caught by sign-off, in its transaction; return what the reviewer overlooked.

    Once settled they are shown as any other; a second sign-off changes no outcome.
    """
    missed = []
    (asked,) = _asked(store, connection, [review])
    by_now = outcomes_of(review, [question.hidden for _, question in asked])
    for (sample, question), now in zip(asked, by_now, strict=True):
        outcome: Outcome = Outcome.MISSED if now is Outcome.OPEN else now
        if sample.answer is None:
            store.samples.answer(connection, sample, _OUTCOME.dump_json(outcome))
        else:
            outcome = _OUTCOME.validate_json(sample.answer)
        if outcome is Outcome.MISSED:
            missed.append(question.hidden)
    return tuple(missed)


def settled(store: Store, connection: Connection, study_id: str) -> dict[str, list[Outcome]]:
    """Return what became of the hidden findings of signed-off recordings, by recording."""
    found: dict[str, list[Outcome]] = {}
    for sample in store.samples.of_study(connection, study_id, SampleKind.HIDDEN):
        if sample.answer is not None:
            outcome = _OUTCOME.validate_json(sample.answer)
            found.setdefault(sample.recording_id, []).append(outcome)
    return found


_Drawn = list[tuple[Sample, _Question]]


def _drawn(store: Store, review: Review) -> _Drawn:
    """Draw the share of a recording where nothing was drawn yet, and return it."""
    if _NONE_TO_HIDE.get(review.key):
        return []
    with store.database.read() as connection:
        found = store.transcripts.findings(connection, review.stored)
    candidates = certain(review.fold.raw, found)
    study_id = review.recording.study_id
    if candidates:
        with store.database.write() as connection:
            lock_study(connection, study_id)
            (asked,) = _asked(store, connection, [review])
            if asked:  # somebody else was faster
                return asked
            count = min(_share(store, connection, study_id), len(candidates) // LARGEST_PART)
            secret = store.keyring.study(connection, study_id).derive(b"hidden findings")
            random = Random(secret + review.stored.id.encode())
            chosen = sorted(random.sample(range(len(candidates)), count))
            questions = [
                _QUESTION.dump_json(_Question(review.stored.id, candidates[n])) for n in chosen
            ]
            store.samples.add(connection, review.recording.id, SampleKind.HIDDEN, questions)
            (drawn,) = _asked(store, connection, [review])
        if drawn:
            return drawn
    _NONE_TO_HIDE.put(review.key, True)
    return []


def certain(transcript: Transcript, findings: Iterable[Finding]) -> Sequence[Hidden]:
    """Return the findings that may be hidden: certain, replaced, alone on their words."""
    words, taken = transcript.words, set[int]()
    found = []
    for finding in findings:
        place = finding.place
        if place is None or finding.source == PERSON_SOURCE:
            continue
        here = set(range(place.first_word, place.last_word + 1))
        is_alone = taken.isdisjoint(here)
        taken |= here
        leaves = finding.replacement is None or finding.action in (Action.KEEP, Action.FLAG)
        struck = any(words[number].struck for number in here)
        if is_alone and finding.score >= CERTAIN and not leaves and not struck:
            first, last = words[place.first_word].id, words[place.last_word].id
            found.append(Hidden(first, last, finding.entity_type, finding.entity))
    return found


def _share(store: Store, connection: Connection, study_id: str) -> int:
    """Return how many are to be hidden in the next recording, so that all have their part."""
    drawn = store.samples.of_study(connection, study_id, SampleKind.HIDDEN)
    recordings: int = connection.execute(
        select(func.count()).where(RECORDING.c.study_id == study_id)
    ).scalar_one()
    without = recordings - len({sample.recording_id for sample in drawn})
    return math.ceil(max(HIDDEN_PER_STUDY - len(drawn), 0) / max(without, 1))


def _asked(store: Store, connection: Connection, reviews: Sequence[Review]) -> list[_Drawn]:
    """Return what is hidden in these versions of the words; that of earlier ones is gone."""
    ids = [review.recording.id for review in reviews]
    samples = store.samples.of_recordings(connection, ids, SampleKind.HIDDEN)
    by_transcript: dict[str, _Drawn] = {review.stored.id: [] for review in reviews}
    for sample in samples:
        question = _QUESTION.validate_json(sample.question)
        if question.transcript_id in by_transcript:
            by_transcript[question.transcript_id].append((sample, question))
    return [by_transcript[review.stored.id] for review in reviews]
