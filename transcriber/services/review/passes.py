"""Which of the passes that a study asks for are done for a recording, and what is missing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from transcriber.domain.edit import TurnsRead, effective_numbers
from transcriber.domain.recording import Source
from transcriber.domain.review import FindingState, ReviewTurn
from transcriber.domain.study_terms import Listening
from transcriber.services.review.released import Released, is_said

DOUBTFUL_CONFIDENCE = 0.5
"""Below it a recogniser says itself that it may have misheard."""


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


def passes(released: Released) -> Passes:
    """Tell which passes are done for what would leave now."""
    turns = _Turns(released)
    checking = released.terms.checking
    sound = released.recording.source is not Source.WRITTEN
    to_hear = _to_hear(released) if checking.listening is Listening.RISKY else _leaves(released)
    return Passes(
        entities=_entities(released, turns),
        listening=turns.counted(
            sound and checking.listening is not Listening.NOTHING,
            to_hear,
            lambda turn: turn.heard,
        ),
        cold_read=turns.counted(checking.cold_read, _leaves(released), lambda turn: turn.read),
        stale=turns.places(turn for turn in _leaves(released) if turn.stale),
        unheard_ms=sum(turns.length_ms(turn) for turn in _leaves(released) if not turn.heard)
        if sound
        else 0,
        bulk_read=_bulk_read(released),
        bulk_accepted=released.review.progress.bulk_accepted,
    )


def is_bulk(event: TurnsRead, released: Released) -> bool:
    """Whether somebody confirmed more than one turn at a time."""
    return len(_covered(event, released)) > 1


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


def _entities(released: Released, turns: _Turns) -> Pass:
    inside = [
        judged
        for judged in released.review.findings
        if (place := judged.finding.place) is not None
        and not any(place.first_word in passage for passage in released.withheld)
    ]
    left = [judged for judged in inside if judged.state is FindingState.PROPOSED]
    places = [turns.place(each.finding.place.first_word) for each in left if each.finding.place]
    asked = released.terms.checking.entities
    return Pass(asked, len(inside) - len(left), len(inside), tuple(places))


def _leaves(released: Released) -> list[ReviewTurn]:
    """Return the turns of which a word leaves; a struck or withheld one has nothing to check."""
    words = released.review.transcript.words

    def leaves(number: int) -> bool:
        return words[number].struck is None and not any(
            number in passage for passage in released.withheld
        )

    return [
        turn
        for turn in released.review.turns
        if any(leaves(number) for number in range(turn.first_word, turn.last_word + 1))
    ]


def _to_hear(released: Released) -> list[ReviewTurn]:
    """Return the turns that may go wrong: something identifies there, or the words are in doubt."""
    words = released.review.transcript.words
    found = {
        number
        for judged in released.review.findings
        if judged.finding.place is not None
        for number in range(judged.finding.place.first_word, judged.finding.place.last_word + 1)
    }

    def risky(number: int) -> bool:
        word = words[number]
        unsure = word.confidence is not None and word.confidence < DOUBTFUL_CONFIDENCE
        return number in found or word.speaker_uncertain or unsure

    return [
        turn
        for turn in _leaves(released)
        if turn.noted or any(map(risky, range(turn.first_word, turn.last_word + 1)))
    ]


def _bulk_read(released: Released) -> int:
    """Count the turns whose last confirmation was of several turns at once."""
    last: dict[int, bool] = {}
    events = released.review.fold.events
    for place in effective_numbers([event.edit for event in events]):
        edit = events[place].edit
        if isinstance(edit, TurnsRead):
            covered = _covered(edit, released)
            last.update(dict.fromkeys(covered, len(covered) > 1))
    read = {turn.first_word for turn in released.review.turns if turn.read}
    return sum(bulk for number, bulk in last.items() if read.intersection(_words(released, number)))


def _covered(event: TurnsRead, released: Released) -> list[int]:
    words = released.review.fold.numbers_of(event.first, event.last)
    return [
        number
        for number, (turn, span) in enumerate(zip(released.text.turns, released.spans, strict=True))
        if span is not None
        and is_said(turn)
        and span.first_word < words.stop
        and words.start <= span.last_word
    ]


def _words(released: Released, turn: int) -> range:
    span = released.spans[turn]
    return range(span.first_word, span.last_word + 1) if span else range(0)
