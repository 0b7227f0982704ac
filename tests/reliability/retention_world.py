"""Studies with rules, whose recordings are released, withdrawn and held as a year goes by."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select, update

from tests.kept_words import put_copy, put_words
from tests.releases import release_bytes
from tests.stores import AGREED
from tests.stores import Stored as Parts
from tests.talk import talk
from transcriber.domain.retention import Retention, Rule
from transcriber.domain.study_terms import StudyTerms
from transcriber.services.integrity import check_store
from transcriber.services.retention.purge import Look, purge
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_as_it_is
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.blob_rows import add_blobs, blobs_of
from transcriber.storage.database.releases import add_release
from transcriber.storage.database.tables import BLOB, RELEASE, TOMBSTONE
from transcriber.storage.ids import new_id
from transcriber.storage.keys.master_key import KeyFile

DAY_MS = 24 * 3_600_000

Item = tuple[str, str]
"""A kind of thing that is kept, and whose: a recording's or a study's id."""


@dataclass
class Told:
    """What is true of a recording: when it was first released, and whether it is held."""

    study_id: str
    released_ms: list[int] = field(default_factory=list)
    held: bool = False


@dataclass
class World:
    """A store, what will happen to it at which time, and what is true of it now."""

    store: Store
    rules: dict[str, Retention]
    recordings: dict[str, Told]
    happenings: list[tuple[int, Callable[[], None]]]
    held_studies: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    """All that was ever named by a row when nothing was at work."""

    def live_until(self, now_ms: int) -> None:
        while self.happenings and self.happenings[0][0] <= now_ms:
            self.happenings.pop(0)[1]()
        with self.store.database.read() as connection:
            self.files |= set(connection.execute(select(BLOB.c.id)).scalars())

    def look(self, clock_ms: int) -> None:
        purge(self.store, Look(at_ms=clock_ms))

    def destroyed(self) -> set[Item]:
        with self.store.database.read() as connection:
            rows = connection.execute(select(TOMBSTONE.c.kind, TOMBSTONE.c.id))
            return {(row.kind, row.id) for row in rows}

    def due(self, now_ms: int) -> set[Item]:
        """What the rules ask to be gone by a time, told without the code that is tried."""
        found: set[Item] = set()
        for recording_id, told in self.recordings.items():
            rules, released = self.rules[told.study_id], min(told.released_ms, default=None)
            words = _is_due(rules.transcript, released, now_ms)
            if words or _is_due(rules.sound, released, now_ms):
                found.add(("sound", recording_id))
            if words:
                found.add(("transcript", recording_id))
        for study_id, rules in self.rules.items():
            of_it = [
                told.released_ms for told in self.recordings.values() if told.study_id == study_id
            ]
            last = max(min(times) for times in of_it) if all(of_it) else None
            if _is_due(rules.key, last, now_ms):
                found.add(("pseudonyms", study_id))
        return found

    def held(self) -> set[Item]:
        found: set[Item] = set()
        for recording_id, told in self.recordings.items():
            if told.held or told.study_id in self.held_studies:
                found |= {("sound", recording_id), ("transcript", recording_id)}
            if told.held or told.study_id in self.held_studies:
                found.add(("pseudonyms", told.study_id))
        return found

    def require_whole(self) -> None:
        """Nothing lost or left over, every release readable, and words gone that should be."""
        found = check_store(self.store, thorough=True, progress=lambda done, total: None)
        assert found.is_whole, found
        assert not found.unknown
        gone, named = self.destroyed(), set[str]()
        with self.store.database.read() as connection:
            for recording_id in self.recordings:
                blobs = blobs_of(connection, recording_id)
                named |= {blob.id for blob in blobs}
                key = self.store.keyring.recording(connection, recording_id)
                kinds = {blob.purpose for blob in blobs}
                if ("sound", recording_id) in gone:
                    assert not kinds & {Purpose.SOURCE, Purpose.STAGE_FILE}
                if ("transcript", recording_id) in gone:
                    assert kinds <= {Purpose.RELEASE, Purpose.TRANSCRIPT}
                for blob in blobs:
                    if blob.purpose is Purpose.RELEASE:
                        assert b"hello" in self.store.blobs.read(key, blob)
        listed = {file.name for file in self.store.blobs.place.listed()}
        assert named <= listed
        # What a killed look had begun to write may lie there, by a key that was never kept; of what
        # was there before, nothing does.
        assert not (listed - named) & self.files


def _is_due(rule: Rule, released_ms: int | None, now_ms: int) -> bool:
    if rule.days_after_release is not None and released_ms is not None:
        by_days = now_ms >= released_ms + rule.days_after_release * DAY_MS
        if by_days:
            return True
    return rule.on is not None and now_ms >= _start_ms(rule.on)


def _start_ms(day: date) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def build(folder: Path, url: str, count: int, start_ms: int, length_days: int, seed: int) -> World:
    """Make studies of ten recordings, each with rules of its own and a year ahead."""
    KeyFile(folder / "keys" / "master.key").create()
    settings = load_settings({"TRANSCRIBER_HOME": str(folder), "TRANSCRIBER_DATABASE_URL": url})
    store = open_as_it_is(settings)
    random_ = random.Random(seed)
    world = World(store, {}, {}, [])
    parts = Parts(store.database, store.blobs, KeyFile(settings.key_file))
    for number in range(count // 10):
        rules = _rules(random_, start_ms, length_days)
        terms = StudyTerms(retention=rules)
        study = parts.study(f"Study {number}", replace(AGREED, terms=terms))
        world.rules[study.id] = rules
        for content in range(10):
            recording_id = parts.recording(study, str(content)).id
            put_words(store, recording_id, talk(("P01", "Sarah rang from Leeds")), ())
            put_copy(store, recording_id)
            told = Told(study.id)
            world.recordings[recording_id] = told
            _plan_recording(world, random_, recording_id, told, (start_ms, length_days))
        if random_.random() < 0.3:
            _plan_study_hold(world, random_, study.id, (start_ms, length_days))
    world.happenings.sort(key=lambda happening: happening[0])
    return world


def _rules(random_: random.Random, start_ms: int, length_days: int) -> Retention:
    def rule(longest_days: int) -> Rule:
        on_ms = start_ms + random_.randrange(length_days) * DAY_MS
        on = datetime.fromtimestamp(on_ms / 1000, UTC).date()
        after = random_.randrange(longest_days)
        return random_.choice((Rule(after), Rule(after), Rule(on=on), Rule(after, on), Rule()))

    return Retention(rule(60), rule(120), rule(200))


def _plan_recording(
    world: World, random_: random.Random, recording_id: str, told: Told, year: tuple[int, int]
) -> None:
    def moment() -> int:
        return year[0] + random_.randrange(year[1] * DAY_MS)

    released_ms = moment()
    if random_.random() < 0.9:
        happen = _release(world.store, recording_id, told, released_ms)
        world.happenings.append((released_ms, happen))
        if random_.random() < 0.2:
            withdrawn_ms = released_ms + random_.randrange(30 * DAY_MS)
            world.happenings.append((withdrawn_ms, _withdraw(world.store, recording_id, told)))
    if random_.random() < 0.2:
        start_ms = moment()
        end_ms = start_ms + random_.randrange(90 * DAY_MS)
        world.happenings += [
            (start_ms, _hold(world, told.study_id, recording_id)),
            (end_ms, _lift(world, told.study_id, recording_id)),
        ]


def _plan_study_hold(
    world: World, random_: random.Random, study_id: str, year: tuple[int, int]
) -> None:
    start_ms = year[0] + random_.randrange(year[1] * DAY_MS)
    end_ms = start_ms + random_.randrange(60 * DAY_MS)
    world.happenings += [
        (start_ms, _hold(world, study_id, None)),
        (end_ms, _lift(world, study_id, None)),
    ]


def _release(store: Store, recording_id: str, told: Told, at_ms: int) -> Callable[[], None]:
    def happen() -> None:
        with store.database.read() as connection:
            words = store.transcripts.latest(connection, recording_id)
            key = store.keyring.recording(connection, recording_id)
        assert words is not None
        if words.destroyed:
            return  # by a date, before anybody signed it off
        with store.blobs.staged() as staged:
            blob = staged.put_bytes(key, recording_id, Purpose.RELEASE, release_bytes())
            with store.database.write() as connection:
                add_blobs(connection, [blob])
                made = add_release(connection, words.id, blob, None)
                connection.execute(
                    update(RELEASE).where(RELEASE.c.id == made.id).values(created_at_ms=at_ms)
                )
        told.released_ms.append(at_ms)

    return happen


def _withdraw(store: Store, recording_id: str, told: Told) -> Callable[[], None]:
    def happen() -> None:
        with store.database.write() as connection:
            versions = [words.id for words in store.transcripts.all(connection, recording_id)]
            connection.execute(
                update(RELEASE)
                .where(RELEASE.c.transcript_id.in_(versions))
                .values(withdrawn_at_ms=1)
            )
        told.released_ms.clear()

    return happen


def _hold(world: World, study_id: str, recording_id: str | None) -> Callable[[], None]:
    def happen() -> None:
        with world.store.database.write() as connection:
            world.store.holds.place(connection, study_id, recording_id, "a claim", new_id())
        if recording_id is None:
            world.held_studies.add(study_id)
        else:
            world.recordings[recording_id].held = True

    return happen


def _lift(world: World, study_id: str, recording_id: str | None) -> Callable[[], None]:
    def happen() -> None:
        with world.store.database.write() as connection:
            for hold in world.store.holds.all(connection, study_id):
                if hold.recording_id == recording_id:
                    world.store.holds.lift(connection, study_id, hold.id, new_id())
        if recording_id is None:
            world.held_studies.discard(study_id)
        else:
            world.recordings[recording_id].held = False

    return happen
