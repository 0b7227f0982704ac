"""Who speaks when, what was found where, and what nobody has listened to: for drawing, no words."""

from dataclasses import dataclass

from transcriber.domain.interval import Interval, joined
from transcriber.domain.transcript import Transcript
from transcriber.services.review.checking import doubt_of
from transcriber.services.review.doubt import Doubtful
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import review_of
from transcriber.services.store import Store
from transcriber.services.studies import show_study

SILENCE_MS = 1_500
"""A pause shorter than this belongs to the talk around it and is never skipped."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks: an id, and what readers see for it."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of one voice, by its place in `Lanes.voices`; `first_word` is a permanent id."""

    first_word: str
    interval: Interval
    voice: int
    is_heard: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """Where something was found, and what was decided on it."""

    interval: Interval
    state: str


@dataclass(frozen=True, slots=True)
class Lanes:
    """One recording as it is drawn under its outline; all times in milliseconds.

    `speech` is where anybody speaks, with and without words: what is not in it may be skipped.
    `without_words` is speech that gave none.
    """

    duration_ms: int
    voices: tuple[Voice, ...]
    turns: tuple[Turn, ...]
    ticks: tuple[Tick, ...]
    speech: tuple[Interval, ...]
    without_words: tuple[Interval, ...]


def lanes_of(store: Store, study_id: str, recording_id: str) -> Lanes:
    """Return the lanes of a recording as people have edited it.

    Raises UsageError `not_ready` before there are any words, StorageError.
    """
    # What is kept from the reviewer for an estimate must not be given away by its place either.
    review = as_shown(store, review_of(store, study_id, recording_id))
    transcript = review.transcript
    words = transcript.words
    voices = tuple(Voice(speaker.id, speaker.label) for speaker in transcript.speakers)
    number = {voice.id: place for place, voice in enumerate(voices)}
    turns = []
    for turn in review.turns:
        first, last = words[turn.first_word], words[turn.last_word]
        stretch = Interval(first.start_ms, max(first.start_ms, last.end_ms))
        turns.append(Turn(first.id, stretch, number.get(turn.speaker or "", -1), turn.heard))
    ticks = tuple(
        Tick(Interval(place.start_ms, max(place.start_ms, place.end_ms)), judged.state.value)
        for judged in review.findings
        if (place := judged.finding.place) is not None
    )
    return Lanes(
        transcript.duration_ms,
        voices,
        tuple(sorted(turns, key=lambda turn: turn.interval)),
        tuple(sorted(ticks, key=lambda tick: tick.interval)),
        speech_of(transcript),
        transcript.coverage.untranscribed,
    )


def doubts_of(store: Store, study_id: str, recording_id: str) -> tuple[Doubtful, ...]:
    """Return what to hear first where not all can be heard, the most doubtful first.

    Raises UsageError `not_ready` before there are any words, StorageError.
    """
    review = review_of(store, study_id, recording_id)
    return doubt_of(review, show_study(store, study_id).agreed.roster)


def speech_of(transcript: Transcript) -> tuple[Interval, ...]:
    """Return where anybody speaks, words or none, pauses shorter than `SILENCE_MS` included.

    Where no word has a time, as in a transcript that was brought, that is all of the recording.
    """
    timed = [word.interval for word in transcript.words if word.end_ms > word.start_ms]
    if not timed:
        return (Interval(0, transcript.duration_ms),)
    spoken = joined([*timed, *transcript.coverage.untranscribed])
    result = [spoken[0]]
    for stretch in spoken[1:]:
        if stretch.start_ms - result[-1].end_ms < SILENCE_MS:
            result[-1] = Interval(result[-1].start_ms, stretch.end_ms)
        else:
            result.append(stretch)
    return tuple(result)
