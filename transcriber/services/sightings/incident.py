"""The incident note of a report: who saw it, which releases hold it, and who had taken them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import IN_WORDS
from transcriber.domain.hand_off import Handed
from transcriber.exports.incident_note import (
    DELIVERED,
    NOTIFIED,
    AffectedRelease,
    Incident,
    Person,
    Taken,
    write_incident_page,
    write_incident_text,
)
from transcriber.services.releases import ReleaseFile
from transcriber.services.sightings.report import no_such_report
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.hand_offs import hand_offs_of_release
from transcriber.storage.database.memberships import role_in
from transcriber.storage.database.releases import StudyRelease, all_releases
from transcriber.storage.database.sightings import HoldingRelease, Sighting
from transcriber.storage.database.tables import AUDIT_EVENT

HOW = {
    Action.EXPORTED: "taken away",
    Action.SOUND_EXPORTED: "its sound taken away",
    Action.VIEWED: "read on its page",
}
"""What the audit has of who got a release."""

BROUGHT = {Handed.RELEASE: DELIVERED, Handed.RECALL: NOTIFIED}

WRITERS = {
    "html": (write_incident_page, "text/html; charset=utf-8"),
    "txt": (write_incident_text, "text/plain; charset=utf-8"),
}


def incident_note(
    store: Store, actor_id: str, study_id: str, sighting_id: str, kind: str = "html"
) -> ReleaseFile:
    """Return the note of a report as `html` or `txt`, as things stand now. It is audited.

    Raises UsageError `not_found` or `format_not_served`, StorageError.
    """
    if kind not in WRITERS:
        raise UsageError("format_not_served", "The note is written as html or txt.")
    with store.database.write() as connection:
        sighting = store.sightings.get(connection, study_id, sighting_id)
        if sighting is None:
            raise no_such_report()
        incident = _incident(store, connection, sighting)
        event = AuditEvent(Action.VIEWED, actor_id, study_id, sighting.recording_id, sighting_id)
        store.audit.record(connection, event)
    write, media_type = WRITERS[kind]
    return ReleaseFile(write(incident), f"incident-{sighting.id[:8]}.{kind}", media_type)


def _incident(store: Store, connection: Connection, sighting: Sighting) -> Incident:
    study_id = sighting.study_id
    releases = {each.id: each for each in all_releases(connection, study_id)}
    codes = store.recordings.codes(
        connection, study_id, [each.recording_id for each in releases.values()]
    )
    held = store.sightings.releases(connection, sighting)
    known = releases.get(sighting.release_id)
    where = (
        f"paragraph {sighting.paragraph} of a release that is erased by now"
        if known is None
        else f"paragraph {sighting.paragraph} of {codes[known.recording_id]}, version "
        f"{known.number}"
    )
    return Incident(
        id=sighting.id,
        study_id=study_id,
        where=where,
        reported_at_ms=sighting.created_at_ms,
        reported_by=_person(connection, study_id, sighting.reported_by),
        answered_at_ms=sighting.answered_at_ms,
        answered_by=_person(connection, study_id, sighting.answered_by)
        if sighting.answered_by
        else None,
        kind=IN_WORDS[sighting.entity_type] if sighting.entity_type else None,
        searched=sum(
            each.created_at_ms <= (sighting.answered_at_ms or 0) for each in releases.values()
        ),
        releases=tuple(
            _affected(connection, row, releases[row.release_id], codes, sighting)
            for row in held
            if row.release_id in releases
        ),
    )


def _affected(
    connection: Connection,
    row: HoldingRelease,
    release: StudyRelease,
    codes: Mapping[str, str],
    sighting: Sighting,
) -> AffectedRelease:
    places = [place for text in row.places or () for place in text]
    by_paragraph: dict[int, bool] = {}
    for place in places:
        by_paragraph[place.paragraph] = by_paragraph.get(place.paragraph, True) and place.by_sound
    return AffectedRelease(
        code=codes[release.recording_id],
        number=release.number,
        release_id=release.id,
        released_at_ms=release.created_at_ms,
        recalled_at_ms=row.recalled_at_ms,
        paragraphs=len(by_paragraph),
        by_sound=sum(by_paragraph.values()),
        marked=row.marked_at_ms is not None,
        taken=tuple(_taken(connection, release, sighting)),
    )


def _taken(connection: Connection, release: StudyRelease, sighting: Sighting) -> Sequence[Taken]:
    rows = connection.execute(
        select(AUDIT_EVENT)
        .where(
            AUDIT_EVENT.c.study_id == sighting.study_id,
            AUDIT_EVENT.c.subject_id == release.id,
            AUDIT_EVENT.c.action.in_([action.value for action in HOW]),
        )
        .order_by(AUDIT_EVENT.c.number)
    )
    uses: dict[tuple[str | None, Action], list[int]] = {}
    for row in rows:
        uses.setdefault((row.actor_id, Action(row.action)), []).append(row.created_at_ms)
    people = [
        Taken(
            times[0],
            times[-1],
            len(times),
            _person(connection, sighting.study_id, actor_id).told,
            HOW[action],
        )
        for (actor_id, action), times in uses.items()
    ]
    places = []
    for each in hand_offs_of_release(connection, release.id):
        if (at_ms := each.arrived_at_ms) is not None:
            where = f"destination {each.destination_id[:8]}"
            places.append(Taken(at_ms, at_ms, 1, where, BROUGHT[each.what]))
    return sorted((*people, *places), key=lambda taken: taken.at_ms)


def _person(connection: Connection, study_id: str, account_id: str | None) -> Person:
    if account_id is None:
        return Person("the program", "")
    role = role_in(connection, study_id, account_id)
    told = role.value.replace("_", " ") if role else "somebody who is no member any more"
    return Person(told, account_id)
