"""What a study as a whole keeps on somebody who withdraws: the key of who is who, and decisions."""

from dataclasses import replace

from sqlalchemy import Connection, select

from transcriber.domain.edit import EntityDecided, IdentifierMarked
from transcriber.domain.errors import StorageError
from transcriber.domain.roster import Roster
from transcriber.domain.withdrawal import Withdrawing
from transcriber.services.speakers_file import study_label
from transcriber.services.store import Store
from transcriber.services.withdrawal.theirs import is_theirs
from transcriber.stages.words import plain_words
from transcriber.storage.database.entities import forget_entities, forget_labelled
from transcriber.storage.database.jobs import JobRequest, rewrite_requests
from transcriber.storage.database.studies import Study, lock_study
from transcriber.storage.database.tables import RECORDING
from transcriber.storage.database.withdrawals import Withdrawal


def take_out_of_study(store: Store, study: Study, withdrawal: Withdrawal, who: Withdrawing) -> None:
    """Forget them wherever the study keeps names, and who it is that withdraws: one commit.

    Their label is given to nobody again. Raises StorageError.
    """
    with store.database.write() as connection:
        lock_study(connection, study.id)
        if store.withdrawals.who(connection, withdrawal, lock=True) is None:
            return  # another process was faster
        key_entries = _forget_in_key(store, connection, study.id, who)
        decided = store.study_decisions.all(connection, study.id)
        theirs = [
            each.id
            for each in decided
            if who.is_about(each.edit.entity_type.value, each.edit.entity)
        ]
        store.study_decisions.forget(connection, study.id, theirs)
        wanted = select(RECORDING.c.id).where(RECORDING.c.study_id == study.id)
        keys = store.keyring.recordings(connection, study.id, wanted)
        rewrite_requests(connection, keys, lambda request: _without(request, who))
        store.consents.forget(connection, study.id, who.labels)
        for recording_id in keys:
            there = store.consents.taking_part(connection, recording_id)
            if not who.labels.isdisjoint(there):
                left = [label for label in there if label not in who.labels]
                store.consents.say_taking_part(connection, recording_id, left)
        store.withdrawals.forget_who(connection, withdrawal, key_entries, len(theirs))


def _forget_in_key(store: Store, connection: Connection, study_id: str, who: Withdrawing) -> int:
    """Return how many entries there were; none once the key of who is who was destroyed."""
    try:
        forgotten = forget_entities(
            connection, store.keyring, study_id, lambda entity: is_theirs(entity, who)
        )
        forget_labelled(connection, store.keyring, study_id, who.labels)
    except StorageError as error:
        if error.code != "key_destroyed":
            raise
        return 0
    return forgotten


def _without(request: JobRequest, who: Withdrawing) -> JobRequest:
    """Return what a job was asked for, without their names."""
    edits = tuple(
        each
        for each in request.edits
        if not (
            isinstance(each, EntityDecided | IdentifierMarked)
            and who.is_about(each.entity_type.value, each.entity or "")
        )
    )
    return replace(request, roster=without_them(request.roster, who), edits=edits)


def without_them(roster: Roster, who: Withdrawing) -> Roster:
    """Return a roster that does not know them, under any of their names or labels."""
    names = {plain_words(name) for name in who.spellings}
    return replace(
        roster,
        participants=tuple(
            each
            for each in roster.participants
            if study_label(each) not in who.labels and plain_words(each.name) not in names
        ),
        people=tuple(name for name in roster.people if plain_words(name) not in names),
        keep=tuple(name for name in roster.keep if plain_words(name) not in names),
    )
