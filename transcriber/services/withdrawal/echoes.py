"""What others said that may tell what was taken back: kept, shown, and decided by a person.

What was taken back is gone by the time that anybody decides, so they judge the reply by itself.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.echo import Echo, EchoVerdict
from transcriber.domain.edit import PassageWithheld
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.withdrawal import Withdrawing
from transcriber.services.review.decide import Step, decide_once
from transcriber.services.review.first_recording import may_open
from transcriber.services.review.released import withheld_in
from transcriber.services.review.state import Review, reviews_in
from transcriber.services.store import Store
from transcriber.stages.echoes import find_echoes
from transcriber.stages.name_spellings import named
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.echoes import (
    StoredEcho,
    add_echoes,
    decide_on,
    echo_of_study,
    echoes_in,
    echoes_of_study,
)

REASON = "It echoes a contribution that was withdrawn."
"""Why a passage is withheld; that a contribution was is said in the transcript itself."""


class EchoState(StrEnum):
    """What became of an echo."""

    OPEN = "open"
    WITHHELD = "withheld"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Passage:
    """Where an echo stands now, and what is said there.

    Word numbers, both inclusive; times in milliseconds. `turn` is the id of the first word of its
    turn, `label` whose turn it is.
    """

    first_word: int
    last_word: int
    start_ms: int
    end_ms: int
    turn: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownEcho:
    """An echo in a recording of this code; `passage` is None where its words are not there now."""

    stored: StoredEcho
    code: str
    state: EchoState
    passage: Passage | None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide."""
        return self.state is EchoState.OPEN


def echoes_of(review: Review, who: Withdrawing) -> tuple[Echo, ...]:
    """Return where others echo somebody in a recording: to be asked before it is taken out."""
    speakers = frozenset(each.id for each in review.transcript.speakers if each.label in who.labels)
    return find_echoes(review.transcript, speakers, tuple(_mentions(review, who, speakers)))


def note_echoes(
    connection: Connection, withdrawal_id: str, recording_id: str, echoes: Sequence[Echo]
) -> int:
    """Keep what a withdrawal leaves to decide; what it had kept before stays as it is.

    Returns how many are new, so a withdrawal that goes on after it was killed counts none twice.
    """
    return add_echoes(connection, withdrawal_id, recording_id, echoes)


def echoes_to_decide(store: Store, study_id: str) -> tuple[ShownEcho, ...]:
    """Return the echoes of a study: what is open first, then by recording, in order of the talk.

    What was decided is among them. Raises StorageError.
    """
    with store.database.read() as connection:
        kept = echoes_of_study(connection, study_id)
        ids = list(dict.fromkeys(each.recording_id for each in kept))
        reviews = {each.recording.id: each for each in reviews_in(store, connection, study_id, ids)}
        codes = store.recordings.codes(connection, study_id, ids)
    shown = [
        _shown(each, codes[each.recording_id], reviews.get(each.recording_id))
        for each in kept
        if each.recording_id in codes  # what is being erased has no code any more
    ]
    return tuple(sorted(shown, key=_order))


def echoes_of_recording(store: Store, review: Review) -> tuple[ShownEcho, ...]:
    """Return the echoes of one recording, as `echoes_to_decide` does. Raises StorageError."""
    with store.database.read() as connection:
        kept = echoes_in(connection, [review.recording.id])
    return tuple(sorted((_shown(each, review.recording.code, review) for each in kept), key=_order))


def open_echoes(store: Store, review: Review) -> tuple[ShownEcho, ...]:
    """Return those of a recording on which nobody has decided. Raises StorageError."""
    return tuple(each for each in echoes_of_recording(store, review) if each.is_open)


def decide_echo(
    store: Store, actor_id: str, study_id: str, echo_id: str, verdict: EchoVerdict
) -> None:
    """Withhold what echoes, as one step of checking that can be undone, or say that it may stay.

    The latest verdict counts. Raises UsageError `not_found`; `echo_gone` where there is nothing to
    withhold; `echo_withheld` where something is to stay that is withheld; and what `decide_once`
    raises.
    """
    with store.database.read() as connection:
        stored = echo_of_study(connection, study_id, echo_id)
        if stored is None:
            raise UsageError("not_found", "There is no such echo in this study.")
        reviews = reviews_in(store, connection, study_id, [stored.recording_id])
    may_open(store, study_id, stored.recording_id)
    review = next(iter(reviews), None)
    passage = None if review is None else _passage(review, stored.echo)
    withheld = review is not None and passage is not None and _is_withheld(review, passage)
    if verdict is EchoVerdict.LEAVE and withheld:
        raise UsageError(
            "echo_withheld",
            "This passage is withheld. To let it stay, undo that on the page of checking first.",
        )
    if verdict is EchoVerdict.WITHHOLD and not withheld:
        if review is None or passage is None:
            raise UsageError(
                "echo_gone",
                "These words are not in the transcript any more, so there is nothing to withhold. "
                "Withdraw the releases that have them, and then say that it may stay.",
            )
        step = Step(actor_id, study_id, stored.recording_id)
        edit = PassageWithheld(stored.echo.first, stored.echo.last, REASON)
        decide_once(store, step, [edit], review.number)
    with store.database.write() as connection:
        decide_on(connection, echo_id, verdict, actor_id)
        event = AuditEvent(Action.ECHO_DECIDED, actor_id, study_id, stored.recording_id, echo_id)
        store.audit.record(connection, event)


def _mentions(review: Review, who: Withdrawing, speakers: frozenset[str]) -> Iterator[range]:
    """Yield the words with which others mention somebody: what was found, and their names.

    Also names that were found to be somebody else's, which `mentions_in` leaves: a person decides.
    """
    words = review.transcript.words
    for judged in review.findings:
        finding, place = judged.finding, judged.finding.place
        is_meant = finding.entity_type is EntityType.PERSON and finding.entity in who.entities
        if place is not None and is_meant and words[place.first_word].speaker not in speakers:
            yield range(place.first_word, place.last_word + 1)
    for span in named([word.text for word in words], who.spellings):
        if words[span.start].speaker not in speakers:
            yield span


def _shown(stored: StoredEcho, code: str, review: Review | None) -> ShownEcho:
    passage = None if review is None else _passage(review, stored.echo)
    if review is not None and passage is not None and _is_withheld(review, passage):
        state = EchoState.WITHHELD
    elif stored.verdict is EchoVerdict.LEAVE:
        state = EchoState.LEFT
    else:
        state = EchoState.OPEN  # also where withholding was undone
    return ShownEcho(stored, code, state, passage)


def _passage(review: Review, echo: Echo) -> Passage | None:
    numbers = {word.id: number for number, word in enumerate(review.transcript.words)}
    first, last = numbers.get(echo.first), numbers.get(echo.last)
    if first is None or last is None:
        return None
    words = review.transcript.words[first : last + 1]
    turn = review.turns[bisect_right(review.turns, first, key=lambda turn: turn.first_word) - 1]
    return Passage(
        first_word=first,
        last_word=last,
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        turn=review.transcript.words[turn.first_word].id,
        label=review.transcript.label(words[0].speaker),
        text=" ".join(word.text for word in words),
    )


def _is_withheld(review: Review, passage: Passage) -> bool:
    withheld = withheld_in(review)
    return all(
        any(number in each for each in withheld)
        for number in range(passage.first_word, passage.last_word + 1)
    )


def _order(shown: ShownEcho) -> tuple[bool, str, int, str]:
    at = shown.passage.first_word if shown.passage else -1
    return not shown.is_open, shown.code, at, shown.stored.id
