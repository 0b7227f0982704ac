"""Which stretches to hear first: where the machine is least sure of words, speakers and names.

Doubt is a property of a few turns together and never of a word: queues of single words cannot be
finished, and noScribe dropped its own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.finding import Finding
from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Transcript
from transcriber.stages.second_look.shapes import capitals, rare_words
from transcriber.stages.second_look.sound import Ear
from transcriber.stages.second_look.text import seen

LONGEST_MS = 30_000
MOST_TURNS = 4
"""A stretch ends after so many turns or so much time, whichever is first."""

UNSURE = 0.5
"""Words below this confidence are more often wrong than right in what we measured."""

SURE_FINDING = 0.85


class Reason(StrEnum):
    """Why a stretch is doubtful; the value is what people read."""

    BY_SOUND = "words that sound like a known name"
    ODD_WORD = "words with an unusual capital, or rare ones"
    NAME = "a name that the machine is not sure of"
    UNTRANSCRIBED = "speech without words"
    SPEAKER = "words whose speaker is uncertain"
    OVERLAP = "several people at once"
    WORD = "words heard badly"


POINTS: Mapping[Reason, float] = {
    Reason.BY_SOUND: 5.0,
    Reason.ODD_WORD: 3.0,
    Reason.NAME: 3.0,
    Reason.UNTRANSCRIBED: 1.0,  # a second
    Reason.SPEAKER: 0.2,
    Reason.OVERLAP: 0.5,  # a second
    Reason.WORD: 0.3,
}
"""What one place of each kind weighs: names first, because what is missed there leaves."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A stretch of a few turns; `points` are its doubt for each second of listening.

    Word numbers are inclusive, times in milliseconds; `reasons` are the gravest first.
    """

    first_word: int
    last_word: int
    start_ms: int
    end_ms: int
    points: float
    reasons: tuple[Reason, ...]

    @property
    def duration_ms(self) -> int:
        """How long it takes to hear at its own speed."""
        return self.end_ms - self.start_ms


def doubtful(
    transcript: Transcript, findings: Sequence[Finding], ear: Ear | None = None
) -> tuple[Doubtful, ...]:
    """Return all stretches of a transcript, the most doubtful first, then in order of time.

    `findings` are those of this version; `ear` knows the names of the study.
    """
    places = _places(transcript, findings, ear)
    found = []
    for first, last in _stretches(transcript):
        reasons: Counter[Reason] = Counter()
        for number in range(first, last + 1):
            reasons.update(places.get(number, ()))
        words = transcript.words[first : last + 1]
        start_ms, end_ms = words[0].start_ms, max(word.end_ms for word in words)
        weights = {reason: POINTS[reason] * count for reason, count in reasons.items()}
        here = Interval(start_ms, end_ms)
        for reason, ms in (
            (Reason.UNTRANSCRIBED, _shared_ms(here, transcript.coverage.untranscribed)),
            (Reason.OVERLAP, _talk_at_once_ms(transcript, first, last)),
        ):
            if ms:
                weights[reason] = POINTS[reason] * ms / 1000
        gravest = sorted(weights, key=lambda reason: -weights[reason])
        points = sum(weights.values()) / max(here.duration_ms / 1000, 1)
        found.append(Doubtful(first, last, start_ms, end_ms, round(points, 4), tuple(gravest)))
    return tuple(sorted(found, key=lambda one: (-one.points, one.start_ms)))


def _stretches(transcript: Transcript) -> Iterable[tuple[int, int]]:
    """Yield first and last word of stretches: whole turns, long ones cut at the time."""
    first, turns = 0, 0
    for segment in transcript.segments:
        turns += 1
        for number in range(segment.first_word, segment.last_word + 1):
            length_ms = transcript.words[number].end_ms - transcript.words[first].start_ms
            if length_ms > LONGEST_MS and number > first:
                yield first, number - 1
                first, turns = number, 1
        if turns >= MOST_TURNS:
            yield first, segment.last_word
            first, turns = segment.last_word + 1, 0
    if first < len(transcript.words):
        yield first, len(transcript.words) - 1


def _places(
    transcript: Transcript, findings: Sequence[Finding], ear: Ear | None
) -> Mapping[int, list[Reason]]:
    """Return the reasons of each word, by its number."""
    reasons: dict[int, list[Reason]] = {}
    covered: set[int] = set()
    for finding in findings:
        if finding.place is None:
            continue
        covered.update(range(finding.place.first_word, finding.place.last_word + 1))
        if finding.score < SURE_FINDING:
            reasons.setdefault(finding.place.first_word, []).append(Reason.NAME)
    view = seen(transcript.text, ())
    odd = capitals(view) if view.cased else rare_words(view)
    marks = [(number, number, Reason.ODD_WORD) for number in odd]
    if ear is not None:
        marks += [(first, last, Reason.BY_SOUND) for first, last in ear.find(view)]
    layout = transcript.layout
    for first, last, reason in marks:
        start, end = layout.word_range(view.words[first].start, view.words[last].end)
        if covered.isdisjoint(range(start, end + 1)):
            reasons.setdefault(start, []).append(reason)
    for number, word in enumerate(transcript.words):
        if word.speaker_uncertain:
            reasons.setdefault(number, []).append(Reason.SPEAKER)
        if word.confidence is not None and word.confidence < UNSURE:
            reasons.setdefault(number, []).append(Reason.WORD)
    return reasons


def _shared_ms(here: Interval, others: Sequence[Interval]) -> int:
    return sum(here.overlap_ms(other) for other in others)


def _talk_at_once_ms(transcript: Transcript, first: int, last: int) -> int:
    """How long words of a stretch are said while somebody else's are."""
    total = 0
    until: dict[str | None, int] = {}
    for word in transcript.words[first : last + 1]:
        others = max((end for who, end in until.items() if who != word.speaker), default=0)
        total += max(min(others, word.end_ms) - word.start_ms, 0)
        until[word.speaker] = max(until.get(word.speaker, 0), word.end_ms)
    return total
