"""Reports as pages and programs see them: where, when, and what came of it, without any word."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from transcriber.services.store import Store
from transcriber.storage.database.releases import StudyRelease, all_releases
from transcriber.storage.database.sightings import Sighting


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A paragraph that holds what was seen; `by_sound` where all of its places only sound so.

    `word` is the id of the paragraph's first word, empty where nobody's words stand behind it.
    """

    paragraph: int
    word: str
    by_sound: bool


@dataclass(frozen=True, slots=True)
class ShownRelease:
    """A release that holds it, with its paragraphs in any of its texts."""

    id: str
    recording_id: str
    code: str
    number: int
    recalled_at_ms: int | None
    is_marked: bool
    places: tuple[ShownPlace, ...]


@dataclass(frozen=True, slots=True)
class ShownSighting:
    """A report; `code` and `number` are None once its recording is erased."""

    sighting: Sighting
    code: str | None
    number: int | None
    releases: tuple[ShownRelease, ...]

    @property
    def recalled(self) -> int:
        """How many releases were recalled for it."""
        return sum(release.recalled_at_ms is not None for release in self.releases)


def show_sightings(store: Store, study_id: str) -> tuple[ShownSighting, ...]:
    """Return the reports of a study: what nobody looked at first, then the newest."""
    with store.database.read() as connection:
        return _shown(store, connection, study_id, store.sightings.all(connection, study_id))


def show_sighting(store: Store, sighting: Sighting) -> ShownSighting:
    """Return one report."""
    with store.database.read() as connection:
        (shown,) = _shown(store, connection, sighting.study_id, [sighting])
    return shown


def _shown(
    store: Store, connection: Connection, study_id: str, sightings: list[Sighting]
) -> tuple[ShownSighting, ...]:
    releases = {each.id: each for each in all_releases(connection, study_id)}
    codes = store.recordings.codes(
        connection, study_id, [each.recording_id for each in releases.values()]
    )
    return tuple(
        ShownSighting(
            sighting,
            codes.get(sighting.recording_id),
            releases[sighting.release_id].number if sighting.release_id in releases else None,
            tuple(_holding(store, connection, sighting, releases, codes)),
        )
        for sighting in sightings
    )


def _holding(
    store: Store,
    connection: Connection,
    sighting: Sighting,
    releases: Mapping[str, StudyRelease],
    codes: Mapping[str, str],
) -> list[ShownRelease]:
    found = []
    for row in store.sightings.releases(connection, sighting):
        release = releases.get(row.release_id)
        if release is None:
            continue
        paragraphs: dict[tuple[int, str], bool] = {}
        for place in (place for text in row.places or () for place in text):
            key = place.paragraph, place.turn
            paragraphs[key] = paragraphs.get(key, True) and place.by_sound
        found.append(
            ShownRelease(
                release.id,
                release.recording_id,
                codes[release.recording_id],
                release.number,
                row.recalled_at_ms,
                row.marked_at_ms is not None,
                tuple(
                    ShownPlace(number, word, by_sound)
                    for (number, word), by_sound in sorted(paragraphs.items())
                ),
            )
        )
    return sorted(found, key=lambda each: (each.code, each.number))
