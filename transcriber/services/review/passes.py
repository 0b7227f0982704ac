"""Which of the passes that a study asks for are done for a recording, and what is missing."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

from transcriber.domain.edit import TurnsRead, effective_numbers
from transcriber.domain.recording import Source
from transcriber.domain.review import FindingState, ReviewTurn
from transcriber.domain.study_terms import Listening
from transcriber.services.review.checking import doubt_of
from transcriber.services.review.released import Released, is_said
from transcriber.services.review.state import Review
from transcriber.services.review.workload import SAMPLE_SHARE, risky_part


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person has to go: the number of a turn as it leaves, and where it starts.

    Turns are counted from 1; 0 is one that does not leave. `word` is the id of the first word of
    the review's turn.
    """

    turn: int
    word: str
    start_ms: int


@dataclass(frozen=True, slots=True)
class Pass:
    """One of the passes: whether the study asks for it, how much is done, and what is left.

    `done` and `total` count what the pass is about: findings or turns.
    """

    asked: bool
    done: int
    total: int
    left: tuple[Place, ...]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return not self.left

    @property
    def is_missing(self) -> bool:
        """Whether it stands in the way of signing."""
        return self.asked and not self.is_done


@dataclass(frozen=True, slots=True)
class Passes:
    """All passes of a recording; `stale` turns were changed since they were heard or read.

    `unheard_ms` is the length of the turns that were not played. `bulk_read` counts turns that
    were confirmed together with others.
    """

    entities: Pass
    listening: Pass
    cold_read: Pass
    stale: tuple[Place, ...]
    unheard_ms: int
    bulk_read: int
    bulk_accepted: int


def passes(released: Released, shown: Review) -> Passes:
    """Tell which passes are done for what would leave now.

    `shown` is its review as reviewers see it: what is hidden from them is not theirs to decide, and
    must not show in any number.
    """
    turns, leave = _Turns(released), _leave(released)
    checking = released.terms.checking
    sound = released.recording.source is not Source.WRITTEN
    to_hear = leave
    if checking.listening is Listening.RISKY:
        to_hear = _risky(released, leave)
    unheard = [turn for turn in leave if not turn.heard] if sound else []
    return Passes(
        entities=_entities(released, turns, shown),
        listening=turns.counted(
            sound and checking.listening is not Listening.NOTHING,
            to_hear,
            lambda turn: turn.heard,
        ),
        cold_read=turns.counted(checking.cold_read, leave, lambda turn: turn.read),
        stale=turns.places(turn for turn in leave if turn.stale),
        unheard_ms=sum(map(turns.length_ms, unheard)),
        bulk_read=_bulk_read(released),
        bulk_accepted=released.review.progress.bulk_accepted,
    )


def place_of(released: Released, word: int) -> Place:
    """Return where the word of this number stands for whoever reads the text."""
    return _Turns(released).place(word)


class _Turns:
    """Turns of the review by what the reader of the text sees: number and start."""

    def __init__(self, released: Released) -> None:
        self._released = released
        self._words = released.review.transcript.words
        self._numbers = {
            word: number
            for number, span in enumerate(released.spans, start=1)
            if span is not None
            for word in range(span.first_word, span.last_word + 1)
        }

    def place(self, first_word: int) -> Place:
        """Tell where a word stands."""
        number = self._numbers.get(first_word, 0)
        start_ms = self._words[first_word].start_ms
        return Place(number, self._released.anchor(first_word), start_ms)

    def places(self, turns: Iterable[ReviewTurn]) -> tuple[Place, ...]:
        """Tell where turns stand."""
        return tuple(self.place(turn.first_word) for turn in turns)

    def length_ms(self, turn: ReviewTurn) -> int:
        """Return how long a turn is."""
        words = self._words[turn.first_word : turn.last_word + 1]
        return max(word.end_ms for word in words) - words[0].start_ms

    def counted(
        self, asked: bool, turns: Sequence[ReviewTurn], done: Callable[[ReviewTurn], bool]
    ) -> Pass:
        """Count the turns for which a pass is done."""
        left = [turn for turn in turns if not done(turn)]
        return Pass(asked, len(turns) - len(left), len(turns), self.places(left))


def _entities(released: Released, turns: _Turns, shown: Review) -> Pass:
    inside = [
        judged
        for judged in shown.findings
        if (place := judged.finding.place) is not None
        and not any(place.first_word in passage for passage in released.withheld)
    ]
    left = [judged for judged in inside if judged.state is FindingState.PROPOSED]
    places = [turns.place(each.finding.place.first_word) for each in left if each.finding.place]
    asked = released.terms.checking.entities
    return Pass(asked, len(inside) - len(left), len(inside), tuple(places))


def _leave(released: Released) -> list[ReviewTurn]:
    """Return the turns of which a word leaves; a struck or withheld one has nothing to check."""
    out = {
        number
        for passage in released.withheld
        for number in range(passage.first_word, passage.last_word + 1)
    }
    out.update(n for n, word in enumerate(released.review.transcript.words) if word.struck)
    return [
        turn
        for turn in released.review.turns
        if not out.issuperset(range(turn.first_word, turn.last_word + 1))
    ]


def _risky(released: Released, turns: Sequence[ReviewTurn]) -> list[ReviewTurn]:
    """Return the most doubtful turns, those with a note, and a random share of the rest.

    Which ones are drawn follows from the recording and from the turns, so that it stays the same.
    """
    stretches = risky_part(doubt_of(released.review, released.roster))
    doubtful = {
        number
        for stretch in stretches
        for number in range(stretch.first_word, stretch.last_word + 1)
    }
    risky = {
        turn.first_word
        for turn in turns
        if turn.noted or not doubtful.isdisjoint(range(turn.first_word, turn.last_word + 1))
    }
    rest = [turn.first_word for turn in turns if turn.first_word not in risky]
    secret = released.review.stored.id
    drawn = sorted(rest, key=lambda word: sha256(f"{secret} {word}".encode()).digest())
    risky.update(drawn[: ceil(SAMPLE_SHARE * len(rest))])
    return [turn for turn in turns if turn.first_word in risky]


def _bulk_read(released: Released) -> int:
    """Count the turns whose last confirmation was of several turns at once."""
    to_read = [
        span
        for turn, span in zip(released.text.turns, released.spans, strict=True)
        if span is not None and is_said(turn)
    ]
    read = [turn.first_word for turn in released.review.turns if turn.read]
    bulk = [False] * len(to_read)
    events = released.review.fold.events
    for place in effective_numbers([event.edit for event in events]):
        edit = events[place].edit
        if isinstance(edit, TurnsRead):
            words = released.review.fold.numbers_of(edit.first, edit.last)
            first = bisect_left(to_read, words.start, key=lambda span: span.last_word)
            last = bisect_left(to_read, words.stop, key=lambda span: span.first_word)
            bulk[first:last] = [last - first > 1] * (last - first)
    return sum(
        together and bisect_right(read, span.last_word) > bisect_left(read, span.first_word)
        for together, span in zip(bulk, to_read, strict=True)
    )
