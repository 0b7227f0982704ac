"""What the interface of checking takes and gives (docs/api.md)."""

import json
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from transcriber.api.answers import Model
from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FindingAccepted,
    Heard,
    Noted,
    PassageWithheld,
    TextEdit,
    TurnsRead,
)
from transcriber.domain.review import JudgedFinding, ReviewTurn
from transcriber.services.review.decide import MOST_AT_ONCE, Saved
from transcriber.services.review.history import HistoryEntry
from transcriber.services.review.state import Review

SentEdit = TextEdit | FindingAccepted | EntityDecided | Heard | TurnsRead | PassageWithheld | Noted
"""What people may send: all but what only detection itself can say."""

BatchId = Annotated[
    str,
    Field(
        pattern="^[0-9a-f]{32}$",
        description="Your own random id of the step: sent twice, it is written once.",
    ),
]
Seen = Annotated[
    int, Field(ge=0, le=10**9, description="`number` of the state that you decided on.")
]

_EDIT: TypeAdapter[Any] = TypeAdapter(Edit)


class DecisionsModel(Model):
    """A step: what somebody decided at once, and undoes at once."""

    edits: list[Annotated[SentEdit, Field(discriminator="kind")]] = Field(
        min_length=1, max_length=MOST_AT_ONCE
    )
    seen: Seen
    batch_id: BatchId


class StepModel(Model):
    """Undoing or redoing, which is a step too."""

    seen: Seen
    batch_id: BatchId


class ProgressOfReviewModel(Model):
    """How far checking is; times in milliseconds of talk."""

    speech_ms: int
    heard_ms: int
    read_ms: int
    findings: int
    undecided: int
    bulk_accepted: int
    stale_turns: int


class SavedModel(Model):
    """What is kept now. `turns` are those to which something happened since `seen`."""

    number: int
    saved_at_ms: int
    searching: bool
    """Whether detection has yet to look again at what was changed."""
    turns: list[str]
    """By the ids of their first words."""
    resegmented: bool
    """Whether words changed hands, so that turns are others: read the state again."""
    progress: ProgressOfReviewModel

    @classmethod
    def of(cls, saved: Saved, seen: int) -> "SavedModel":
        """Describe what was saved."""
        review = saved.review
        return cls(
            number=saved.number,
            saved_at_ms=saved.saved_at_ms,
            searching=review.searching,
            turns=changed_turns(review, seen),
            resegmented=review.fold.resegmented_since(seen),
            progress=progress_of(review),
        )


class HistoryModel(Model):
    """An event of the list."""

    number: int
    batch: str
    origin: str
    by: str | None
    """Who decided, by name; None for the machine."""
    at_ms: int
    counts: bool
    """Whether it was not undone."""
    edit: dict[str, Any]

    @classmethod
    def of(cls, entry: HistoryEntry) -> "HistoryModel":
        """Describe an event."""
        event = entry.event
        return cls(
            number=event.number,
            batch=event.batch,
            origin=event.origin.value,
            by=entry.name,
            at_ms=event.created_at_ms,
            counts=entry.counts,
            edit=_EDIT.dump_python(event.edit, mode="json"),
        )


class ChangesModel(Model):
    """What happened since somebody looked."""

    number: int
    searching: bool
    turns: list[str]
    resegmented: bool
    progress: ProgressOfReviewModel
    events: list[HistoryModel]


def changed_turns(review: Review, seen: int) -> list[str]:
    """Return the turns to which something happened, by the ids of their first words."""
    words, turns = review.transcript.words, review.turns
    return [words[turns[place].first_word].id for place in review.fold.turns_since(seen)]


def progress_of(review: Review) -> ProgressOfReviewModel:
    """Describe how far checking is."""
    found = review.progress
    return ProgressOfReviewModel(
        speech_ms=found.speech_ms,
        heard_ms=found.heard_ms,
        read_ms=found.read_ms,
        findings=found.findings,
        undecided=found.undecided,
        bulk_accepted=found.bulk_accepted,
        stale_turns=found.stale_turns,
    )


def state_json(review: Review) -> bytes:
    """Return the whole state as compact JSON: words as columns, all else as objects."""
    transcript, recording = review.transcript, review.recording
    words = transcript.words
    state = {
        "number": review.number,
        "searching": review.searching,
        "recording": {
            "id": recording.id,
            "code": recording.code,
            "kind": recording.kind.value,
            "duration_ms": recording.duration_ms,
            "quality": recording.quality.value,
        },
        "progress": progress_of(review).model_dump(),
        "speakers": [{"id": s.id, "label": s.label} for s in transcript.speakers],
        "words": {
            "id": [word.id for word in words],
            "text": [word.text for word in words],
            "start_ms": [word.start_ms for word in words],
            "end_ms": [word.end_ms for word in words],
            "struck": [number for number, word in enumerate(words) if word.struck],
        },
        "turns": [_turn(turn) for turn in review.turns],
        "findings": [_finding(judged) for judged in review.findings],
        "withheld": [
            {"event": p.event, "first": p.first_word, "last": p.last_word, "reason": p.reason}
            for p in review.withheld
        ],
        "notes": [
            {"event": n.event, "first": n.first_word, "last": n.last_word, "text": n.text}
            for n in review.notes
        ],
    }
    return json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()


def _turn(turn: ReviewTurn) -> dict[str, object]:
    return {
        "first": turn.first_word,
        "last": turn.last_word,
        "speaker": turn.speaker,
        "heard": turn.heard,
        "read": turn.read,
        "stale": turn.stale,
        "noted": turn.noted,
        "withheld": turn.withheld,
    }


def _finding(judged: JudgedFinding) -> dict[str, object]:
    finding = judged.finding
    assert finding.place is not None  # every finding of a recording has one
    return {
        "first": finding.place.first_word,
        "last": finding.place.last_word,
        "text": finding.text,
        "entity_type": finding.entity_type.value,
        "entity": finding.entity,
        "score": finding.score,
        "source": finding.source,
        "action": finding.action.value if finding.action else None,
        "replacement": finding.replacement,
        "state": judged.state.value,
        "event": judged.event,
        "for_all": judged.for_all,
    }
