"""Studies: a name, the names known beforehand, and what was decided for each type of identifier."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, true, tuple_, update

from transcriber.domain.policy import Policy
from transcriber.domain.roster import Roster
from transcriber.domain.study_terms import UNDECIDED, StudyTerms
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.tables import STUDY
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, Sealed, seal, tag, unseal


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a study agreed on before its recordings are worked on."""

    roster: Roster
    policies: tuple[Policy, ...]
    terms: StudyTerms = UNDECIDED


@dataclass(frozen=True, slots=True)
class Study:
    """A study as it is stored; the time is UTC in milliseconds.

    `version` counts from 1 and is raised with every change.
    """

    id: str
    name: str
    agreed: Agreed
    created_at_ms: int
    version: int = 1


_AGREED: TypeAdapter[Agreed] = TypeAdapter(Agreed)


class Studies:
    """Keeps studies; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(self, connection: Connection, name: str, agreed: Agreed) -> Study:
        """Keep a new study under keys of its own.

        Raises Conflict when there is one of this name, whatever its capitals and spaces.
        """
        study_id, key = new_id(), Key.random(new_id())
        lookup = self._keyring.lookup_or_new(connection)
        connection.execute(
            insert(STUDY).values(
                id=study_id,
                name=_seal(key, "name", study_id, name.encode()),
                name_tag=_name_tag(lookup, name),
                settings=_seal(key, "settings", study_id, _AGREED.dump_json(agreed)),
                created_at_ms=now_ms(),
            )
        )
        self._keyring.add_study(connection, study_id, key)
        (study,) = self._found(connection, STUDY.c.id == study_id)
        return study

    def named(self, connection: Connection, name: str) -> Study | None:
        """Return the study of this name, whatever its capitals and spaces."""
        lookup = self._keyring.lookup(connection)
        if lookup is None:
            return None
        found = self._found(connection, STUDY.c.name_tag == _name_tag(lookup, name))
        return found[0] if found else None

    def get(self, connection: Connection, study_id: str) -> Study | None:
        """Return the study of this id."""
        found = self._found(connection, STUDY.c.id == study_id)
        return found[0] if found else None

    def all(self, connection: Connection) -> tuple[Study, ...]:
        """Return all studies, the oldest first."""
        return tuple(self._found(connection, true()))

    def agree(self, connection: Connection, study: Study, agreed: Agreed) -> Study:
        """Replace what a study agreed on; recordings that are done keep what they were given."""
        return self.change(connection, study, study.name, agreed)

    def change(self, connection: Connection, study: Study, name: str, agreed: Agreed) -> Study:
        """Replace the name of a study and what it agreed on.

        Raises Conflict when another study has this name.
        """
        key = self._keyring.study(connection, study.id)
        lookup = self._keyring.lookup_or_new(connection)
        connection.execute(
            update(STUDY)
            .where(STUDY.c.id == study.id)
            .values(
                name=_seal(key, "name", study.id, name.encode()),
                name_tag=_name_tag(lookup, name),
                settings=_seal(key, "settings", study.id, _AGREED.dump_json(agreed)),
                version=STUDY.c.version + 1,
            )
        )
        return replace(study, name=name, agreed=agreed, version=study.version + 1)

    def page(
        self,
        connection: Connection,
        study_ids: Collection[str],
        before: tuple[int, str] | None,
        limit: int,
    ) -> Sequence[Study]:
        """Return at most `limit` of some studies, the newest first.

        `before` is the time and the id of the last one that was seen, None at the beginning.
        """
        wanted = select(STUDY).where(STUDY.c.id.in_(study_ids))
        if before is not None:
            wanted = wanted.where(tuple_(STUDY.c.created_at_ms, STUDY.c.id) < tuple_(*before))
        newest = (STUDY.c.created_at_ms.desc(), STUDY.c.id.desc())
        rows = connection.execute(wanted.order_by(*newest).limit(limit)).mappings()
        return self._readable(connection, list(rows))

    def _found(self, connection: Connection, which: ColumnElement[bool]) -> Sequence[Study]:
        rows = connection.execute(
            select(STUDY).where(which).order_by(STUDY.c.created_at_ms, STUDY.c.id)
        ).mappings()
        return self._readable(connection, list(rows))

    def _readable(self, connection: Connection, rows: Sequence[RowMapping]) -> Sequence[Study]:
        """Return studies that can be read; one that is being erased has no key any more."""
        keys = self._keyring.studies(connection, [row["id"] for row in rows])
        return [_study(keys[row["id"]], row) for row in rows if row["id"] in keys]


def lock_study(connection: Connection, study_id: str) -> None:
    """Keep other writers from this study until the transaction ends."""
    connection.execute(
        select(STUDY.c.id).where(STUDY.c.id == study_id).with_for_update(key_share=True)
    )


def _study(key: Key, row: RowMapping) -> Study:
    study_id = row["id"]
    name = unseal(key, Place("study", "name", study_id), row["name"])
    agreed = unseal(key, Place("study", "settings", study_id), row["settings"])
    return Study(
        study_id,
        name.decode(),
        _AGREED.validate_python(_with_rules(json.loads(agreed)), strict=False),
        row["created_at_ms"],
        row["version"],
    )


def _with_rules(agreed: dict[str, Any]) -> dict[str, Any]:
    """Read a promise that was made before there was a rule for each thing that is kept."""
    terms = agreed.get("terms", {})
    days = terms.pop("retention_days", None)
    if days is not None:
        rule = {"days_after_release": days}
        terms["retention"] = {"sound": rule, "key": rule}
    return agreed


def _seal(key: Key, column: str, study_id: str, value: bytes) -> Sealed:
    return seal(key, Place("study", column, study_id), value)


def _name_tag(lookup: Key, name: str) -> bytes:
    return tag(lookup, "study name", " ".join(name.casefold().split()))
