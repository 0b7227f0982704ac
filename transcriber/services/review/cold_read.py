"""Reading the text exactly as it will leave, a page of turns at a time, and confirming each."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from transcriber.domain.edit import TurnsRead
from transcriber.domain.errors import UsageError
from transcriber.services.review.decide import decide
from transcriber.services.review.first_recording import may_open
from transcriber.services.review.override import draft_words, is_locked_draft
from transcriber.services.review.released import Released, is_said, released
from transcriber.services.store import Store
from transcriber.services.studies import changed_meanwhile

TURNS = 40
"""On one page."""


@dataclass(frozen=True, slots=True)
class ReadTurn:
    """A turn as it will leave; `number` counts from 1, times in milliseconds.

    `first` and `last` are ids of its words, None where it is marks and nothing else, which nobody
    confirms. `anchor` is the id of the first word of the review's turn. `shown` stands for the very
    text: whoever confirms says which one they read. `stale` turns were changed since somebody heard
    or read them.
    """

    number: int
    label: str
    text: str
    start_ms: int
    first: str | None
    last: str | None
    anchor: str | None
    shown: str
    read: bool
    stale: bool


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Some turns of a recording: page `number` of `pages`, counted from 1.

    Of all `turns` that are to be confirmed, `read` were. `next_number` is the next page with a turn
    that nobody confirmed, None where there is none. `locked` says that the words are a draft.
    """

    code: str
    number: int
    pages: int
    shown: tuple[ReadTurn, ...]
    turns: int
    read: int
    next_number: int | None
    locked: bool

    @property
    def left(self) -> tuple[ReadTurn, ...]:
        """The turns of this page that nobody confirmed."""
        return tuple(turn for turn in self.shown if turn.first and not turn.read)


def read_page(
    store: Store, study_id: str, recording_id: str, number: int | None = None
) -> ReadPage:
    """Return a page of what would leave; without a number the first that has a turn to confirm.

    Raises what `as_released` raises.
    """
    found = released(store, study_id, recording_id)
    turns = _turns(found)
    pages = max(-(-len(turns) // TURNS), 1)
    open_pages = sorted({_page_of(turn) for turn in turns if turn.first and not turn.read})
    here = min(max(number or next(iter(open_pages), 1), 1), pages)
    following = [page for page in open_pages if page > here] or [
        page for page in open_pages if page < here
    ]
    return ReadPage(
        code=found.recording.code,
        number=here,
        pages=pages,
        shown=tuple(turns[(here - 1) * TURNS : here * TURNS]),
        turns=sum(turn.first is not None for turn in turns),
        read=sum(turn.first is not None and turn.read for turn in turns),
        next_number=next(iter(following), None),
        locked=is_locked_draft(store, study_id, recording_id),
    )


def confirm(
    store: Store, actor_id: str, study_id: str, recording_id: str, shown: Sequence[str]
) -> ReadPage:
    """Keep that somebody read turns as they will leave, named by their `shown`.

    Several at once count as confirmed together. Raises UsageError `changed_meanwhile` where one of
    them would leave otherwise by now, and `draft_words`.
    """
    found = released(store, study_id, recording_id)
    if is_locked_draft(store, study_id, recording_id):
        raise draft_words()
    may_open(store, study_id, recording_id)
    known = {turn.shown: turn for turn in _turns(found)}
    turns = [known[each] for each in shown if each in known]
    if not turns or len(turns) < len(shown):
        raise changed_meanwhile()
    edits = [TurnsRead(*span) for span in _runs(turns)]
    decide(store, actor_id, study_id, recording_id, edits, found.review.number)
    return read_page(store, study_id, recording_id, _page_of(turns[0]))


def _runs(turns: Sequence[ReadTurn]) -> list[tuple[str, str]]:
    """Join turns that follow each other, so that it stays visible what was confirmed together."""
    runs: list[tuple[str, str]] = []
    before = 0
    for turn in sorted(turns, key=lambda turn: turn.number):
        if turn.first is None or turn.last is None:
            raise UsageError("nothing_to_read", "This turn has no words to confirm.")
        if runs and before == turn.number - 1:
            runs[-1] = (runs[-1][0], turn.last)
        else:
            runs.append((turn.first, turn.last))
        before = turn.number
    return runs


def _turns(found: Released) -> list[ReadTurn]:
    words = found.review.transcript.words
    checked = {turn.first_word: turn for turn in found.review.turns}
    listed = []
    for number, (turn, words_of) in enumerate(
        zip(found.text.turns, found.spans, strict=True), start=1
    ):
        span = words_of if is_said(turn) else None
        inside = (
            [checked[n] for n in range(span.first_word, span.last_word + 1) if n in checked]
            if span
            else []
        )
        first = words[span.first_word].id if span else None
        what = "\0".join((str(number), first or "", turn.label, turn.text))
        listed.append(
            ReadTurn(
                number=number,
                label=turn.label,
                text=turn.text,
                start_ms=turn.start_ms,
                first=first,
                last=words[span.last_word].id if span else None,
                anchor=found.anchor(span.first_word) if span else None,
                shown=sha256(what.encode()).hexdigest()[:32],
                read=all(each.read for each in inside),
                stale=any(each.stale for each in inside),
            )
        )
    return listed


def _page_of(turn: ReadTurn) -> int:
    return (turn.number - 1) // TURNS + 1
