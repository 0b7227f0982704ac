"""Random stretches: marked by a second reviewer who sees no marks, and corrected by their sound."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from pydantic import BaseModel

from transcriber.domain.access import Permission
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.sample_kind import SampleKind
from transcriber.domain.transcript import SEVERAL_VOICES, UNKNOWN_SPEAKER, Transcript
from transcriber.services.recording_list import show_recording
from transcriber.services.review.blind import BlindMark, keep_marks
from transcriber.services.review.samples import Piece, keep_heard, pieces_of
from transcriber.services.review.sound import has_sound
from transcriber.services.review.state import review_of
from transcriber.services.review.stretches import Asked, asked_of, next_stretch
from transcriber.services.studies import show_study
from transcriber.web.visits import Visit, see, visit_by

router = APIRouter(include_in_schema=False)

Hearing = Annotated[Visit, visit_by(Permission.HEAR_AND_READ, logs=Action.VIEWED)]
Reviewing = Annotated[Visit, visit_by(Permission.REVIEW)]

BEFORE_MS = 1_000
"""The sound begins and ends so much outside the stretch: words are not cut."""


class BlindForm(BaseModel):
    """The stretch, and the numbers of the words that are ticked."""

    sample: str
    word: tuple[int, ...] = ()


class SampleForm(BaseModel):
    """The stretch, and for each piece who said what; `invented` are places that nobody said."""

    sample: str
    speaker: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    invented: tuple[int, ...] = ()
    added: str = ""
    added_speaker: str = UNKNOWN_SPEAKER


@router.get("/studies/{study_id}/recordings/{recording_id}/blind")
def blind(
    visit: Hearing, study_id: str, recording_id: str, kept: Annotated[bool, Query()] = False
) -> Response:
    """Show the next random stretch without any mark."""
    return _page(visit, study_id, recording_id, SampleKind.BLIND, kept=kept)


@router.post("/studies/{study_id}/recordings/{recording_id}/blind")
def keep_blind(
    visit: Reviewing, study_id: str, recording_id: str, typed: Annotated[BlindForm, Form()]
) -> Response:
    """Keep what was marked, and go on to the next stretch."""
    try:
        asked = _asked(visit, typed.sample, SampleKind.BLIND)
        keep_marks(visit.store, study_id, asked, marks_of(typed.word))
    except UsageError as error:
        return _page(visit, study_id, recording_id, SampleKind.BLIND, wrong=error.sentence)
    return see(f"/studies/{study_id}/recordings/{recording_id}/blind?kept=true")


@router.get("/studies/{study_id}/recordings/{recording_id}/sample")
def sample(
    visit: Hearing, study_id: str, recording_id: str, kept: Annotated[bool, Query()] = False
) -> Response:
    """Show the next random stretch to be corrected by its sound."""
    return _page(visit, study_id, recording_id, SampleKind.HEARD, kept=kept)


@router.post("/studies/{study_id}/recordings/{recording_id}/sample")
def keep_sample(
    visit: Reviewing, study_id: str, recording_id: str, typed: Annotated[SampleForm, Form()]
) -> Response:
    """Keep what was heard, and go on to the next stretch."""
    try:
        asked = _asked(visit, typed.sample, SampleKind.HEARD)
        known = _speakers(review_of(visit.store, study_id, recording_id).transcript)
        heard = [
            Piece(who if who in known else None, "" if number in typed.invented else text)
            for number, (who, text) in enumerate(zip(typed.speaker, typed.text, strict=False))
        ]
        added = Piece(typed.added_speaker if typed.added_speaker in known else None, typed.added)
        keep_heard(visit.store, study_id, asked, heard, (added,))
    except UsageError as error:
        return _page(visit, study_id, recording_id, SampleKind.HEARD, wrong=error.sentence)
    return see(f"/studies/{study_id}/recordings/{recording_id}/sample?kept=true")


def marks_of(words: Iterable[int]) -> list[BlindMark]:
    """Return ticked words as marks: those that follow each other are one."""
    marks: list[BlindMark] = []
    for number in sorted(set(words)):
        if marks and marks[-1].last_word == number - 1:
            marks[-1] = BlindMark(marks[-1].first_word, number)
        else:
            marks.append(BlindMark(number, number))
    return marks


def _asked(visit: Visit, sample_id: str, kind: SampleKind) -> Asked:
    place = visit.request.path_params
    return asked_of(
        visit.store,
        (place["study_id"], place["recording_id"]),
        visit.who.account_id,
        sample_id,
        kind,
    )


def _page(
    visit: Visit,
    study_id: str,
    recording_id: str,
    kind: SampleKind,
    *,
    kept: bool = False,
    wrong: str = "",
) -> Response:
    asked = next_stretch(visit.store, study_id, recording_id, visit.who.account_id, kind)
    transcript = review_of(visit.store, study_id, recording_id).transcript
    return visit.page(
        "blind.html" if kind is SampleKind.BLIND else "sample.html",
        status=422 if wrong else 200,
        section="studies",
        study=show_study(visit.store, study_id),
        recording=show_recording(visit.store, study_id, recording_id),
        asked=asked,
        from_ms=max(asked.stretch.start_ms - BEFORE_MS, 0) if asked else 0,
        to_ms=asked.stretch.end_ms + BEFORE_MS if asked else 0,
        has_sound=has_sound(visit.store, study_id, recording_id),
        turns=_turns(transcript, asked) if asked else (),
        pieces=pieces_of(transcript, asked.stretch) if asked else (),
        speakers=_speakers(transcript),
        kept=kept,
        wrong=wrong,
    )


def _turns(transcript: Transcript, asked: Asked) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the words of a stretch with their numbers, by the label of who says them."""
    turns: list[tuple[str, list[tuple[int, str]]]] = []
    for number in range(asked.stretch.first_word, asked.stretch.last_word + 1):
        word = transcript.words[number]
        label = transcript.label(word.speaker)
        if not turns or turns[-1][0] != label:
            turns.append((label, []))
        turns[-1][1].append((number, word.text))
    return turns


def _speakers(transcript: Transcript) -> dict[str, str]:
    """Return who may have said something: ids and what readers see."""
    known = {speaker.id: speaker.label for speaker in transcript.speakers}
    return {
        **known,
        SEVERAL_VOICES: "several at once",
        UNKNOWN_SPEAKER: "nobody knows who",
    }
