"""How far the checking of a study is, and how long it takes yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.recording_state import RecordingState
from transcriber.domain.review import Progress
from transcriber.domain.roster import Roster
from transcriber.services.latest import Latest
from transcriber.services.recording_actions import prioritise_recording, retry_recording
from transcriber.services.recording_list import (
    RecordingQuery,
    RecordingSummary,
    list_recordings,
    show_recording,
)
from transcriber.services.review.doubt import Doubtful, doubtful
from transcriber.services.review.pictures import Pictures, pictures_of
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import Review, review_if_any
from transcriber.services.review.workload import PersonTime, risky_part, time_left
from transcriber.services.store import Store
from transcriber.services.studies import show_study
from transcriber.stages.second_look.sound import Ear
from transcriber.stages.second_look.text import form_of

MOST_RECORDINGS = 1_000
KEPT = 256
"""Recordings of which figures are kept in memory: numbers, and no word of the talk."""


class Sorting(StrEnum):
    """What comes first in the list."""

    ADDED = "added"
    LEAST_CHECKED = "least-checked"
    MOST_UNDECIDED = "most-undecided"
    LONGEST = "longest"


class Showing(StrEnum):
    """Which recordings are listed."""

    ALL = "all"
    WAITING = "waiting"
    TO_CHECK = "to-check"
    BEGUN = "begun"
    SIGNED_OFF = "signed-off"


@dataclass(frozen=True, slots=True)
class CheckedRecording:
    """A recording in the list; `progress`, `time` and `pictures` are None before there are words.

    `risky` is how many stretches are to be heard first, `risky_ms` how long they are.
    """

    recording: RecordingSummary
    progress: Progress | None = None
    time: PersonTime | None = None
    pictures: Pictures | None = None
    risky: int = 0
    risky_ms: int = 0
    searching: bool = False

    @property
    def is_signed_off(self) -> bool:
        """Whether it has been released."""
        return self.recording.state is RecordingState.SIGNED_OFF

    @property
    def is_begun(self) -> bool:
        """Whether a person has heard, read or decided anything and not signed off yet."""
        done = self.progress
        return bool(
            done
            and not self.is_signed_off
            and (done.heard_ms or done.read_ms or done.undecided < done.findings)
        )


@dataclass(frozen=True, slots=True)
class StudyChecking:
    """All of a study; `time` is what is left of those recordings that have words."""

    recordings: tuple[CheckedRecording, ...]
    time: PersonTime
    without_words: int

    def shown(self, showing: Showing, sorting: Sorting) -> tuple[CheckedRecording, ...]:
        """Return the recordings that somebody wants to see, in their order."""
        found = [one for one in self.recordings if _IS_SHOWN[showing](one)]
        return tuple(sorted(found, key=_KEYS[sorting]))


def study_checking(store: Store, study_id: str) -> StudyChecking:
    """Return how far checking is. Raises UsageError where there is no such study, StorageError."""
    roster = show_study(store, study_id).agreed.roster
    listed = list_recordings(store, study_id, RecordingQuery(limit=MOST_RECORDINGS)).items
    rows = tuple(_row(store, study_id, recording, roster) for recording in listed)
    open_rows = [row.time for row in rows if row.time is not None and not row.is_signed_off]
    return StudyChecking(
        recordings=rows,
        time=sum(open_rows, PersonTime()),
        without_words=sum(row.progress is None for row in rows),
    )


def doubt_of(review: Review, roster: Roster) -> tuple[Doubtful, ...]:
    """Return the stretches of a recording in the order in which to hear them.

    It goes by what the machine left, so that the order stays while people work.
    """
    names = tuple(sorted({form_of(name) for name in roster.names} - {()}))

    def find() -> tuple[Doubtful, ...]:
        found = [judged.finding for judged in review.fold.findings]
        return doubtful(review.fold.raw, found, Ear(names))

    return _DOUBT.made((review.key, names), find)


def recording_pictures(review: Review) -> Pictures:
    """Return the pictures of a recording as it stands."""
    return _PICTURES.made(
        (review.key, review.number), lambda: pictures_of(review.transcript, review.findings)
    )


def _row(
    store: Store, study_id: str, recording: RecordingSummary, roster: Roster
) -> CheckedRecording:
    review = review_if_any(store, study_id, recording.id)
    if review is None or not review.transcript.words:
        return CheckedRecording(recording)
    risky = risky_part(doubt_of(review, roster))
    heard = _words(review, heard=True)
    progress = as_shown(store, review).progress
    return CheckedRecording(
        recording,
        progress,
        time_left(
            unheard_ms=max(progress.speech_ms - progress.heard_ms, 0),
            risky_unheard_ms=sum(_unheard_ms(stretch, heard) for stretch in risky),
            undecided=progress.undecided,
            unread_words=len(review.transcript.words) - len(_words(review, heard=False)),
        ),
        recording_pictures(review),
        len(risky),
        sum(stretch.duration_ms for stretch in risky),
        review.searching,
    )


def _words(review: Review, *, heard: bool) -> frozenset[int]:
    """Return the numbers of words in turns that were heard, or that were read."""
    return frozenset(
        number
        for turn in review.turns
        if (turn.heard if heard else turn.read)
        for number in range(turn.first_word, turn.last_word + 1)
    )


def _unheard_ms(stretch: Doubtful, heard: frozenset[int]) -> int:
    words = range(stretch.first_word, stretch.last_word + 1)
    left = sum(number not in heard for number in words)
    return round(stretch.duration_ms * left / len(words))


def _heard_share(one: CheckedRecording) -> float:
    done = one.progress
    return done.heard_ms / done.speech_ms if done and done.speech_ms else 0.0


_IS_SHOWN: dict[Showing, Callable[[CheckedRecording], bool]] = {
    Showing.ALL: lambda one: True,
    Showing.WAITING: lambda one: one.progress is None,
    Showing.TO_CHECK: lambda one: one.progress is not None and not one.is_signed_off,
    Showing.BEGUN: lambda one: one.is_begun,
    Showing.SIGNED_OFF: lambda one: one.is_signed_off,
}

_KEYS: dict[Sorting, Callable[[CheckedRecording], tuple[float, int]]] = {
    Sorting.ADDED: lambda one: (0, one.recording.created_at_ms),
    Sorting.LEAST_CHECKED: lambda one: (_heard_share(one), one.recording.created_at_ms),
    Sorting.MOST_UNDECIDED: lambda one: (
        -(one.progress.undecided if one.progress else 0),
        one.recording.created_at_ms,
    ),
    Sorting.LONGEST: lambda one: (
        -(one.recording.duration_ms or 0),
        one.recording.created_at_ms,
    ),
}

_DOUBT: Latest[object, tuple[Doubtful, ...]] = Latest(KEPT)
_PICTURES: Latest[object, Pictures] = Latest(KEPT)


def start_first(store: Store, actor_id: str, study_id: str, recording_ids: Sequence[str]) -> int:
    """Let waiting recordings go before others, and take up those that failed; return how many.

    What is neither waiting nor failed is passed over. Raises UsageError where the study has none of
    these ids.
    """
    begun = 0
    for recording_id in dict.fromkeys(recording_ids):
        recording = show_recording(store, study_id, recording_id)
        state = recording.state
        if recording.job_id is None:
            continue  # nothing is to be made of it
        if state is RecordingState.WAITING:
            prioritise_recording(store, actor_id, study_id, recording_id, "high")
            begun += 1
        elif state in (RecordingState.FAILED, RecordingState.CANCELLED):
            retry_recording(store, actor_id, study_id, recording_id)
            begun += 1
    return begun
