"""Reporting that an identifier was seen: a release, a text and a paragraph, and never the words."""

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.exports.wording import prepared_turns
from transcriber.services.releases import known_release, texts_of
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.sightings import Sighting


def report(  # where it was seen, by whom
    store: Store,
    actor_id: str,
    study_id: str,
    release_id: str,
    paragraph: int,
    profile: str = "",
) -> str:
    """Report a paragraph of a release, counted from 1, and return the id of the report.

    `profile` is the policy of the text, the one that was signed where it is empty. A paragraph
    that was reported and not looked at yet is the same report. A withdrawn release is reported like
    any other: who has it still has it. Raises UsageError `not_found`, `no_paragraph`, StorageError.
    """
    with store.database.read() as connection:
        release = known_release(connection, study_id, release_id)
    texts = texts_of(store, release)
    number = next((n for n, each in enumerate(texts) if profile in ("", each.profile)), None)
    if number is None:
        raise UsageError("not_found", "This release has no text by a policy of this name.")
    last = len(prepared_turns(texts[number].transcript))
    if not 1 <= paragraph <= last:
        raise UsageError(
            "no_paragraph",
            f"This text has paragraphs 1 to {last:,}. Look at the number beside the paragraph.",
        )
    with store.database.write() as connection:
        where = (number, paragraph)
        sighting_id = store.sightings.add(connection, study_id, release, where, actor_id)
        event = AuditEvent(
            Action.IDENTIFIER_SEEN, actor_id, study_id, release.recording_id, sighting_id
        )
        store.audit.record(connection, event)
    return sighting_id


def list_sightings(store: Store, study_id: str) -> list[Sighting]:
    """Return what was reported in a study: what nobody looked at first, then the newest."""
    with store.database.read() as connection:
        return store.sightings.all(connection, study_id)


def known_sighting(store: Store, study_id: str, sighting_id: str) -> Sighting:
    """Return a report. Raises UsageError `not_found`."""
    with store.database.read() as connection:
        found = store.sightings.get(connection, study_id, sighting_id)
    if found is None:
        raise no_such_report()
    return found


def no_such_report() -> UsageError:
    """Say that there is none."""
    return UsageError("not_found", "There is no such report in this study.")
