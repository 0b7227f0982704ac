"""Identifiers that were seen in releases: reported, answered, and the releases that hold them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from transcriber.domain.finding import EntityType
from transcriber.domain.sighting import SeenPlace
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.releases import StudyRelease
from transcriber.storage.database.sighting_tables import SIGHTING, SIGHTING_RELEASE
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, unseal


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where somebody saw an identifier, by number; times are UTC in milliseconds.

    `text` is the text of the release, 0 the one that was signed; `paragraph` counts from 1.
    `entity_type` is None where it identified nobody, and while nobody has answered.
    """

    id: str
    study_id: str
    release_id: str
    recording_id: str
    text: int
    paragraph: int
    reported_by: str
    created_at_ms: int
    answered_by: str | None
    answered_at_ms: int | None
    entity_type: EntityType | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has looked at it yet."""
        return self.answered_at_ms is None


@dataclass(frozen=True, slots=True)
class HoldingRelease:
    """A release that holds what was seen. Times in milliseconds.

    `places` has the places of each of its texts; None once the recording is erased.
    `recalled_at_ms` is None where the release had been withdrawn before, `marked_at_ms` until its
    words are marked in the recording.
    """

    id: str
    release_id: str
    recording_id: str
    recalled_at_ms: int | None
    marked_at_ms: int | None
    places: tuple[tuple[SeenPlace, ...], ...] | None


Places = Sequence[Sequence[SeenPlace]]


class Sightings:
    """Keeps them; every method works in the transaction that it is given."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(
        self,
        connection: Connection,
        study_id: str,
        release: StudyRelease,
        where: tuple[int, int],
        reported_by: str,
    ) -> str:
        """Keep a report of a text and a paragraph; return its id, the same while it is open."""
        text, paragraph = where
        same = select(SIGHTING.c.id).where(
            SIGHTING.c.release_id == release.id,
            SIGHTING.c.text == text,
            SIGHTING.c.paragraph == paragraph,
            SIGHTING.c.answered_at_ms.is_(None),
        )
        known: str | None = connection.execute(same).scalar()
        if known is not None:
            return known
        sighting_id = new_id()
        connection.execute(
            insert(SIGHTING).values(
                id=sighting_id,
                study_id=study_id,
                release_id=release.id,
                recording_id=release.recording_id,
                text=text,
                paragraph=paragraph,
                reported_by=reported_by,
                created_at_ms=now_ms(),
            )
        )
        return sighting_id

    def get(
        self, connection: Connection, study_id: str, sighting_id: str, *, lock: bool = False
    ) -> Sighting | None:
        """Return one of a study; with `lock` nobody else answers it meanwhile."""
        statement = select(SIGHTING).where(
            SIGHTING.c.study_id == study_id, SIGHTING.c.id == sighting_id
        )
        row = connection.execute(statement.with_for_update() if lock else statement).first()
        return None if row is None else _sighting(row)

    def all(self, connection: Connection, study_id: str) -> list[Sighting]:
        """Return those of a study: what is open first, then the newest."""
        rows = connection.execute(
            select(SIGHTING)
            .where(SIGHTING.c.study_id == study_id)
            .order_by(
                SIGHTING.c.answered_at_ms.is_not(None),
                SIGHTING.c.created_at_ms.desc(),
                SIGHTING.c.id,
            )
        )
        return [_sighting(row) for row in rows]

    def answer(
        self,
        connection: Connection,
        sighting: Sighting,
        answered_by: str,
        entity_type: EntityType | None,
    ) -> None:
        """Keep what came of a report."""
        connection.execute(
            update(SIGHTING)
            .where(SIGHTING.c.id == sighting.id)
            .values(
                answered_by=answered_by,
                answered_at_ms=now_ms(),
                entity_type=entity_type.value if entity_type else None,
            )
        )

    def add_release(
        self, connection: Connection, sighting: Sighting, release: StudyRelease, places: Places
    ) -> None:
        """Keep that a release holds what was seen; it is recalled now where it stands."""
        row_id = new_id()
        key = self._keyring.recording(connection, release.recording_id)
        told = json.dumps([[asdict(place) for place in each] for each in places])
        connection.execute(
            insert(SIGHTING_RELEASE).values(
                id=row_id,
                sighting_id=sighting.id,
                release_id=release.id,
                recording_id=release.recording_id,
                recalled_at_ms=now_ms() if release.withdrawn_at_ms is None else None,
                places=seal(key, _place(row_id), told.encode()),
            )
        )

    def releases(self, connection: Connection, sighting: Sighting) -> tuple[HoldingRelease, ...]:
        """Return the releases that hold what was seen."""
        which = SIGHTING_RELEASE.c.sighting_id == sighting.id
        return self._found(connection, sighting.study_id, which)

    def unmarked(self, connection: Connection) -> list[tuple[Sighting, HoldingRelease]]:
        """Return the releases whose words are not marked yet in their recordings."""
        which = SIGHTING_RELEASE.c.marked_at_ms.is_(None)
        rows = connection.execute(
            select(SIGHTING).where(
                SIGHTING.c.id.in_(select(SIGHTING_RELEASE.c.sighting_id).where(which))
            )
        ).all()
        return [
            (sighting, row)
            for sighting in map(_sighting, rows)
            for row in self._found(
                connection, sighting.study_id, which, SIGHTING_RELEASE.c.sighting_id == sighting.id
            )
        ]

    def is_unmarked(self, connection: Connection, recording_id: str) -> bool:
        """Whether something that was seen is still to be marked in a recording."""
        which = select(SIGHTING_RELEASE.c.id).where(
            SIGHTING_RELEASE.c.recording_id == recording_id,
            SIGHTING_RELEASE.c.marked_at_ms.is_(None),
        )
        return connection.execute(which.limit(1)).first() is not None

    def note_marked(self, connection: Connection, row_id: str) -> None:
        """Keep that the words of a release are marked in its recording."""
        connection.execute(
            update(SIGHTING_RELEASE)
            .where(SIGHTING_RELEASE.c.id == row_id, SIGHTING_RELEASE.c.marked_at_ms.is_(None))
            .values(marked_at_ms=now_ms())
        )

    def _found(
        self, connection: Connection, study_id: str, *which: ColumnElement[bool]
    ) -> tuple[HoldingRelease, ...]:
        ids = select(SIGHTING_RELEASE.c.recording_id).where(*which)
        keys = self._keyring.recordings(connection, study_id, ids)
        rows = connection.execute(
            select(SIGHTING_RELEASE).where(*which).order_by(SIGHTING_RELEASE.c.id)
        ).all()
        return tuple(
            HoldingRelease(
                row.id,
                row.release_id,
                row.recording_id,
                row.recalled_at_ms,
                row.marked_at_ms,
                _places(unseal(keys[row.recording_id], _place(row.id), row.places))
                if row.recording_id in keys
                else None,
            )
            for row in rows
        )


def _places(told: bytes) -> tuple[tuple[SeenPlace, ...], ...]:
    texts: list[list[Mapping[str, object]]] = json.loads(told)
    return tuple(tuple(SeenPlace(**each) for each in text) for text in texts)  # type: ignore[arg-type] # of our own writing


def _sighting(row: Row[tuple[object, ...]]) -> Sighting:
    told = dict(row._mapping)
    kind = told["entity_type"]
    return Sighting(**{**told, "entity_type": EntityType(kind) if kind else None})


def _place(row_id: str) -> Place:
    return Place("sighting_release", "places", row_id)
