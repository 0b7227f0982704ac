"""From names heard in the sound to findings over the words that stand there.

Two witnesses are asked: how likely the sound is the name, and how much the words that a recogniser
wrote there sound like it. `free up until` is how Priya Patel is misheard; `on Tuesday` is not.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

from transcriber.domain.finding import Finding, Place
from transcriber.domain.interval import Interval, joined
from transcriber.domain.roster import Roster
from transcriber.domain.spotted import Spotted
from transcriber.domain.transcript import Quality, Segment, Transcript, Word
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.spoken_names.distance import distance, weight
from transcriber.stages.spoken_names.forms import Form, Meaning, form_of, names_of
from transcriber.stages.spoken_names.misread import said
from transcriber.stages.words import plain_words

Sounds = tuple[str, ...]

SOURCE = "roster-sound"

NEAR_MS = 250
"""A word that ends or begins so close to a spotting may be it: word times are rough."""
MORE_WORDS = 3
"""Recognisers break a name into a few words more."""
MOST_WAYS = 8

LIKENESS_OF_CHANCE = 0.7
"""How alike a name and the words at a place are that has nothing to do with it."""
PER_LIKENESS = 6.0
"""Powers of ten by which odds grow from no likeness to all of it."""
TIMES_TELL = 0.4
"""What the share of time in common weighs beside likeness where words are chosen."""

SHARE_IN_TIME = 0.3
"""Of a word that has to lie in the time of a name, to be a part of it: word times are rough."""

LEAST_SCORE = 0.4
LEAST_SCORE_OF_A_WORD = 0.98
"""Where one ordinary word stands: that is what it is nearly always. A name that was misheard leaves
several words or a rare one."""
LEAST_SCORE_UNPLACED = 0.5
ORDINARY_WORDS_LOWER_ODDS = 0.8
"""Powers of ten: small words are what a recogniser writes for anything, and where names are not."""
SURE_WORDS = 0.8
"""Mean confidence from which a speech model is held for sure of its words."""
SURE_WORDS_LOWER_ODDS = 2.0
"""Powers of ten: sure and ordinary words that do not sound like the name speak against it."""
MOST_ODDS = 4.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Findings for what was spotted, and what was heard where no word stands.

    A reviewer is told of `unplaced`: a name may be heard there that the transcript does not have.
    """

    findings: tuple[Finding, ...]
    unplaced: tuple[Interval, ...]


def sought_names(roster: Roster) -> tuple[str, ...]:
    """Return the names to listen for, in plain words: full names, aliases, and parts of names.

    Names that are common words are left to the text: nobody hears `May` from `may`.
    """
    return tuple(" ".join(form) for form in _meanings(roster))


def spotted_findings(spotted: Iterable[Spotted], transcript: Transcript, roster: Roster) -> Placed:
    """Return findings over the words at the times of spottings, in order and without overlap.

    Each lies inside one segment. Its score weighs the sound and the likeness of the words.
    Spottings that are too doubtful, that stand over another name of the roster or over an entry
    of `roster.keep`, or whose name is not on the roster, are dropped.
    """
    meanings = _meanings(roster)
    line = _Line(transcript)
    taken = _written(line, meanings, roster)
    candidates: list[_Candidate] = []
    unplaced: list[Interval] = []
    for hit in spotted:
        form = tuple(plain_words(hit.name))
        if form not in meanings:
            continue
        here = line.at(hit.interval)
        if here is None:
            if hit.score >= LEAST_SCORE_UNPLACED:
                unplaced.append(hit.interval)
            continue
        candidate = _best(line, here, form, hit)
        entity = meanings[form].entity
        others = (taken.get(n, entity) for n in range(candidate.first, candidate.last + 1))
        if candidate.score >= _least(line, candidate) and all(other == entity for other in others):
            candidates.append(candidate)
    findings = [_finding(c, transcript, meanings[c.form]) for c in _apart(candidates)]
    # Several names may be heard at one place: it is told once.
    return Placed(
        tuple(sorted(findings, key=lambda finding: finding.start)), tuple(joined(unplaced))
    )


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Words `first` to `last` may be `form`."""

    form: Form
    first: int
    last: int
    score: float


def _least(line: "_Line", candidate: _Candidate) -> float:
    """Return the score that is asked for; the name as it is written needs no more than others."""
    here = tuple(
        part for n in range(candidate.first, candidate.last + 1) for part in line.plains[n]
    )
    if here == candidate.form or not _is_one_word(here):
        return LEAST_SCORE
    return LEAST_SCORE_OF_A_WORD


def _is_one_word(form: Form) -> bool:
    return len(form) == 1 and (len(form[0]) == 1 or form[0] in ordinary_words())


class _Line:
    """The words of a transcript by time."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.plains = [tuple(plain_words(word.text)) for word in transcript.words]
        self.segments = {
            number: segment
            for segment in transcript.segments
            for number in range(segment.first_word, segment.last_word + 1)
        }

    @cached_property
    def _by_start(self) -> list[tuple[int, int]]:
        return sorted((word.start_ms, n) for n, word in enumerate(self.transcript.words))

    @cached_property
    def _longest_ms(self) -> int:
        return max((word.end_ms - word.start_ms for word in self.transcript.words), default=0)

    def at(self, interval: Interval) -> tuple[int, int] | None:
        """First and last word at a time, both of one segment, or None where there is none.

        Words that lie in it by half or more count, or the nearest one.
        """
        near = self._near(interval)
        inside = [n for n in near if _is_inside(self.transcript.words[n], interval)]
        if not inside and near:
            inside = [min(near, key=lambda n: (_apart_ms(self.transcript.words[n], interval), n))]
        if not inside:
            return None
        shared: dict[int, int] = {}
        for number in inside:
            first = self.segments[number].first_word
            word = self.transcript.words[number].interval
            shared[first] = shared.get(first, 0) + word.overlap_ms(interval)
        most = max(shared, key=lambda first: (shared[first], -first))
        here = [n for n in inside if self.segments[n].first_word == most]
        return min(here), max(here)

    def _near(self, interval: Interval) -> list[int]:
        earliest = interval.start_ms - NEAR_MS - self._longest_ms
        found = []
        for start_ms, number in islice(
            self._by_start, bisect_left(self._by_start, (earliest, 0)), None
        ):
            if start_ms > interval.end_ms + NEAR_MS:
                break
            if _apart_ms(self.transcript.words[number], interval) <= NEAR_MS:
                found.append(number)
        return found


def _is_inside(word: Word, interval: Interval) -> bool:
    shared = word.interval.overlap_ms(interval)
    return 2 * shared >= max(1, min(word.interval.duration_ms, interval.duration_ms))


def _apart_ms(word: Word, interval: Interval) -> int:
    return max(0, word.start_ms - interval.end_ms, interval.start_ms - word.end_ms)


def _best(line: _Line, here: tuple[int, int], form: Form, hit: Spotted) -> _Candidate:
    """Choose the words that are most like the name, near those that stand at its time."""
    segment = line.segments[here[0]]
    ranked = []
    for first, last in _runs(here, segment, len(form) + MORE_WORDS):
        likeness = _likeness(line.plains[first : last + 1], form)
        spoken = line.transcript.words[first : last + 1]
        span = Interval(spoken[0].start_ms, max(word.end_ms for word in spoken))
        shared = span.overlap_ms(hit.interval)
        together = span.duration_ms + hit.interval.duration_ms - shared
        ranked.append((likeness + TIMES_TELL * shared / max(together, 1), likeness, first, last))
    _, likeness, first, last = max(ranked)
    score = _score(line, hit, likeness, (first, last))
    return _Candidate(form, *_widened(line, hit, (first, last)), score)


def _widened(line: _Line, hit: Spotted, span: tuple[int, int]) -> tuple[int, int]:
    """Return the words that are most like the name with those beside them in its time.

    `college` of `college whole hog and` is no less Caoimhe O'Hagan than the rest of it.
    """
    segment, words = line.segments[span[0]], line.transcript.words

    def belongs(number: int) -> bool:
        word = words[number].interval
        return word.overlap_ms(hit.interval) >= SHARE_IN_TIME * max(word.duration_ms, 1)

    first, last = span
    while first > segment.first_word and span[0] - first < MORE_WORDS and belongs(first - 1):
        first -= 1
    while last < segment.last_word and last - span[1] < MORE_WORDS and belongs(last + 1):
        last += 1
    return first, last


def _runs(here: tuple[int, int], segment: Segment, most: int) -> Iterator[tuple[int, int]]:
    """Yield stretches of the segment that begin and end a word from `here` at most."""
    for first in range(max(here[0] - 1, segment.first_word), min(here[0] + 1, here[1]) + 1):
        for last in range(max(first, here[1] - 1), min(here[1] + 1, segment.last_word) + 1):
            if last - first < most:
                yield first, last
    if here[1] - here[0] > most:
        yield here[0], here[0] + most - 1


def _likeness(words: Sequence[Form], form: Form) -> float:
    """Return from 0 to 1 how much the words sound like the name."""
    window = tuple(part for word in words for part in word)
    if window == form:
        return 1.0
    spoken, wanted = _ways(window), _ways(form)
    return max(
        (max(0.0, 1 - distance(a, b) / max(weight(a), weight(b))) for a in spoken for b in wanted),
        default=0.0,
    )


def _ways(form: Form) -> list[Sounds]:
    each = [said(word)[:3] for word in form if said(word)]
    if not each:
        return []
    joined = (tuple(sound for way in ways for sound in way) for ways in product(*each))
    return [way for way, _ in zip(joined, range(MOST_WAYS), strict=False)]


def _score(line: _Line, hit: Spotted, likeness: float, span: tuple[int, int]) -> float:
    """Weigh both witnesses as odds, in powers of ten."""
    odds = math.log10(max(hit.score, 1e-6) / max(1 - hit.score, 1e-6))
    odds = min(odds, MOST_ODDS) + PER_LIKENESS * (likeness - LIKENESS_OF_CHANCE)
    if likeness < 1 and _is_ordinary(line, span):
        odds -= SURE_WORDS_LOWER_ODDS if _is_sure(line, span) else ORDINARY_WORDS_LOWER_ODDS
    odds = max(-MOST_ODDS, min(odds, MOST_ODDS))
    return round(1 / (1 + math.pow(10, -odds)), 3)


def _is_ordinary(line: _Line, span: tuple[int, int]) -> bool:
    return all(COMMON_WORDS.issuperset(form) for form in line.plains[span[0] : span[1] + 1])


def _is_sure(line: _Line, span: tuple[int, int]) -> bool:
    """Whether a speech model is sure of its words here."""
    words = line.transcript.words[span[0] : span[1] + 1]
    sure = [word.confidence for word in words if word.confidence is not None]
    is_full = line.transcript.quality is Quality.FULL
    return is_full and len(sure) == len(words) and sum(sure) >= SURE_WORDS * len(sure)


def _apart(candidates: list[_Candidate]) -> Iterator[_Candidate]:
    """Yield the best of those that overlap; of equals the one that takes in more words."""
    used: set[int] = set()
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.first - c.last, c.first)):
        numbers = range(candidate.first, candidate.last + 1)
        if used.isdisjoint(numbers):
            used.update(numbers)
            yield candidate


def _finding(candidate: _Candidate, transcript: Transcript, meaning: Meaning) -> Finding:
    start, end = transcript.layout.offsets(candidate.first, candidate.last)
    spoken = transcript.words[candidate.first : candidate.last + 1]
    return Finding(
        start,
        end,
        meaning.kind,
        transcript.text[start:end],
        candidate.score,
        SOURCE,
        meaning.entity,
        Place(
            candidate.first,
            candidate.last,
            spoken[0].start_ms,
            max(word.end_ms for word in spoken),
        ),
    )


def _written(line: _Line, meanings: Mapping[Form, Meaning], roster: Roster) -> dict[int, str]:
    """Word numbers that are a name of the roster as written, with its entity; longest names win.

    What is to be kept has the entity `""`, which is nobody's.
    """
    names = {form: meaning.entity for form, meaning in meanings.items()}
    names.update({tuple(plain_words(name)): "" for name in roster.keep if plain_words(name)})
    by_first: dict[str, list[Form]] = {}
    for form in sorted(names, key=len, reverse=True):
        by_first.setdefault(form[0], []).append(form)
    flat = [(part, n) for n, parts in enumerate(line.plains) for part in parts]
    taken: dict[int, str] = {}
    for at, (part, number) in enumerate(flat):
        for form in by_first.get(part, ()):
            numbers = [n for _, n in flat[at : at + len(form)]]
            if tuple(text for text, _ in flat[at : at + len(form)]) == form:
                if number not in taken:
                    taken.update(dict.fromkeys(numbers, names[form]))
                break
    return taken


def _meanings(roster: Roster) -> dict[Form, Meaning]:
    """Return what to listen for, with type and entity key as matches in the text have them."""
    kept = {form_of(name) for name in roster.keep}
    return {
        form: meaning
        for form, meaning in names_of(roster).items()
        if form not in kept and not (len(form) == 1 and form[0] in COMMON_WORDS)
    }
