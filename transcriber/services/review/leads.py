"""The review leads: voices, then words, then names, then a cold read; one can stop anywhere.

What comes next follows from what was done, so it is right whoever did it, and wherever.
"""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.review import FindingState, ReviewTurn
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import Review, review_of
from transcriber.services.review.voices import confirmed_voices, real_voices
from transcriber.services.store import Store


class Step(StrEnum):
    """A step of checking a recording."""

    VOICES = "voices"
    WORDS = "words"
    NAMES = "names"
    READ = "read"
    SIGN = "sign-off"


class LeadState(StrEnum):
    """How far a step is; the style sheet knows these names."""

    OPEN = "open"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Lead:
    """A step: where it goes on, below the recording's address, and how far it is in words."""

    step: Step
    label: str
    state: LeadState
    told: str
    path: str


@dataclass(frozen=True, slots=True)
class Leads:
    """The steps in order."""

    steps: tuple[Lead, ...]

    @property
    def next(self) -> Lead:
        """The first that is not done; signing off where all are."""
        left = (lead for lead in self.steps if lead.state is not LeadState.DONE)
        return next(left, self.steps[-1])


def leads_of(store: Store, study_id: str, recording_id: str) -> Leads:
    """Return how far a recording is checked and where each step goes on.

    Raises UsageError `not_ready` before it has words, StorageError.
    """
    return leads_in(as_shown(store, review_of(store, study_id, recording_id)))


def leads_in(review: Review) -> Leads:
    """Return the same of a review that is at hand, as it is shown."""
    steps = (_voices(review), _words(review), _names(review), _read(review))
    is_ready = all(lead.state is LeadState.DONE for lead in steps)
    told = "ready" if is_ready else "after the others"
    return Leads((*steps, Lead(Step.SIGN, "Sign", LeadState.OPEN, told, "sign-off")))


def _voices(review: Review) -> Lead:
    said = confirmed_voices(review)
    voices = real_voices(review.transcript)
    right = sum(voice.id in said and voice.guess is None for voice in voices)
    told = f"{right} of {len(voices)} confirmed" if voices else "none told apart"
    return Lead(Step.VOICES, "Voices", _state(right, len(voices)), told, "voices")


def _words(review: Review) -> Lead:
    speech_ms, heard_ms = review.progress.speech_ms, review.progress.heard_ms
    state = _state(heard_ms, speech_ms)
    unheard = next((turn for turn in review.turns if not turn.heard), None)
    if unheard is None:
        state = LeadState.DONE
    told = f"{_minutes(heard_ms)} of {_minutes(speech_ms)} min heard"
    return Lead(Step.WORDS, "Words", state, told, _at(review, "review", unheard))


def _names(review: Review) -> Lead:
    left, total = review.progress.undecided, review.progress.findings
    told = f"{left:,} left to decide" if left else "all decided"
    words = (
        judged.finding.place.first_word
        for judged in review.findings
        if judged.state is FindingState.PROPOSED and judged.finding.place
    )
    first = next(words, None)
    turn = None if first is None else _turn_with(review, first)
    return Lead(Step.NAMES, "Names", _state(total - left, total), told, _at(review, "review", turn))


def _read(review: Review) -> Lead:
    speech_ms, read_ms = review.progress.speech_ms, review.progress.read_ms
    unread = next((turn for turn in review.turns if not turn.read), None)
    state = LeadState.DONE if unread is None else _state(read_ms, max(speech_ms, read_ms + 1))
    stale = review.progress.stale_turns
    told = f"{_minutes(read_ms)} of {_minutes(speech_ms)} min read"
    if stale:
        told += f", {stale:,} changed since"
    return Lead(Step.READ, "Cold read", state, told, _at(review, "read", unread))


def _state(done: int, of: int) -> LeadState:
    if done >= of:
        return LeadState.DONE
    return LeadState.BEGUN if done else LeadState.OPEN


def _minutes(length_ms: int) -> str:
    """Return minutes, with a decimal below ten so that the first ones are seen to count."""
    minutes = length_ms / 60_000
    return f"{minutes:.1f}" if minutes < 10 else f"{minutes:.0f}"


def _at(review: Review, page: str, turn: ReviewTurn | None) -> str:
    return f"{page}#turn-{review.transcript.words[turn.first_word].id}" if turn else page


def _turn_with(review: Review, word: int) -> ReviewTurn:
    place = bisect_right(review.turns, word, key=lambda turn: turn.first_word)
    return review.turns[place - 1]
