"""One look at all studies: who is to be told, and what is to be destroyed now.

What is due is told from what is stored and from the clock alone, so that a look that was missed is
caught up by the next one, and two at once do nothing twice.
"""

from dataclasses import dataclass

from transcriber.domain.retention import (
    ClockSeen,
    Due,
    Held,
    due_now,
    is_believed,
    look,
    plan,
    warned_of,
)
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.services.erase import finish_erasures
from transcriber.services.retention.came_back import erase_what_came_back
from transcriber.services.retention.destroy import destroy
from transcriber.services.store import Store
from transcriber.services.withdrawal.withdraw import finish_withdrawals
from transcriber.storage.database.retention import (
    alone_with_clock,
    clock_seen,
    kept_study,
    note_clock,
    note_told,
    untold,
)
from transcriber.storage.database.stage_times import database_now_ms
from transcriber.storage.database.studies import Study, lock_study
from transcriber.storage.database.webhook_queue import announce_study


@dataclass(frozen=True, slots=True)
class Planned:
    """What the rules of a study will destroy: all of it, and what is due now.

    `untold` is due so soon that people are to be told of it, which they were not yet.
    """

    study_id: str
    name: str
    all: tuple[Due, ...]
    now: tuple[Due, ...]
    untold: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Purged:
    """What a look found and did.

    `clock_doubted` says that things are due and the clock is not believed: it jumped, or nobody
    looked at it for hours, and has yet to go on evenly for hours.
    """

    at_ms: int
    planned: tuple[Planned, ...]
    destroyed: tuple[Due, ...] = ()
    came_back: int = 0
    clock_doubted: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How to look: at which time in UTC milliseconds, None for the database's; at one study only.

    A `trusted` clock is that of a person who has compared it.
    """

    at_ms: int | None = None
    study_id: str | None = None
    trusted: bool = False


NOW = Look()


def purge_plan(store: Store, how: Look = NOW) -> Purged:
    """Return what a look would do, and do nothing. Raises StorageError."""
    with store.database.read() as connection:
        at_ms = database_now_ms(connection) if how.at_ms is None else how.at_ms
        doubted = not how.trusted and not is_believed(look(clock_seen(connection), at_ms))
    planned = _planned(store, how, at_ms)
    return Purged(at_ms, planned, clock_doubted=doubted and any(each.now for each in planned))


def purge(store: Store, how: Look = NOW) -> Purged:
    """Finish what was interrupted, tell webhooks what will be due, destroy what is.

    Raises StorageError; what was not destroyed by then is destroyed by the next look.
    """
    came_back = erase_what_came_back(store)
    finish_erasures(store)
    finish_withdrawals(store)
    seen = _look_at_clock(store, how.at_ms)
    planned = _planned(store, how, seen.last_ms)
    for each in planned:
        if each.untold:
            _tell(store, each)
    believed = how.trusted or is_believed(seen)
    destroyed: tuple[Due, ...] = ()
    if believed:
        # The files of sound are gone before words are sealed anew, so each is counted once.
        destroyed = _destroy(store, planned, {Held.SOUND})
        destroyed += _destroy(store, planned, {Held.TRANSCRIPT, Held.KEY})
    doubted = not believed and any(each.now for each in planned)
    return Purged(seen.last_ms, planned, destroyed, came_back, doubted)


def _look_at_clock(store: Store, at_ms: int | None) -> ClockSeen:
    with store.database.write() as connection:
        alone_with_clock(connection)
        now_ms = database_now_ms(connection) if at_ms is None else at_ms
        seen = look(clock_seen(connection), now_ms)
        note_clock(connection, seen)
    return seen


def _planned(store: Store, how: Look, at_ms: int) -> tuple[Planned, ...]:
    found = []
    with store.database.read() as connection:
        for study in store.studies.all(connection):
            if how.study_id in (None, study.id):
                planned = plan(kept_study(connection, study))
                if planned:
                    days = study.agreed.terms.retention.warning_days
                    soon = untold(connection, study.id, warned_of(planned, at_ms, days))
                    now = due_now(planned, at_ms)
                    found.append(Planned(study.id, study.name, planned, now, soon))
    return tuple(found)


def _tell(store: Store, planned: Planned) -> None:
    with store.database.write() as connection:
        lock_study(connection, planned.study_id)
        new = untold(connection, planned.study_id, planned.untold)
        if new and store.studies.get(connection, planned.study_id) is not None:
            note_told(connection, planned.study_id, new)
            announce_study(connection, WebhookEvent.RETENTION_DUE, planned.study_id)


def _destroy(store: Store, planned: tuple[Planned, ...], things: set[Held]) -> tuple[Due, ...]:
    destroyed: list[Due] = []
    for each in planned:
        with store.database.read() as connection:
            study: Study | None = store.studies.get(connection, each.study_id)
        if study is not None:
            now = [due for due in each.now if due.held_thing in things]
            destroyed += [due for due in now if destroy(store, study, due)]
    if destroyed:
        finish_erasures(store)
    return tuple(destroyed)
