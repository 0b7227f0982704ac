"""The destinations of a study: added, shown with what came of them, tried again, removed."""

from dataclasses import dataclass

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.hand_off import Handed
from transcriber.exports.presets import PRESETS
from transcriber.services.hand_off.addresses import kind_of, open_place
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.destinations import Destination
from transcriber.storage.database.hand_offs import (
    WITHDRAWN,
    HandOff,
    hand_offs_of,
    queue,
    retry_hand_offs,
)
from transcriber.storage.database.releases import standing_releases

MOST_A_STUDY = 20


@dataclass(frozen=True, slots=True)
class ShownDestination:
    """A destination and how it stands: what came last, what waits, what failed and why.

    `last_at_ms` is None where nothing arrived yet; `failure_code` is of what failed last.
    """

    destination: Destination
    arrived: int
    waiting: int
    failed: int
    last_at_ms: int | None
    failure_code: str | None


def list_destinations(store: Store, study_id: str) -> list[ShownDestination]:
    """Return the destinations of a study, the oldest first."""
    with store.database.read() as connection:
        return [
            _shown(each, hand_offs_of(connection, each.id))
            for each in store.destinations.all(connection, study_id)
        ]


def add_destination(
    store: Store, actor_id: str, study_id: str, address: str, preset: str | None = None
) -> str:
    """Add a destination and return its id; what stands released already is brought there too.

    Raises UsageError `bad_destination`, `unknown_tool`, `too_many_destinations`, and
    `name_taken` where the study has it already.
    """
    address = address.strip()
    open_place(address, store.settings.hand_off)
    if preset is not None and preset not in PRESETS:
        raise UsageError("unknown_tool", f"There is no such tool. These are: {', '.join(PRESETS)}.")
    with store.database.write() as connection:
        known = store.destinations.all(connection, study_id)
        if any((each.address, each.preset) == (address, preset) for each in known):
            raise UsageError("name_taken", "Releases are brought there already.")
        if len(known) >= MOST_A_STUDY:
            raise UsageError(
                "too_many_destinations", f"A study has {MOST_A_STUDY} destinations. Remove one."
            )
        kind = kind_of(address)
        made = store.destinations.add(connection, study_id, kind, address, preset, actor_id)
        for release in standing_releases(connection, study_id):
            queue(connection, made, release.recording_id, release.id, Handed.RELEASE)
        event = AuditEvent(Action.DESTINATION_ADDED, actor_id, study_id, subject_id=made)
        store.audit.record(connection, event)
    return made


def remove_destination(store: Store, actor_id: str, study_id: str, destination_id: str) -> None:
    """Bring nothing there any more; what lies there stays. Raises UsageError `not_found`."""
    with store.database.write() as connection:
        _known(store, connection, study_id, destination_id)
        store.destinations.remove(connection, destination_id)
        event = AuditEvent(
            Action.DESTINATION_REMOVED, actor_id, study_id, subject_id=destination_id
        )
        store.audit.record(connection, event)


def retry_destination(store: Store, study_id: str, destination_id: str) -> None:
    """Bring what failed there again, now. Raises UsageError `not_found`."""
    with store.database.write() as connection:
        _known(store, connection, study_id, destination_id)
        retry_hand_offs(connection, destination_id)


def _known(store: Store, connection: Connection, study_id: str, destination_id: str) -> None:
    if destination_id not in {each.id for each in store.destinations.all(connection, study_id)}:
        raise UsageError("not_found", "There is no such destination in this study.")


def _shown(destination: Destination, all_of_it: list[HandOff]) -> ShownDestination:
    arrived = [each for each in all_of_it if each.arrived_at_ms is not None]
    failed = [
        each
        for each in all_of_it
        if each.arrived_at_ms is None and each.failure_code not in (None, WITHDRAWN)
    ]
    return ShownDestination(
        destination,
        len(arrived),
        sum(each.next_at_ms is not None for each in all_of_it),
        len(failed),
        max((each.arrived_at_ms or 0 for each in arrived), default=None),
        failed[0].failure_code if failed else None,
    )
