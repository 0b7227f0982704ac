"""What a withdrawal will do, before anybody confirms it: nothing is changed."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

from transcriber.domain.access import Role
from transcriber.domain.audit import Action
from transcriber.domain.withdrawal import CopyTaken, Preview, Recalled
from transcriber.pipeline.order import State
from transcriber.services.audit import Event, Wanted, find_events
from transcriber.services.rights.by_role import by_role, roles_in
from transcriber.services.store import Store
from transcriber.services.studies import show_study
from transcriber.services.withdrawal.theirs import Theirs, theirs_in
from transcriber.storage.database.holds import held_in
from transcriber.storage.database.jobs import jobs_of
from transcriber.storage.database.studies import Study

TAKEN_AWAY = frozenset(
    {
        Action.EXPORTED,
        Action.SOUND_EXPORTED,
        Action.HANDED_OFF,
        Action.PARTICIPANT_EXPORTED,
        Action.BACKED_UP,
    }
)
"""Events after which a copy lies somewhere that the service does not reach."""

OF_ALL = frozenset({Action.PARTICIPANT_EXPORTED, Action.BACKED_UP})
"""Those that may hold anything of the study, or of the whole store."""


def preview_withdrawal(store: Store, study_id: str, labels: Sequence[str]) -> Preview:
    """Return what a withdrawal of whoever has these labels would do now.

    Raises UsageError `no_such_participant` where nobody has them, `leads_talk`, StorageError.
    """
    study = show_study(store, study_id)
    return preview_of(store, study, theirs_in(store, study, labels))


def preview_of(store: Store, study: Study, theirs: Theirs) -> Preview:
    """Return it for somebody whose contribution is known."""
    ids = [each.recording_id for each in theirs.recordings]
    codes = {each.recording_id: each.code or "" for each in theirs.recordings}
    with store.database.read() as connection:
        holds = held_in(connection, study.id)
        recordings = store.recordings.all(connection, study)
        ready = set(store.transcripts.with_words(connection, study.id)) | {
            each.recording_id for each in theirs.releases
        }
        every = {each.id: each.recording.code for each in recordings}
        at_work = {
            each.recording_id
            for each in jobs_of(connection, list(every))
            if each.state is State.RUNNING
        }
        destroyed = {
            each.recording_id
            for each in store.transcripts.latest_of(connection, list(every)).values()
            if each.destroyed
        }
        days = [
            each.withdraw_by
            for each in store.consents.all(connection, study.id)
            if each.label in theirs.who.labels and each.withdraw_by is not None
        ]
    preview = Preview(
        labels=tuple(sorted(theirs.who.labels)),
        on_roster=theirs.participant is not None,
        key_gone=theirs.key_gone,
        key_entries=len(theirs.entities),
        decisions=len(theirs.decisions),
        recordings=theirs.recordings,
        recalled=tuple(
            Recalled(each.recording_id, each.id, each.number) for each in theirs.releases
        ),
        copies=copies_in(store, study.id).of(ids),
        not_ready=tuple(
            sorted(code for id_, code in every.items() if id_ not in ready | destroyed)
        ),
        held=tuple(sorted(codes[each] for each in ids if None in holds or each in holds)),
        at_work=tuple(sorted(every[each] for each in at_work)),
        withdraw_by=max(days, default=None),
    )
    return replace(preview, stamp=_stamp(preview))


@dataclass(frozen=True)
class Copies:
    """What left the service of a study, by its audit, the oldest first; see `copies_in`."""

    events: tuple[Event, ...]
    roles: Mapping[str, Role]

    def of(
        self, recording_ids: Collection[str], before_ms: int | None = None
    ) -> tuple[CopyTaken, ...]:
        """Return what left of some recordings, before a time where one is given."""
        return tuple(
            CopyTaken(
                each.event.action,
                by_role(self.roles, each.event.actor_id),
                each.at_ms,
                each.event.recording_id,
            )
            for each in self.events
            if (before_ms is None or each.at_ms < before_ms)
            and (each.event.recording_id in recording_ids or Action(each.event.action) in OF_ALL)
        )


def copies_in(store: Store, study_id: str) -> Copies:
    """Read in the audit what left a study, once for however many ask. Raises StorageError."""
    wanted = Wanted(study_id, actions=TAKEN_AWAY - {Action.BACKED_UP})
    backups = Wanted(of_service=True, actions=frozenset({Action.BACKED_UP}))
    found = [
        event for which in (wanted, backups) for event in find_events(store, which, limit=None)
    ]
    return Copies(tuple(sorted(found, key=lambda each: each.at_ms)), roles_in(store, study_id))


def _stamp(preview: Preview) -> str:
    told = json.dumps(asdict(preview), sort_keys=True, default=str)
    return sha256(told.encode()).hexdigest()
