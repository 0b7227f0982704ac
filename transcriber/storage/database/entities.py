"""Who is who in a study, and what stands for them: the register of a study in the store."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select

from transcriber.domain.entity import Entity
from transcriber.stages.interview.labels import next_labels
from transcriber.storage.database.database import Database
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.studies import lock_study
from transcriber.storage.database.tables import ENTITY, LABEL
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, seal, tag, unseal

T = TypeVar("T")
Guard = Callable[[Connection], None]

NO_RECORDING = ""
"""Stands for the recording of a label that nobody has any more."""

_ENTITY: TypeAdapter[Entity] = TypeAdapter(Entity)


def _anybody(connection: Connection) -> None:
    """Let everybody write."""


class StoreRegister:
    """Implements `PseudonymRegister`: entities are sealed under the study's key of pseudonyms.

    Once that key is destroyed, nothing says who a replacement stands for.
    """

    def __init__(
        self, database: Database, keyring: Keyring, study_id: str, guard: Guard = _anybody
    ) -> None:
        """`guard` is called before anything is written and raises when we may not any more."""
        self._database = database
        self._keyring = keyring
        self._study_id = study_id
        self._guard = guard

    def update(self, decide: Callable[[Sequence[Entity]], tuple[Sequence[Entity], T]]) -> T:
        """Give `decide` all entities, keep those that it returns, and return its result.

        No other process comes in between; where `decide` fails, nothing is kept. Raises
        StorageError when the database refuses or two entities would share a key, a number or a
        name.
        """
        with self._database.write() as connection:
            self._guard(connection)
            lock_study(connection, self._study_id)
            key = self._keyring.pseudonyms(connection, self._study_id)
            changed, result = decide(self._all(connection, key))
            # Out first, then in: a key may go from one entity to another.
            ids = [entity.id for entity in changed]
            connection.execute(
                delete(ENTITY).where(
                    ENTITY.c.study_id == self._study_id, ENTITY.c.entity_id.in_(ids)
                )
            )
            if changed:
                rows = [_row(key, self._study_id, entity) for entity in changed]
                connection.execute(insert(ENTITY), rows)
            return result

    def labels(
        self, recording: str, speakers: Sequence[str], reserved: Collection[str]
    ) -> tuple[str, ...]:
        """Return the study's labels for these speakers, allotting what is missing.

        Raises StorageError when the database refuses.
        """
        with self._database.write() as connection:
            self._guard(connection)
            lock_study(connection, self._study_id)
            key = self._keyring.pseudonyms(connection, self._study_id)
            taken = _labels(connection, key, self._study_id)
            given = next_labels(taken, recording, speakers, reserved)
            rows = [_label_row(key, self._study_id, *voice, given[voice]) for voice in given]
            tags = [row["speaker_tag"] for row in rows]
            connection.execute(
                delete(LABEL).where(
                    LABEL.c.study_id == self._study_id, LABEL.c.speaker_tag.in_(tags)
                )
            )
            if rows:
                connection.execute(insert(LABEL), rows)
            return tuple(given[recording, speaker] for speaker in speakers)

    def entities(self) -> tuple[Entity, ...]:
        """Return all entities of the study. Raises StorageError."""
        with self._database.read() as connection:
            key = self._keyring.pseudonyms(connection, self._study_id)
            return self._all(connection, key)

    def _all(self, connection: Connection, key: Key) -> tuple[Entity, ...]:
        rows = connection.execute(
            select(ENTITY.c.id, ENTITY.c.content)
            .where(ENTITY.c.study_id == self._study_id)
            .order_by(ENTITY.c.entity_id)
        )
        return tuple(
            _ENTITY.validate_json(unseal(key, _place(row.id), row.content)) for row in rows
        )


def forget_entities(
    connection: Connection, keyring: Keyring, study_id: str, whose: Callable[[Entity], bool]
) -> int:
    """Forget some entities of a study; return how many there were.

    Of one that something stood for, its number and its invented name stay taken, so that what is
    read in earlier releases never comes to mean somebody else. Raises StorageError.
    """
    lock_study(connection, study_id)
    key = keyring.pseudonyms(connection, study_id)
    rows = connection.execute(
        select(ENTITY.c.id, ENTITY.c.content).where(ENTITY.c.study_id == study_id)
    ).all()
    found = [
        (row.id, entity)
        for row in rows
        if whose(entity := _ENTITY.validate_json(unseal(key, _place(row.id), row.content)))
    ]
    connection.execute(delete(ENTITY).where(ENTITY.c.id.in_([row_id for row_id, _ in found])))
    taken = [
        replace(each, key=f"withdrawn{each.id}", forms=frozenset(), written=frozenset())
        for _, each in found
        if each.is_written
    ]
    if taken:
        connection.execute(insert(ENTITY), [_row(key, study_id, each) for each in taken])
    return len(found)


def forget_labelled(
    connection: Connection, keyring: Keyring, study_id: str, labels: Collection[str]
) -> None:
    """Forget which voices had some labels, and give these labels to nobody again.

    Raises StorageError.
    """
    lock_study(connection, study_id)
    key = keyring.pseudonyms(connection, study_id)
    tags = [tag(key, "label", label) for label in labels]
    connection.execute(
        delete(LABEL).where(LABEL.c.study_id == study_id, LABEL.c.label_tag.in_(tags))
    )
    rows = [_label_row(key, study_id, NO_RECORDING, label, label) for label in sorted(labels)]
    connection.execute(insert(LABEL), rows)


def _row(key: Key, study_id: str, entity: Entity) -> dict[str, object]:
    row_id = new_id()
    invented = entity.invented
    return {
        "id": row_id,
        "study_id": study_id,
        "entity_id": entity.id,
        "entity_type": entity.entity_type.value,
        "content": seal(key, _place(row_id), _ENTITY.dump_json(entity)),
        "key_tag": tag(key, "entity key", entity.key),
        "number": entity.number,
        "first_tag": tag(key, "first name", invented.first) if invented.first else None,
        "last_tag": tag(key, "last name", invented.last) if invented.last else None,
    }


def _place(row_id: str) -> Place:
    return Place("entity", "content", row_id)


def _labels(connection: Connection, key: Key, study_id: str) -> dict[tuple[str, str], str]:
    """Return the labels of a study by recording and speaker."""
    rows = connection.execute(
        select(LABEL.c.id, LABEL.c.content).where(LABEL.c.study_id == study_id)
    )
    taken = {}
    for row in rows:
        content = unseal(key, Place("label", "content", row.id), row.content)
        recording, speaker, label = json.loads(content)
        taken[recording, speaker] = label
    return taken


def _label_row(
    key: Key, study_id: str, recording: str, speaker: str, label: str
) -> dict[str, object]:
    row_id = new_id()
    content = json.dumps([recording, speaker, label]).encode()
    return {
        "id": row_id,
        "study_id": study_id,
        "content": seal(key, Place("label", "content", row_id), content),
        "speaker_tag": tag(key, "labelled speaker", f"{recording}\0{speaker}"),
        "label_tag": tag(key, "label", label),
    }
