"""What others said that may tell what was taken back: kept by the ids of words, and decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select, update

from transcriber.domain.echo import Echo, EchoVerdict, Ground
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.echo_tables import ECHO
from transcriber.storage.database.tables import RECORDING
from transcriber.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class StoredEcho:
    """An echo in a recording that stays; times are UTC in milliseconds.

    `verdict` is None while nobody has decided.
    """

    id: str
    withdrawal_id: str
    recording_id: str
    echo: Echo
    created_at_ms: int
    verdict: EchoVerdict | None
    decided_by: str | None
    decided_at_ms: int | None


def add_echoes(
    connection: Connection, withdrawal_id: str, recording_id: str, echoes: Sequence[Echo]
) -> int:
    """Keep what a withdrawal leaves to decide in a recording; return how many were not kept yet."""
    rows = connection.execute(
        select(ECHO.c.first_word, ECHO.c.last_word).where(
            ECHO.c.withdrawal_id == withdrawal_id, ECHO.c.recording_id == recording_id
        )
    )
    known = {(row.first_word, row.last_word) for row in rows}
    new = {(echo.first, echo.last): echo for echo in echoes if (echo.first, echo.last) not in known}
    for echo in new.values():
        connection.execute(
            insert(ECHO).values(
                id=new_id(),
                withdrawal_id=withdrawal_id,
                recording_id=recording_id,
                first_word=echo.first,
                last_word=echo.last,
                ground=echo.ground.value,
                shared=echo.shared,
                created_at_ms=now_ms(),
            )
        )
    return len(new)


def echoes_in(connection: Connection, recording_ids: Collection[str]) -> list[StoredEcho]:
    """Return those of some recordings, in order of when and where they were found."""
    rows = connection.execute(
        select(ECHO)
        .where(ECHO.c.recording_id.in_(recording_ids))
        .order_by(ECHO.c.created_at_ms, ECHO.c.id)
    )
    return [_echo(row) for row in rows]


def echoes_of_study(connection: Connection, study_id: str) -> list[StoredEcho]:
    """Return those of all recordings of a study."""
    rows = connection.execute(
        select(ECHO)
        .join(RECORDING, RECORDING.c.id == ECHO.c.recording_id)
        .where(RECORDING.c.study_id == study_id)
        .order_by(ECHO.c.created_at_ms, ECHO.c.id)
    )
    return [_echo(row) for row in rows]


def echo_of_study(connection: Connection, study_id: str, echo_id: str) -> StoredEcho | None:
    """Return one of a study, None where it has none of this id."""
    row = connection.execute(
        select(ECHO)
        .join(RECORDING, RECORDING.c.id == ECHO.c.recording_id)
        .where(RECORDING.c.study_id == study_id, ECHO.c.id == echo_id)
    ).first()
    return None if row is None else _echo(row)


def decide_on(connection: Connection, echo_id: str, verdict: EchoVerdict, decided_by: str) -> None:
    """Keep what somebody decided; the latest counts."""
    connection.execute(
        update(ECHO)
        .where(ECHO.c.id == echo_id)
        .values(verdict=verdict.value, decided_by=decided_by, decided_at_ms=now_ms())
    )


def _echo(row: Row[tuple[object, ...]]) -> StoredEcho:
    return StoredEcho(
        id=row.id,
        withdrawal_id=row.withdrawal_id,
        recording_id=row.recording_id,
        echo=Echo(row.first_word, row.last_word, Ground(row.ground), row.shared),
        created_at_ms=row.created_at_ms,
        verdict=None if row.verdict is None else EchoVerdict(row.verdict),
        decided_by=row.decided_by,
        decided_at_ms=row.decided_at_ms,
    )
