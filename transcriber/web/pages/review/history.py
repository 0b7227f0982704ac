"""The history of a recording: who decided what and when, each step to be taken back by itself."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response

from transcriber.api.problems import status_of
from transcriber.api.searching import searcher_of
from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.errors import TranscriberError
from transcriber.domain.transcript import UNKNOWN_SPEAKER
from transcriber.services.recording_list import show_recording
from transcriber.services.review.decide import Step, take_back_once
from transcriber.services.review.first_recording import may_open
from transcriber.services.review.history import HistoryStep, history_steps, review_at
from transcriber.services.review.override import is_locked_draft
from transcriber.services.review.redetect import Searcher
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import Review, review_of
from transcriber.services.studies import show_study
from transcriber.web.history_words import sentences, word_of
from transcriber.web.pages.review.page import REVIEW
from transcriber.web.pages.review.shown import ShownTurn, TurnsShown
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

STEPS = 50
"""Steps on a page."""

TURNS = 100
"""Turns on a page that compares two versions."""

Reading = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
Checking = Annotated[Visit, visit_by(Permission.REVIEW)]
HISTORY = REVIEW + "/history"


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step in sentences; `turn` is the id of the turn that it begins in, None where in none."""

    step: HistoryStep
    told: tuple[str, ...]
    turn: str | None


@dataclass(frozen=True, slots=True)
class Differing:
    """A turn as it was and as it is; before, more than one voice may have had its words."""

    was: ShownTurn
    now: ShownTurn
    voices: tuple[str, ...]


@router.get(HISTORY)
def history(
    visit: Reading,
    study_id: str,
    recording_id: str,
    before: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """Show the latest steps, or those before an event."""
    return _shown(visit, study_id, recording_id, before)


@router.post(HISTORY)
def take_back(
    visit: Checking,
    study_id: str,
    recording_id: str,
    batch: Annotated[str, Form(max_length=64)],
    searcher: Annotated[Searcher, Depends(searcher_of)],
) -> Response:
    """Take a step back, whoever took it and whatever came after."""
    try:
        may_open(visit.store, study_id, recording_id)
        step = Step(visit.who.account_id, study_id, recording_id)
        saved = take_back_once(visit.store, step, batch)
    except TranscriberError as error:
        return _shown(visit, study_id, recording_id, None, error.sentence, status_of(error))
    if saved.review.searching:
        searcher.wake()
    return see(f"/studies/{study_id}/recordings/{recording_id}/review/history")


@router.get(HISTORY + "/{number}")
def compared(
    visit: Reading,
    study_id: str,
    recording_id: str,
    number: int,
    begin: Annotated[int, Query(alias="from", ge=0)] = 0,
) -> Response:
    """Compare a recording as it is with what it was before the event of a number."""
    now = as_shown(visit.store, review_of(visit.store, study_id, recording_id))
    number = max(0, min(number, now.number))
    differing = list(_differing(review_at(visit.store, now, number), now, number))
    events = now.fold.events
    return visit.page(
        "history_compared.html",
        section="studies",
        study=show_study(visit.store, study_id),
        recording=show_recording(visit.store, study_id, recording_id),
        at_ms=events[number].created_at_ms if number < len(events) else None,
        is_machine=number == 0,
        shown=differing[begin : begin + TURNS],
        count=len(differing),
        begin=begin,
        most=TURNS,
    )


def _shown(
    visit: Visit,
    study_id: str,
    recording_id: str,
    before: int | None,
    wrong: str = "",
    status: int = 200,
) -> Response:
    review = as_shown(visit.store, review_of(visit.store, study_id, recording_id))
    steps = history_steps(visit.store, review, before, STEPS + 1)
    shown = [_told(review, step) for step in steps[:STEPS]]
    return visit.page(
        "history.html",
        status=status,
        section="studies",
        study=show_study(visit.store, study_id),
        recording=show_recording(visit.store, study_id, recording_id),
        steps=shown,
        earlier=steps[STEPS - 1].first.number if len(steps) > STEPS else None,
        is_latest=before is None,
        may_review=visit.who.may(Permission.REVIEW, study_id)
        and not is_locked_draft(visit.store, study_id, recording_id),
        wrong=wrong,
    )


def _told(review: Review, step: HistoryStep) -> ShownStep:
    fold, turn = review.fold, None
    word = word_of(fold, step.events)
    if word is not None:
        (number, *_) = fold.numbers_of(word, word)
        place = bisect_right(fold.turns, number, key=lambda each: each.first_word) - 1
        turn = fold.transcript.words[fold.turns[place].first_word].id
    return ShownStep(step, sentences(fold, step.events), turn)


def _differing(was: Review, now: Review, number: int) -> Iterator[Differing]:
    """Yield the turns of which something is otherwise: words, voice, or what leaves."""
    before, after = TurnsShown(was), TurnsShown(now)
    labels = {speaker.id: speaker.label for speaker in was.transcript.speakers}
    for place in now.fold.turns_since(number):
        turn = replace(now.turns[place], noted=False, withheld=True)
        words = was.transcript.words[turn.first_word : turn.last_word + 1]
        spoke = tuple(dict.fromkeys(word.speaker or UNKNOWN_SPEAKER for word in words))
        voices = tuple(labels.get(speaker, speaker) for speaker in spoke)
        found = Differing(before.turn(turn), after.turn(turn), voices)
        if spoke != (found.now.speaker,) or _leaving(found.was) != _leaving(found.now):
            yield found


def _leaving(turn: ShownTurn) -> list[tuple[str, str | None, bool, bool]]:
    return [
        (piece.text, piece.mark.out if piece.mark else None, piece.struck, piece.withheld)
        for piece in turn.pieces
    ]
