"""The sound of what leaves: a copy without what was withheld, replaced or never written down.

A voice stays a voice: whoever knows somebody knows them by it, and no tone changes that. So no
sound leaves unless a study asks for it by hand.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from transcriber.domain.finding import Action
from transcriber.domain.interval import Interval, joined
from transcriber.services.review.sound import copy_of
from transcriber.services.review.state import Review, review_of
from transcriber.services.store import Store
from transcriber.stages.protocols import Fill, SoundSilencer

MARGIN_MS = 150
"""Words begin and end a little beside their times."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy is to hold; `speaker` is the only one who is heard in it, None for everybody."""

    speaker: str | None = None
    fill: Fill = Fill.SILENCE


def silenced_copy(
    store: Store, study_id: str, recording_id: str, silencer: SoundSilencer, copy: Copy
) -> bytes:
    """Return the copy to listen to without what must not be heard, in the same format.

    Nothing of it touches a disk, and it tells nothing but the sound. Whoever hands it out writes
    that down. Raises UsageError `no_sound_yet`, RedactionRefused where something would still be
    heard, StorageError.
    """
    review = review_of(store, study_id, recording_id)
    made = io.BytesIO()
    with copy_of(store, study_id, recording_id).open() as source:
        silencer.silence(source, made, silenced_stretches(review, copy.speaker), copy.fill)
    return made.getvalue()


def silenced_stretches(review: Review, speaker: str | None = None) -> tuple[Interval, ...]:
    """Return what must not be heard, in order.

    That is passages withheld, all that does not leave as it was said, and speech that nobody wrote
    down and so nobody checked. With a `speaker`, also all that is not a turn of theirs.
    """
    words = review.transcript.words
    end_ms = review.transcript.duration_ms

    def spoken(first: int, last: int, margin_ms: int = MARGIN_MS) -> Interval:
        start_ms = max(0, words[first].start_ms - margin_ms)
        last_ms = max(word.end_ms for word in words[first : last + 1])
        return Interval(start_ms, max(start_ms, last_ms + margin_ms))

    gone = [spoken(each.first_word, each.last_word) for each in review.withheld]
    gone += [
        spoken(place.first_word, place.last_word)
        for judged in review.findings
        if not judged.leaves
        and judged.finding.action not in (Action.KEEP, Action.FLAG)
        and (place := judged.finding.place) is not None
    ]
    gone += review.transcript.coverage.untranscribed
    if speaker is not None:
        theirs = [
            spoken(segment.first_word, segment.last_word, margin_ms=0)
            for segment in review.transcript.segments
            if segment.speaker == speaker
        ]
        gone += _between(joined(theirs), end_ms)
    return tuple(joined(gone))


def _between(stretches: list[Interval], end_ms: int) -> Iterator[Interval]:
    """Yield what lies before, between and after stretches that are in order."""
    at_ms = 0
    for stretch in stretches:
        if stretch.start_ms > at_ms:
            yield Interval(at_ms, stretch.start_ms)
        at_ms = stretch.end_ms
    if end_ms > at_ms:
        yield Interval(at_ms, end_ms)
