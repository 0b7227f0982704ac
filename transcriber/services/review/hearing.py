"""What somebody heard of a recording: stretches of time become words that were played."""

from bisect import bisect_right
from collections.abc import Sequence

from transcriber.domain.edit import Heard
from transcriber.domain.interval import Interval, joined
from transcriber.services.review.decide import MOST_AT_ONCE, decide
from transcriber.services.review.first_recording import may_open
from transcriber.services.review.state import Review, review_of
from transcriber.services.store import Store

TOLERANCE_MS = 150
"""Words begin and end a little beside their times; one that is cut by so much was heard."""


def note_heard(
    store: Store, actor_id: str, study_id: str, recording_id: str, stretches: Sequence[Interval]
) -> int:
    """Write down which words were played, those of turns that were heard before left out.

    Returns how many events were written. Raises UsageError `not_ready` and what `may_open` raises,
    StorageError.
    """
    may_open(store, study_id, recording_id)
    review = review_of(store, study_id, recording_id)
    events = heard_in(review, stretches)
    for start in range(0, len(events), MOST_AT_ONCE):
        some = events[start : start + MOST_AT_ONCE]
        decide(store, actor_id, study_id, recording_id, some, review.number)
    return len(events)


def heard_in(review: Review, stretches: Sequence[Interval]) -> tuple[Heard, ...]:
    """Return one event for each run of words that lie in the stretches and were not heard yet."""
    words = review.transcript.words
    played = joined(stretches)
    runs: list[list[int]] = []
    for turn in review.turns:
        if turn.heard:
            continue
        for number in range(turn.first_word, turn.last_word + 1):
            if not _lies_in(words[number].interval, played):
                continue
            if runs and runs[-1][1] == number - 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
    return tuple(Heard(words[first].id, words[last].id) for first, last in runs)


def _lies_in(spoken: Interval, played: Sequence[Interval]) -> bool:
    place = bisect_right(played, spoken.start_ms + TOLERANCE_MS, key=lambda each: each.start_ms) - 1
    return place >= 0 and spoken.end_ms <= played[place].end_ms + TOLERANCE_MS
