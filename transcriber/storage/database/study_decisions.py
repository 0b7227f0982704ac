"""What was decided for a whole study, and the recording with which its checking began."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, true, update

from transcriber.domain.edit import EntityDecided
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.review_tables import FIRST_REVIEW, STUDY_DECISION
from transcriber.storage.database.studies import lock_study
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, unseal

_EDIT: TypeAdapter[EntityDecided] = TypeAdapter(EntityDecided)


@dataclass(frozen=True, slots=True)
class StudyDecision:
    """A decision on all mentions of an entity; `id` is also the batch in each recording's list."""

    id: str
    number: int
    edit: EntityDecided
    decided_by: str | None
    created_at_ms: int
    undone: bool


@dataclass(frozen=True, slots=True)
class FirstReview:
    """The recording that is checked alone, until its names are confirmed."""

    recording_id: str
    opened_by: str | None
    confirmed: bool


class StudyDecisions:
    """Keeps them; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(
        self,
        connection: Connection,
        study_id: str,
        decision_id: str,
        edit: EntityDecided,
        decided_by: str | None,
    ) -> StudyDecision:
        """Add a decision; nobody else changes the study until the transaction ends.

        Where one of this id is there, that is returned and nothing is added.
        """
        lock_study(connection, study_id)
        known = self.get(connection, study_id, decision_id)
        if known is not None:
            return known
        # Not their count: those on somebody who withdrew are gone.
        number: int = connection.execute(
            select(func.coalesce(func.max(STUDY_DECISION.c.number) + 1, 0)).where(
                STUDY_DECISION.c.study_id == study_id
            )
        ).scalar_one()
        key = self._keyring.study(connection, study_id)
        at_ms: int = connection.execute(select(now_ms())).scalar_one()
        connection.execute(
            insert(STUDY_DECISION).values(
                id=decision_id,
                study_id=study_id,
                number=number,
                decided_by=decided_by,
                edit=seal(key, _place(decision_id), _EDIT.dump_json(edit)),
                created_at_ms=at_ms,
            )
        )
        return StudyDecision(decision_id, number, edit, decided_by, at_ms, undone=False)

    def get(self, connection: Connection, study_id: str, decision_id: str) -> StudyDecision | None:
        """Return a decision by its id, None where the study has none of it."""
        found = self._found(connection, study_id, STUDY_DECISION.c.id == decision_id)
        return found[0] if found else None

    def all(self, connection: Connection, study_id: str) -> tuple[StudyDecision, ...]:
        """Return all decisions of a study in order, also those that were undone."""
        return self._found(connection, study_id, true())

    def forget(self, connection: Connection, study_id: str, decision_ids: Sequence[str]) -> None:
        """Delete decisions, so that nothing tells on whom they were."""
        connection.execute(
            delete(STUDY_DECISION).where(
                STUDY_DECISION.c.study_id == study_id, STUDY_DECISION.c.id.in_(decision_ids)
            )
        )

    def _found(
        self, connection: Connection, study_id: str, which: ColumnElement[bool]
    ) -> tuple[StudyDecision, ...]:
        key = self._keyring.study(connection, study_id)
        rows = connection.execute(
            select(STUDY_DECISION)
            .where(STUDY_DECISION.c.study_id == study_id, which)
            .order_by(STUDY_DECISION.c.number)
        )
        return tuple(
            StudyDecision(
                row.id,
                row.number,
                _EDIT.validate_json(unseal(key, _place(row.id), row.edit)),
                row.decided_by,
                row.created_at_ms,
                row.undone_at_ms is not None,
            )
            for row in rows
        )

    def undo(self, connection: Connection, study_id: str, decision_id: str, by: str) -> bool:
        """Mark a decision as undone. Return whether it was there and counted."""
        lock_study(connection, study_id)
        changed = connection.execute(
            update(STUDY_DECISION)
            .where(
                STUDY_DECISION.c.study_id == study_id,
                STUDY_DECISION.c.id == decision_id,
                STUDY_DECISION.c.undone_at_ms.is_(None),
            )
            .values(undone_by=by, undone_at_ms=now_ms())
        )
        return changed.rowcount == 1


def first_review(connection: Connection, study_id: str) -> FirstReview | None:
    """Return the recording with which the checking of a study began, None before it does."""
    row = connection.execute(
        select(FIRST_REVIEW).where(FIRST_REVIEW.c.study_id == study_id)
    ).one_or_none()
    if row is None:
        return None
    return FirstReview(row.recording_id, row.opened_by, row.confirmed_at_ms is not None)


def open_first(connection: Connection, study_id: str, recording_id: str, by: str | None) -> None:
    """Let a recording be the one that is checked first."""
    connection.execute(
        insert(FIRST_REVIEW).values(
            id=new_id(),
            study_id=study_id,
            recording_id=recording_id,
            opened_by=by,
            opened_at_ms=now_ms(),
        )
    )


def confirm_first(connection: Connection, study_id: str, by: str) -> bool:
    """Say that the names of the first recording are confirmed. Return whether they were not."""
    changed = connection.execute(
        update(FIRST_REVIEW)
        .where(FIRST_REVIEW.c.study_id == study_id, FIRST_REVIEW.c.confirmed_at_ms.is_(None))
        .values(confirmed_by=by, confirmed_at_ms=now_ms())
    )
    return changed.rowcount == 1


def _place(row_id: str) -> Place:
    return Place("study_decision", "edit", row_id)
