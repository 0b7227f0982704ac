"""Certain findings that the reviewer is not shown, to learn how much somebody like that overlooks.

Fifty a study, drawn at random, a share from each recording when its checking begins. They stay
redacted in everything that leaves. Whoever shows findings, counts them or lists entities leaves out
`hidden_findings`. Drawing depends on a secret of the study, so nobody can foretell it.
"""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, select

from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FindingRejected,
    FoundAgain,
    IdentifierMarked,
    PassageWithheld,
    Verdict,
    WordCorrected,
    effective,
)
from transcriber.domain.finding import PERSON_SOURCE, Action, EntityType, Finding
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.review import FindingState, Progress
from transcriber.domain.sample_kind import SampleKind
from transcriber.domain.transcript import Transcript
from transcriber.services.review.material import Material, material_of
from transcriber.services.review.state import Review
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
class Hidden:
    """Words, named by their permanent ids and both included, of a finding that is not shown."""

    first: str
    last: str
    entity_type: EntityType
    entity: str


class Outcome(StrEnum):
    """What became of a hidden finding.

    It is `open` until sign-off and tells nothing (`void`) where a correction or a decision for the
    whole study changed it before anybody could see it.
    """

    OPEN = "open"
    CAUGHT = "caught"
    MISSED = "missed"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class _Question:
    transcript_id: str
    hidden: Hidden


_QUESTION = TypeAdapter(_Question)
_OUTCOME = TypeAdapter(Outcome)


def hidden_findings(store: Store, study_id: str, recording_id: str) -> frozenset[Hidden]:
    """Return the findings that nobody is to be shown now; draws them when asked first.

    Those that the reviewer has marked, and all after sign-off, are hidden no more.
    Raises UsageError where the study has no such recording, StorageError.
    """
    material = material_of(store, study_id, recording_id)
    if material is None:
        return frozenset()
    asked = _drawn(store, study_id, recording_id, material)
    with store.database.read() as connection:
        signed = _is_signed_off(connection, recording_id)
    if signed:
        return frozenset()
    return frozenset(
        question.hidden
        for sample, question in asked
        if sample.answer is None and _outcome(question, material) is Outcome.OPEN
    )


def as_shown(store: Store, review: Review) -> Review:
    """Return a review as people may see it: without what is hidden from them."""
    hidden = hidden_findings(store, review.recording.study_id, review.recording.id)
    return replace(review, unseen=frozenset((one.first, one.last) for one in hidden))


def is_hidden(hidden: Collection[Hidden], transcript: Transcript, finding: Finding) -> bool:
    """Whether a finding of this transcript is one of those that are not shown."""
    if not hidden or finding.place is None or finding.source == PERSON_SOURCE:
        return False
    words = transcript.words
    here = (words[finding.place.first_word].id, words[finding.place.last_word].id)
    return any((one.first, one.last) == here for one in hidden)


def shown_progress(review: Review, hidden: Collection[Hidden]) -> Progress:
    """Return how far people are, as they are told: what is hidden is not theirs to decide."""
    out_of_sight = [
        judged for judged in review.findings if is_hidden(hidden, review.transcript, judged.finding)
    ]
    undecided = sum(judged.state is FindingState.PROPOSED for judged in out_of_sight)
    progress = review.progress
    return replace(
        progress,
        findings=progress.findings - len(out_of_sight),
        undecided=max(progress.undecided - undecided, 0),
    )


def settle_hidden(store: Store, study_id: str, recording_id: str) -> tuple[Hidden, ...]:
    """Keep what was caught at sign-off, and return what the reviewer overlooked.

    Once settled they are shown as any other; a second sign-off changes no outcome. Raises
    UsageError where the study has no such recording, StorageError.
    """
    material = material_of(store, study_id, recording_id)
    if material is None:
        return ()
    missed = []
    with store.database.write() as connection:
        for sample, question in _of(store, connection, recording_id, material):
            if sample.answer is None:
                outcome = _outcome(question, material)
                outcome = Outcome.MISSED if outcome is Outcome.OPEN else outcome
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


def _drawn(
    store: Store, study_id: str, recording_id: str, material: Material
) -> list[tuple[Sample, _Question]]:
    """Return what is hidden in a recording; draws its share where nothing was drawn yet."""
    with store.database.read() as connection:
        asked = _of(store, connection, recording_id, material)
    if asked:
        return asked
    with store.database.read() as connection:
        found = store.transcripts.findings(connection, material.stored)
    candidates = certain(material.transcript, found)
    if not candidates:
        return []
    with store.database.write() as connection:
        lock_study(connection, study_id)
        asked = _of(store, connection, recording_id, material)
        if asked:  # somebody else was faster
            return asked
        count = min(_share(store, connection, study_id), len(candidates) // LARGEST_PART)
        secret = store.keyring.study(connection, study_id).derive(b"hidden findings")
        random = Random(secret + material.stored.id.encode())
        chosen = sorted(random.sample(range(len(candidates)), min(count, len(candidates))))
        questions = [
            _QUESTION.dump_json(_Question(material.stored.id, candidates[n])) for n in chosen
        ]
        store.samples.add(connection, recording_id, SampleKind.HIDDEN, questions)
        return _of(store, connection, recording_id, material)


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


def _of(
    store: Store, connection: Connection, recording_id: str, material: Material
) -> list[tuple[Sample, _Question]]:
    """Return the hidden findings of this version of the words; those of earlier ones are gone."""
    asked = (
        (sample, _QUESTION.validate_json(sample.question))
        for sample in store.samples.of_recording(connection, recording_id, SampleKind.HIDDEN)
    )
    return [(s, question) for s, question in asked if question.transcript_id == material.stored.id]


def _outcome(question: _Question, material: Material) -> Outcome:
    return outcome_of(question.hidden, material.transcript, material.edits)


def outcome_of(hidden: Hidden, transcript: Transcript, edits: Iterable[Edit]) -> Outcome:
    """Return what the list of events made of a hidden finding so far.

    It is caught when somebody marked or withheld any of its words. Where its words were corrected,
    or the finding was rejected with others of its kind, it tells nothing.
    """
    numbers = {word.id: number for number, word in enumerate(transcript.words)}
    mine = range(numbers[hidden.first], numbers[hidden.last] + 1)

    def has(first: str, last: str) -> bool:
        return numbers[first] < mine.stop and numbers[last] >= mine.start

    counting = effective(tuple(edits))
    for edit in counting:
        if isinstance(edit, IdentifierMarked | PassageWithheld) and has(edit.first, edit.last):
            return Outcome.CAUGHT
    return Outcome.VOID if any(_spoils(edit, hidden, has) for edit in counting) else Outcome.OPEN


def _spoils(edit: Edit, hidden: Hidden, has: Callable[[str, str], bool]) -> bool:
    """Whether an event changed a hidden finding without its having been seen."""
    match edit:
        case FindingRejected(first, last):
            return has(first, last)
        case FoundAgain(first, last, found):
            return has(first, last) and not any(has(one.first, one.last) for one in found)
        case WordCorrected(word):
            return has(word, word)
        case EntityDecided(entity_type, entity, Verdict.REJECT):
            return (entity_type, entity) == (hidden.entity_type, hidden.entity)
        case _:
            return False


def _is_signed_off(connection: Connection, recording_id: str) -> bool:
    return any(
        row.state is RecordingState.SIGNED_OFF for row in rows_of(connection, [recording_id])
    )
