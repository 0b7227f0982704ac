"""Where a person should listen because it is not certain who speaks."""

from itertools import groupby

from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Transcript


def uncertain_speakers(transcript: Transcript) -> tuple[Interval, ...]:
    """Return each run of words whose speaker is uncertain as one stretch of time, in order."""
    places = []
    for uncertain, run in groupby(transcript.words, key=lambda word: word.speaker_uncertain):
        words = list(run)
        if uncertain:
            start_ms = min(word.start_ms for word in words)
            places.append(Interval(start_ms, max(word.end_ms for word in words)))
    return tuple(places)
