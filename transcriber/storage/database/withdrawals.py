"""Withdrawals of participants: who withdraws while it goes on, and what each did."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from transcriber.domain.withdrawal import Affected, Fate, Recalled, Stopped, Withdrawing
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.withdrawal_tables import (
    WITHDRAWAL,
    WITHDRAWAL_RECORDING,
    WITHDRAWAL_RELEASE,
)
from transcriber.storage.erased_list import Entry, withdrawal_entry
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, unseal

MARK_BYTES = 16
"""Of a keyed hash: enough that no two names of a study share one."""

_WHO: TypeAdapter[Withdrawing] = TypeAdapter(Withdrawing)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal as it is stored; times are UTC in milliseconds.

    `finished_at_ms` is None while it goes on, `stopped` unless it could not go on. Recordings have
    no codes: they may be erased.
    """

    id: str
    study_id: str
    on_roster: bool
    key_entries: int
    decisions: int
    started_by: str | None
    started_at_ms: int
    finished_at_ms: int | None
    stopped: Stopped | None
    recordings: tuple[Affected, ...]
    recalled: tuple[Recalled, ...]


@dataclass(frozen=True, slots=True)
class ToWithdraw:
    """What a withdrawal is about to take out."""

    on_roster: bool
    recordings: Sequence[Affected]
    recalled: Sequence[Recalled]
    marks: Sequence[bytes]
    """By which they are found again where an older backup is put back; `MARK_BYTES` each."""


class Withdrawals:
    """Keeps them; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def begin(
        self,
        connection: Connection,
        study_id: str,
        who: Withdrawing,
        started_by: str | None,
        planned: ToWithdraw,
        known_as: str | None = None,
    ) -> str:
        """Keep who withdraws and what is to be done; return the withdrawal's id.

        `known_as` is the id of one that a database put back from a backup does not know.
        """
        withdrawal_id = known_as or new_id()
        key = self._keyring.study(connection, study_id)
        connection.execute(
            insert(WITHDRAWAL).values(
                id=withdrawal_id,
                study_id=study_id,
                who=seal(key, _place(withdrawal_id), _WHO.dump_json(who)),
                on_roster=planned.on_roster,
                marks=b"".join(planned.marks),
                started_by=started_by,
                started_at_ms=now_ms(),
            )
        )
        for each in planned.recordings:
            connection.execute(
                insert(WITHDRAWAL_RECORDING).values(
                    id=new_id(),
                    withdrawal_id=withdrawal_id,
                    recording_id=each.recording_id,
                    fate=each.fate.value,
                    turns=each.turns,
                    words=each.words,
                    sound_ms=each.sound_ms,
                    mentions=each.mentions,
                    unclear_ms=each.unclear_ms,
                    unknown_words=each.unknown_words,
                )
            )
        for release in planned.recalled:
            connection.execute(
                insert(WITHDRAWAL_RELEASE).values(
                    id=new_id(),
                    withdrawal_id=withdrawal_id,
                    recording_id=release.recording_id,
                    release_id=release.release_id,
                    number=release.number,
                )
            )
        return withdrawal_id

    def unfinished(self, connection: Connection) -> tuple[Withdrawal, ...]:
        """Return those that go on, of all studies, the oldest first."""
        return _found(connection, WITHDRAWAL.c.finished_at_ms.is_(None))

    def is_due(self, connection: Connection, study_id: str, recording_id: str) -> bool:
        """Whether something is still to be taken out of a recording."""
        return any(
            each.recording_id == recording_id and each.finished_at_ms is None
            for withdrawal in self.unfinished(connection)
            if withdrawal.study_id == study_id
            for each in withdrawal.recordings
        )

    def all(self, connection: Connection, study_id: str) -> tuple[Withdrawal, ...]:
        """Return those of a study, the oldest first."""
        return _found(connection, WITHDRAWAL.c.study_id == study_id)

    def get(self, connection: Connection, study_id: str, withdrawal_id: str) -> Withdrawal | None:
        """Return one of a study, None where it has none of this id."""
        found = _found(
            connection, WITHDRAWAL.c.study_id == study_id, WITHDRAWAL.c.id == withdrawal_id
        )
        return found[0] if found else None

    def who(
        self, connection: Connection, withdrawal: Withdrawal, *, lock: bool = False
    ) -> Withdrawing | None:
        """Return who withdraws, None once that is forgotten; with `lock` nobody else forgets it.

        Raises StorageError.
        """
        statement = select(WITHDRAWAL.c.who).where(WITHDRAWAL.c.id == withdrawal.id)
        sealed = connection.execute(
            statement.with_for_update() if lock else statement
        ).scalar_one_or_none()
        if sealed is None:
            return None
        key = self._keyring.study(connection, withdrawal.study_id)
        return _WHO.validate_json(unseal(key, _place(withdrawal.id), sealed))

    def note_recording(
        self, connection: Connection, withdrawal: Withdrawal, recording: Affected
    ) -> None:
        """Keep that a recording is done, and how much was taken out of it: so it goes on."""
        connection.execute(
            update(WITHDRAWAL)
            .where(WITHDRAWAL.c.id == withdrawal.id)
            .values(stopped_by=None, stopped_at_ms=None)
        )
        connection.execute(
            update(WITHDRAWAL_RECORDING)
            .where(
                WITHDRAWAL_RECORDING.c.withdrawal_id == withdrawal.id,
                WITHDRAWAL_RECORDING.c.recording_id == recording.recording_id,
            )
            .values(
                turns=recording.turns,
                words=recording.words,
                sound_ms=recording.sound_ms,
                mentions=recording.mentions,
                unclear_ms=recording.unclear_ms,
                finished_at_ms=now_ms(),
            )
        )

    def note_next(self, connection: Connection, withdrawal: Withdrawal, place: Recalled) -> None:
        """Keep which release stands where this one stood."""
        connection.execute(
            update(WITHDRAWAL_RELEASE)
            .where(
                WITHDRAWAL_RELEASE.c.withdrawal_id == withdrawal.id,
                WITHDRAWAL_RELEASE.c.release_id == place.release_id,
            )
            .values(next_release_id=place.next_release_id, next_number=place.next_number)
        )

    def note_untold(
        self, connection: Connection, withdrawal: Withdrawal, release: Recalled, places: int
    ) -> None:
        """Keep to how many places the notice of a recall could not be brought."""
        connection.execute(
            update(WITHDRAWAL_RELEASE)
            .where(
                WITHDRAWAL_RELEASE.c.withdrawal_id == withdrawal.id,
                WITHDRAWAL_RELEASE.c.release_id == release.release_id,
            )
            .values(places_untold=places)
        )

    def note_stopped(self, connection: Connection, withdrawal_id: str, code: str) -> None:
        """Keep why one cannot go on; since when stays while the reason does."""
        connection.execute(
            update(WITHDRAWAL)
            .where(
                WITHDRAWAL.c.id == withdrawal_id,
                WITHDRAWAL.c.finished_at_ms.is_(None),
                WITHDRAWAL.c.stopped_by.is_distinct_from(code),
            )
            .values(stopped_by=code, stopped_at_ms=now_ms())
        )

    def forget_who(
        self, connection: Connection, withdrawal: Withdrawal, key_entries: int, decisions: int
    ) -> None:
        """Forget who withdraws: from here on nothing says whose receipt it is."""
        connection.execute(
            update(WITHDRAWAL)
            .where(WITHDRAWAL.c.id == withdrawal.id)
            .values(who=None, key_entries=key_entries, decisions=decisions)
        )

    def finish(self, connection: Connection, withdrawal: Withdrawal) -> bool:
        """Keep that nothing is left to do; return whether it was not so before."""
        finished = connection.execute(
            update(WITHDRAWAL)
            .where(WITHDRAWAL.c.id == withdrawal.id, WITHDRAWAL.c.finished_at_ms.is_(None))
            .values(finished_at_ms=now_ms(), stopped_by=None, stopped_at_ms=None)
        )
        return finished.rowcount == 1


def marks_kept(connection: Connection) -> list[Entry]:
    """Return what `erased.list` has to say of all withdrawals."""
    rows = connection.execute(select(WITHDRAWAL.c.id, WITHDRAWAL.c.study_id, WITHDRAWAL.c.marks))
    return [
        withdrawal_entry(row.id, row.study_id, row.marks[start : start + MARK_BYTES])
        for row in rows
        for start in range(0, len(row.marks), MARK_BYTES)
    ]


def count_withdrawn(connection: Connection) -> int:
    """Return how many recordings all withdrawals are done with, and how many of these ended."""
    done = select(func.count()).where(WITHDRAWAL_RECORDING.c.finished_at_ms.is_not(None))
    ended = select(func.count()).where(WITHDRAWAL.c.finished_at_ms.is_not(None))
    counts: tuple[int, int] = (
        connection.execute(done).scalar_one(),
        connection.execute(ended).scalar_one(),
    )
    return sum(counts)


def _found(connection: Connection, *which: ColumnElement[bool]) -> tuple[Withdrawal, ...]:
    rows = connection.execute(
        select(WITHDRAWAL).where(*which).order_by(WITHDRAWAL.c.started_at_ms, WITHDRAWAL.c.id)
    ).all()
    return tuple(
        Withdrawal(
            row.id,
            row.study_id,
            row.on_roster,
            row.key_entries,
            row.decisions,
            row.started_by,
            row.started_at_ms,
            row.finished_at_ms,
            None if row.stopped_by is None else Stopped(row.stopped_by, row.stopped_at_ms),
            _recordings(connection, row.id),
            _recalled(connection, row.id),
        )
        for row in rows
    )


def _recordings(connection: Connection, withdrawal_id: str) -> tuple[Affected, ...]:
    table = WITHDRAWAL_RECORDING
    rows = connection.execute(
        select(table)
        .where(table.c.withdrawal_id == withdrawal_id)
        .order_by(table.c.fate, table.c.recording_id)
    )
    return tuple(
        Affected(
            row.recording_id,
            None,
            Fate(row.fate),
            row.turns,
            row.words,
            row.sound_ms,
            row.mentions,
            row.finished_at_ms,
            row.unclear_ms,
            row.unknown_words,
        )
        for row in rows
    )


def _recalled(connection: Connection, withdrawal_id: str) -> tuple[Recalled, ...]:
    table = WITHDRAWAL_RELEASE
    rows = connection.execute(
        select(table).where(table.c.withdrawal_id == withdrawal_id).order_by(table.c.release_id)
    )
    return tuple(
        Recalled(
            row.recording_id,
            row.release_id,
            row.number,
            row.next_release_id,
            row.next_number,
            row.places_untold,
        )
        for row in rows
    )


def _place(withdrawal_id: str) -> Place:
    return Place("withdrawal", "who", withdrawal_id)
