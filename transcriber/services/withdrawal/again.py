"""Who withdrew does not come back with an older backup: found again by marks, and taken out again.

A mark is a keyed hash of a name, a label or an entry of the key. It tells nobody who it was; only
whoever has the keys, and a database in which they stand, finds that they are the same.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import groupby

from sqlalchemy import Connection, select

from transcriber.domain.audit import Action
from transcriber.domain.roster import Roster
from transcriber.domain.withdrawal import Withdrawing
from transcriber.services.speakers_file import study_label
from transcriber.services.store import Store
from transcriber.services.withdrawal.study_wide import without_them
from transcriber.services.withdrawal.theirs import known_entities
from transcriber.stages.words import plain_words
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.jobs import jobs_of, request_of
from transcriber.storage.database.returned import returned
from transcriber.storage.database.studies import Study, lock_study
from transcriber.storage.database.tables import RECORDING
from transcriber.storage.database.withdrawals import MARK_BYTES, ToWithdraw
from transcriber.storage.erased_list import withdrawal_in
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import tag


def marks_of(key: Key, who: Withdrawing) -> tuple[bytes, ...]:
    """Return the marks, under the study's key, of all that a study may hold on somebody."""
    return tuple(sorted({_mark(key, what, value) for what, value in _held(who)}))


def begin_again(store: Store) -> int:
    """Begin all withdrawals that a database put back from a backup does not know; return how many.

    Recordings are erased as a whole by the key that they had (`came_back`); what is left is what
    the study holds. `finish_withdrawals` does it. Raises StorageError.
    """
    with store.database.read() as connection:
        unknown = returned(connection, store.erased.entries())
    lines = sorted(withdrawal_in(entry) for entry in unknown if entry[0] == "withdrawal")
    begun = 0
    for (withdrawal_id, study_id), same in groupby(lines, key=lambda line: line[:2]):
        begun += _begin(store, study_id, withdrawal_id, frozenset(mark for *_, mark in same))
    return begun


def _begin(store: Store, study_id: str, withdrawal_id: str, marks: frozenset[bytes]) -> bool:
    with store.database.write() as connection:
        lock_study(connection, study_id)
        study = store.studies.get(connection, study_id)
        if study is None:
            return False
        who = _found(store, connection, study, marks)
        roster = without_them(study.agreed.roster, who)
        planned = ToWithdraw(roster != study.agreed.roster, (), (), tuple(sorted(marks)))
        if planned.on_roster:
            store.studies.agree(connection, study, replace(study.agreed, roster=roster))
        store.withdrawals.begin(connection, study_id, who, None, planned, withdrawal_id)
        event = AuditEvent(Action.PARTICIPANT_WITHDRAWN, None, study_id, subject_id=withdrawal_id)
        store.audit.record(connection, event)
    return True


def _found(
    store: Store, connection: Connection, study: Study, marks: Collection[bytes]
) -> Withdrawing:
    """Return who has these marks, by whatever the study holds again."""
    key = store.keyring.study(connection, study.id)
    rosters = [study.agreed.roster, *_rosters_of_jobs(store, connection, study)]
    people = [each for roster in rosters for each in roster.participants]
    labels = {label for each in people if (label := study_label(each))}
    labels |= {each.label for each in store.consents.all(connection, study.id)}
    names = {name for roster in rosters for name in (*roster.names, *roster.keep)}
    known = [(each.entity_type.value, each.key) for each in known_entities(store, study.id)[0]]
    known += [
        (each.edit.entity_type.value, each.edit.entity)
        for each in store.study_decisions.all(connection, study.id)
    ]

    def is_theirs(what: str, value: str) -> bool:
        return _mark(key, what, value) in marks

    return Withdrawing(
        labels=frozenset(each for each in labels if is_theirs("label", each)),
        entities=frozenset(each for _, each in known if is_theirs("entity", each)),
        spellings=tuple(each for each in names if is_theirs("name", _plain(each))),
        told=frozenset(each for each in known if is_theirs("told", "\0".join(each))),
    )


def _rosters_of_jobs(store: Store, connection: Connection, study: Study) -> Iterator[Roster]:
    wanted = select(RECORDING.c.id).where(RECORDING.c.study_id == study.id)
    keys = store.keyring.recordings(connection, study.id, wanted)
    for job in jobs_of(connection, list(keys)):
        yield request_of(connection, job.id, keys[job.recording_id]).roster


def _held(who: Withdrawing) -> Iterator[tuple[str, str]]:
    for label in who.labels:
        yield "label", label
    for spelling in who.spellings:
        yield "name", _plain(spelling)
    for entity in who.entities:
        yield "entity", entity
    for told in who.told:
        yield "told", "\0".join(told)


def _plain(name: str) -> str:
    return " ".join(plain_words(name))


def _mark(key: Key, what: str, value: str) -> bytes:
    return tag(key, f"withdrawn {what}", value)[:MARK_BYTES]
