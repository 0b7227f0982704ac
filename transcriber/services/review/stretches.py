"""Stretches of twenty seconds drawn at random from the talk of a recording, none of them twice."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from pydantic import TypeAdapter
from sqlalchemy import Connection

from transcriber.domain.errors import UsageError
from transcriber.domain.sample_kind import SampleKind
from transcriber.domain.transcript import Transcript
from transcriber.services.review.state import Review, review_if_any
from transcriber.services.store import Store
from transcriber.storage.database.recording_states import Wanted, recording_rows
from transcriber.storage.database.samples import Sample
from transcriber.storage.database.studies import lock_study

STRETCH_MS = 20_000
MOST_RECORDINGS = 10_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words, both included, that begin in one stretch of time, and that time in milliseconds."""

    first_word: int
    last_word: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A stretch that somebody was given; `answer` is None until they are done."""

    sample: Sample
    stretch: Stretch

    @property
    def answer(self) -> bytes | None:
        """What they said of it, as the service that asked writes it."""
        return self.sample.answer


@dataclass(frozen=True, slots=True)
class _Question:
    transcript_id: str
    stretch: Stretch


_QUESTION = TypeAdapter(_Question)


def stretches_of(transcript: Transcript) -> tuple[Stretch, ...]:
    """Divide the talk into stretches: every word lies in one, silence in none.

    A stretch is the words that begin within twenty seconds of a clock that starts with the
    recording; it is heard from its first word to its last.
    """
    found: list[Stretch] = []
    slot = -1
    for number, word in enumerate(transcript.words):
        here = word.start_ms // STRETCH_MS
        if found and here == slot:
            last = found[-1]
            found[-1] = Stretch(
                last.first_word, number, last.start_ms, max(last.end_ms, word.end_ms)
            )
        else:
            slot = here
            found.append(Stretch(number, number, word.start_ms, word.end_ms))
    return tuple(found)


def next_stretch(
    store: Store, study_id: str, recording_id: str, account_id: str, kind: SampleKind
) -> Asked | None:
    """Return the stretch that somebody has to answer next; draws one where none is open.

    None where all stretches were given out. Which one is next depends on a secret of the study.
    Raises UsageError `not_ready` before there are words.
    """
    review = required(store, study_id, recording_id)
    with store.database.write() as connection:
        lock_study(connection, study_id)
        asked = _asked(store, connection, recording_id, kind, review)
        mine = [one for one in asked if one.answer is None and one.sample.account_id == account_id]
        if mine:
            return mine[0]
        stretch = _drawn(store, connection, study_id, kind, review, {a.stretch for a in asked})
        if stretch is None:
            return None
        question = _QUESTION.dump_json(_Question(review.stored.id, stretch))
        (sample,) = store.samples.add(connection, recording_id, kind, [question], account_id)
        return Asked(sample, stretch)


def asked_of(
    store: Store, place: tuple[str, str], account_id: str, sample_id: str, kind: SampleKind
) -> Asked:
    """Return a stretch that somebody was given; `place` is the ids of study and recording.

    Raises UsageError where it is not theirs.
    """
    review = required(store, *place)
    with store.database.read() as connection:
        for one in _asked(store, connection, place[1], kind, review):
            if one.sample.id == sample_id and one.sample.account_id == account_id:
                return one
    raise UsageError("not_found", "There is no such stretch, or it was given to somebody else.")


def answered_in(
    store: Store, study_id: str, kind: SampleKind
) -> Iterator[tuple[Review, list[Asked]]]:
    """Yield the recordings of a study that have words, each with its stretches that were answered.

    The stretches are in the order of drawing.
    """
    with store.database.read() as connection:
        rows = recording_rows(connection, Wanted(study_id), MOST_RECORDINGS)
    for row in rows:
        review = review_if_any(store, study_id, row.id)
        if review is not None:
            yield review, answered_of(store, review, kind)


def answered_of(store: Store, review: Review, kind: SampleKind) -> list[Asked]:
    """Return the stretches of a recording that were answered, in the order of drawing."""
    with store.database.read() as connection:
        asked = _asked(store, connection, review.recording.id, kind, review)
    return [one for one in asked if one.answer is not None]


def required(store: Store, study_id: str, recording_id: str) -> Review:
    """Return the checking of a recording. Raises UsageError `not_ready` before it has words."""
    review = review_if_any(store, study_id, recording_id)
    if review is None or not review.transcript.words:
        raise UsageError(
            "not_ready", "This recording has no words yet. Look again when it is done."
        )
    return review


def _asked(
    store: Store, connection: Connection, recording_id: str, kind: SampleKind, review: Review
) -> list[Asked]:
    found = []
    for sample in store.samples.of_recording(connection, recording_id, kind):
        question = _QUESTION.validate_json(sample.question)
        if question.transcript_id == review.stored.id:
            found.append(Asked(sample, question.stretch))
    return found


def _drawn(
    store: Store,
    connection: Connection,
    study_id: str,
    kind: SampleKind,
    review: Review,
    given: Collection[Stretch],
) -> Stretch | None:
    left: Sequence[Stretch] = stretches_of(review.fold.raw)
    secret = store.keyring.study(connection, study_id).derive(f"{kind.value} stretches".encode())
    random = Random(secret + review.stored.id.encode())
    order = random.sample(left, len(left))
    return next((stretch for stretch in order if stretch not in given), None)
