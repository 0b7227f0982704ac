"""What is taken out of the sound of a recording, as people decided: for whatever sound leaves."""

from collections.abc import Iterator

from transcriber.domain.finding import Action
from transcriber.domain.interval import Interval, joined
from transcriber.domain.released_sound import TakenOut
from transcriber.services.review.released import Released


def taken_out(released: Released, speaker: str | None = None) -> TakenOut:
    """Return what must not be heard, by the rule of the policy that is checked.

    That is passages withheld, all that does not leave as it was said, words that were struck, and
    speech that nobody wrote down and so nobody checked. What is withheld at the beginning or at the
    end of the talk is gone up to the beginning or the end of the sound. With a `speaker`, also all
    that is not a turn of theirs.
    """
    transcript, rule = released.review.transcript, released.policy.sound
    words, length_ms = transcript.words, transcript.duration_ms
    spoken = [
        _spoken(released, place.first_word, place.last_word)
        for finding in released.findings
        if (finding.replacement is not None or finding.action not in (Action.KEEP, Action.FLAG))
        and (place := finding.place) is not None
    ]
    spoken += [word.interval for word in words if word.struck is not None]
    spoken += transcript.coverage.untranscribed
    for passage in released.withheld:
        talk = _spoken(released, passage.first_word, passage.last_word)
        start_ms = talk.start_ms if passage.first_word else 0
        is_last = passage.last_word == len(words) - 1
        spoken.append(Interval(start_ms, max(talk.end_ms, length_ms if is_last else 0)))
    gone = [
        Interval(
            max(0, each.start_ms - rule.padding_ms), min(each.end_ms + rule.padding_ms, length_ms)
        )
        for each in spoken
        if each.start_ms < length_ms
    ]
    if speaker is not None:
        theirs = [
            _spoken(released, segment.first_word, segment.last_word)
            for segment in transcript.segments
            if segment.speaker == speaker
        ]
        gone += _between(joined(theirs), length_ms)
    return TakenOut(tuple(joined(gone)), rule)


def _spoken(released: Released, first: int, last: int) -> Interval:
    """Return when words were said; people talk over one another, so the last may not end last."""
    said = released.review.transcript.words[first : last + 1]
    start_ms = min(word.start_ms for word in said)
    return Interval(start_ms, max(start_ms, *(word.end_ms for word in said)))


def _between(stretches: list[Interval], end_ms: int) -> Iterator[Interval]:
    """Yield what lies before, between and after stretches that are in order."""
    at_ms = 0
    for stretch in stretches:
        if stretch.start_ms > at_ms:
            yield Interval(at_ms, stretch.start_ms)
        at_ms = stretch.end_ms
    if end_ms > at_ms:
        yield Interval(at_ms, end_ms)
