"""Who is who in a study, and what stands for them: one SQLite file for each study.

It holds the entities that are mentioned, and the labels that those who speak were given.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from transcriber.domain.entity import Entity, Invented
from transcriber.domain.errors import StorageError
from transcriber.domain.finding import EntityType
from transcriber.stages.interview.labels import next_labels
from transcriber.storage.study_database import transaction

_TABLE = """
CREATE TABLE IF NOT EXISTS entity (
    id INTEGER PRIMARY KEY,
    entity_type TEXT NOT NULL,
    key TEXT NOT NULL,
    forms TEXT NOT NULL DEFAULT '[]',
    number INTEGER CHECK (number > 0),
    first TEXT CHECK (first <> ''),
    last TEXT CHECK (last <> ''),
    written TEXT NOT NULL DEFAULT '[]',
    UNIQUE (entity_type, key),
    UNIQUE (entity_type, number),
    UNIQUE (first),
    UNIQUE (last)
) STRICT
"""
"""The last line of defence: no two entities share a key, a number or an invented name."""

_LABELS = """
CREATE TABLE IF NOT EXISTS label (
    recording TEXT NOT NULL,
    speaker TEXT NOT NULL,
    label TEXT NOT NULL UNIQUE,
    PRIMARY KEY (recording, speaker)
) STRICT
"""

_FROM_NUMBERS_ALONE = """
INSERT INTO entity (entity_type, key, number) SELECT entity_type, entity, number FROM pseudonym
"""
"""Until version 0.1 the file had a table of keys and numbers and nothing else."""

T = TypeVar("T")


class SqliteRegister:
    """Hands out a study's entities under a write lock: any number of processes may share the file.

    The file names the entities: it belongs into the private folder and only its owner may read it.
    Once it and the keys are destroyed, nothing says who a replacement stands for.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def update(self, decide: Callable[[Sequence[Entity]], tuple[Sequence[Entity], T]]) -> T:
        """Give `decide` all entities, keep those that it returns, and return its result.

        No other process comes in between; where `decide` fails, nothing is kept. Raises
        StorageError when the file cannot be read or written.
        """
        with self._transaction() as connection:
            changed, result = decide(_all(connection))
            # Out first, then in: a key may go from one entity to another.
            ids = [(entity.id,) for entity in changed]
            connection.executemany("DELETE FROM entity WHERE id = ?", ids)
            connection.executemany(
                "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_row, changed)
            )
            return result

    def labels(
        self, recording: str, speakers: Sequence[str], reserved: Collection[str]
    ) -> tuple[str, ...]:
        """Return the study's labels for these speakers, allotting what is missing.

        Raises StorageError when the file cannot be read or written.
        """
        with self._transaction() as connection:
            rows = connection.execute("SELECT recording, speaker, label FROM label")
            taken = {(code, speaker): label for code, speaker, label in rows}
            given = next_labels(taken, recording, speakers, reserved)
            connection.executemany("DELETE FROM label WHERE recording = ? AND speaker = ?", given)
            connection.executemany(
                "INSERT INTO label VALUES (?, ?, ?)",
                [(*voice, label) for voice, label in given.items()],
            )
            return tuple(given[recording, speaker] for speaker in speakers)

    def entities(self) -> tuple[Entity, ...]:
        """Return all entities of the study. Raises StorageError."""
        with self._transaction() as connection:
            return _all(connection)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with transaction(self._path, _refused()) as connection:
            connection.execute(_TABLE)
            connection.execute(_LABELS)
            _take_over(connection)
            yield connection


def _take_over(connection: sqlite3.Connection) -> None:
    """Move what the file of an earlier version holds; its numbers stay."""
    columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(entity)")}
    if "written" not in columns:
        connection.execute("ALTER TABLE entity ADD COLUMN written TEXT NOT NULL DEFAULT '[]'")
    old = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'pseudonym'"
    if connection.execute(old).fetchone() == (1,):
        connection.execute(_FROM_NUMBERS_ALONE)
        connection.execute("DROP TABLE pseudonym")


def _all(connection: sqlite3.Connection) -> tuple[Entity, ...]:
    rows = connection.execute(
        "SELECT id, entity_type, key, forms, number, coalesce(first, ''), coalesce(last, ''), "
        "written FROM entity ORDER BY id"
    )
    return tuple(
        Entity(
            id=identity,
            entity_type=EntityType(kind),
            key=key,
            forms=frozenset(json.loads(forms)),
            number=number,
            invented=Invented(first, last),
            written=frozenset((code, form) for code, form in json.loads(written)),
        )
        for identity, kind, key, forms, number, first, last, written in rows
    )


def _row(entity: Entity) -> tuple[int | str | None, ...]:
    return (
        entity.id,
        entity.entity_type.value,
        entity.key,
        json.dumps(sorted(entity.forms), ensure_ascii=False),
        entity.number,
        entity.invented.first or None,
        entity.invented.last or None,
        json.dumps(sorted(entity.written), ensure_ascii=False),
    )


def _refused() -> StorageError:
    return StorageError(
        "register_unusable",
        "The register of pseudonyms in the private folder cannot be read or written. Check that "
        "the disk has room and that the folder is yours, then run the command again.",
    )
