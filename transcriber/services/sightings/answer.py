"""Answering a report: which words it is, in which releases they stand, and recalling these."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.redacted import RedactedTurn, Token
from transcriber.domain.sighting import SeenPlace, Sought
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.exports.wording import prepared_turns
from transcriber.services.releases import known_release, texts_of
from transcriber.services.sightings.marking import mark_recalled
from transcriber.services.sightings.report import known_sighting, no_such_report
from transcriber.services.store import Store
from transcriber.stages.seen_again import seen_again, seen_there, sought_in
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.releases import all_releases, release_in
from transcriber.storage.database.sightings import Sighting
from transcriber.storage.database.webhook_queue import announce

REASON = "An identifier was seen in it."
"""Why a release was withdrawn that is recalled; the report says more."""

Held = dict[str, tuple[tuple[SeenPlace, ...], ...]]
"""The places of each text, by release."""


def reported_paragraph(store: Store, actor_id: str, sighting: Sighting) -> RedactedTurn:
    """Return the paragraph that was reported, for somebody who may read. It is audited.

    Raises UsageError `not_found` once its release is erased, StorageError.
    """
    with store.database.write() as connection:
        release = known_release(connection, sighting.study_id, sighting.release_id)
        event = AuditEvent(
            Action.VIEWED, actor_id, sighting.study_id, release.recording_id, release.id
        )
        store.audit.record(connection, event)
    text = texts_of(store, release)[sighting.text].transcript
    return prepared_turns(text)[sighting.paragraph - 1]


def dismiss(store: Store, actor_id: str, study_id: str, sighting_id: str) -> None:
    """Answer that the paragraph identifies nobody. Raises UsageError `not_found`, `answered`."""
    with store.database.write() as connection:
        sighting = _still_open(store, connection, study_id, sighting_id)
        store.sightings.answer(connection, sighting, actor_id, None)
        store.audit.record(connection, _answered(sighting, actor_id))


def recall(  # what was seen, and which words of it
    store: Store,
    actor_id: str,
    study_id: str,
    sighting_id: str,
    ticked: Collection[int],
    kind: EntityType,
) -> None:
    """Answer with the tokens that identify somebody, counted from 0 in the paragraph.

    Every release of the study is searched for them, in all of its texts; where they were seen they
    count whatever they are. Those that hold them are
    withdrawn in one transaction; then the words are marked in their recordings, which a sweep
    finishes where this process is killed. Raises UsageError `not_found`, `answered`, and `no_words`
    where none is ticked that somebody said; StorageError.
    """
    sighting = known_sighting(store, study_id, sighting_id)
    turn = reported_paragraph(store, actor_id, sighting)
    seen = _seen(turn, ticked)
    sought = [each for words in _runs(turn, seen) for each in sought_in(words, kind)]
    if not sought:
        raise UsageError(
            "no_words",
            "Choose the words that identify somebody. Where a replacement tells too much, change "
            "it on the page of checking and withdraw the release.",
        )
    held: Held = {}
    while not _recalled(store, actor_id, sighting, kind, held):
        held |= _searched(store, sighting, sought, seen, held)
    mark_recalled(store)


def _seen(turn: RedactedTurn, ticked: Collection[int]) -> tuple[Token, ...]:
    """Return what is ticked, without replacements and marks: nobody said these."""
    return tuple(
        token
        for number, token in enumerate(turn.tokens)
        if number in ticked and not (token.redacted or token.mark)
    )


def _runs(turn: RedactedTurn, seen: Collection[Token]) -> Iterator[str]:
    """Yield what was seen, words that stand side by side together."""
    run: list[str] = []
    for token in turn.tokens:
        if token in seen:
            run.append(token.text)
        elif run:
            yield " ".join(run)
            run = []
    if run:
        yield " ".join(run)


def _searched(  # for what, where it was seen, and what was searched already
    store: Store,
    sighting: Sighting,
    sought: Sequence[Sought],
    seen: Collection[Token],
    known: Held,
) -> Held:
    with store.database.read() as connection:
        releases = all_releases(connection, sighting.study_id)
    held: Held = {}
    for release in releases:
        if release.id not in known:
            same = seen if release.recording_id == sighting.recording_id else ()
            texts = [prepared_turns(text.transcript) for text in texts_of(store, release)]
            held[release.id] = tuple(
                _in_order({*seen_again(turns, sought), *seen_there(turns, same)}) for turns in texts
            )
    return held


def _in_order(places: Collection[SeenPlace]) -> tuple[SeenPlace, ...]:
    return tuple(sorted(places, key=lambda each: (each.paragraph, each.first_ms, each.last_ms)))


def _recalled(
    store: Store, actor_id: str, sighting: Sighting, kind: EntityType, held: Held
) -> bool:
    """Withdraw all that hold it, unless a release was not searched yet; return whether it is so."""
    with store.database.write() as connection:
        still = _still_open(store, connection, sighting.study_id, sighting.id)
        releases = all_releases(connection, sighting.study_id)
        if any(release.id not in held for release in releases):
            return False
        store.sightings.answer(connection, still, actor_id, kind)
        recalled = [
            event
            for release in releases
            if any(held[release.id])
            for event in _withdrawn(store, connection, actor_id, still, release.id, held)
        ]
        for event in (*recalled, _answered(still, actor_id)):
            store.audit.record(connection, event)
    return True


def _withdrawn(  # one release of those that hold it
    store: Store,
    connection: Connection,
    actor_id: str,
    sighting: Sighting,
    release_id: str,
    held: Held,
) -> Iterator[AuditEvent]:
    release = release_in(connection, sighting.study_id, release_id, lock=True)
    if release is None:
        return
    store.sightings.add_release(connection, sighting, release, held[release.id])
    if release.withdrawn_at_ms is None:
        store.sign_offs.withdraw(connection, release, REASON, actor_id)
        yield AuditEvent(
            Action.RELEASE_RECALLED, actor_id, sighting.study_id, release.recording_id, release.id
        )
    announce(connection, WebhookEvent.RELEASE_RECALLED, release.recording_id, release.id)


def _answered(sighting: Sighting, actor_id: str) -> AuditEvent:
    return AuditEvent(
        Action.SIGHTING_ANSWERED,
        actor_id,
        sighting.study_id,
        sighting.recording_id,
        sighting.id,
    )


def _still_open(store: Store, connection: Connection, study_id: str, sighting_id: str) -> Sighting:
    sighting = store.sightings.get(connection, study_id, sighting_id, lock=True)
    if sighting is None:
        raise no_such_report()
    if not sighting.is_open:
        raise UsageError("answered", "Somebody has answered this report already.")
    return sighting
