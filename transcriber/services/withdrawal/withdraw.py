"""A participant withdraws: recording by recording, then the study, then nothing says who it was.

What is to be done is written down first, in one commit with the roster that does not know them any
more; interrupted anywhere, `finish_withdrawals` goes on.
"""

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import Defect, StorageError, TranscriberError, UsageError
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.domain.withdrawal import Affected, Fate, Preview, Receipt, Withdrawing
from transcriber.exports.rights.withdrawal import why_it_stopped
from transcriber.pipeline.order import State
from transcriber.services.erase import erase_recording, finish_erasures, require_not_held
from transcriber.services.erased_words import forget_erased
from transcriber.services.hand_off.bring import hand_off_due
from transcriber.services.review.state import review_if_any
from transcriber.services.store import Store
from transcriber.services.studies import changed_meanwhile, no_such_study, show_study
from transcriber.services.withdrawal.again import marks_of
from transcriber.services.withdrawal.contribution import take_out_contribution
from transcriber.services.withdrawal.contribution_sound import usual_silencer
from transcriber.services.withdrawal.echoes import echoes_of, note_echoes
from transcriber.services.withdrawal.preview import preview_of
from transcriber.services.withdrawal.receipt import receipt_of
from transcriber.services.withdrawal.study_wide import take_out_of_study, without_them
from transcriber.services.withdrawal.theirs import Theirs, theirs_in
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.hand_offs import untold_places
from transcriber.storage.database.jobs import jobs_of
from transcriber.storage.database.releases import StudyRelease, standing_releases
from transcriber.storage.database.studies import Study, lock_study
from transcriber.storage.database.webhook_queue import announce, announce_study
from transcriber.storage.database.withdrawals import ToWithdraw, Withdrawal
from transcriber.storage.files import alone

REASON = "A participant withdrew."
"""Why a release was withdrawn; nothing says which participant."""

_log = logging.getLogger(__name__)


def withdraw_participant(
    store: Store, actor_id: str | None, study_id: str, labels: Sequence[str], seen: str
) -> Receipt:
    """Take out all that is theirs who have these labels. Nobody can undo this.

    `seen` is the stamp of the preview that somebody confirmed. Raises UsageError
    `changed_meanwhile` where it would do another thing by now, `held`, `at_work` while recordings
    of the study are worked on, `withdrawal_running` while another one goes on, and what
    `preview_withdrawal` raises; nothing is changed then. What else is raised comes after it began:
    the receipt says why it does not go on, and what is left is done later (`finish_withdrawals`).
    """
    study = show_study(store, study_id)
    theirs = theirs_in(store, study, labels)
    preview = preview_of(store, study, theirs)
    _require_possible(preview)
    if preview.stamp != seen:
        raise changed_meanwhile()
    withdrawal_id = _begin(store, actor_id, study, theirs, preview)
    with _alone(store):
        _go_on_or_say_why(store, study_id, withdrawal_id)
    return receipt_of(store, study_id, withdrawal_id)


def finish_withdrawals(store: Store) -> int:
    """Go on with withdrawals that were interrupted; return how many ended.

    One that cannot go on now, such as for a legal hold, is left for the next time, and its receipt
    says why. Raises StorageError when the database is away.
    """
    if not _unfinished(store):
        return 0
    ended = 0
    with _alone(store):
        for each in _unfinished(store):
            try:
                ended += _go_on_or_say_why(store, each.study_id, each.id)
            except TranscriberError as error:
                _log.warning("withdrawal %s: %s", each.id, error.code)
    return ended


def _alone(store: Store) -> AbstractContextManager[None]:
    """Let no other process of this machine work on a withdrawal meanwhile."""
    return alone(store.settings.data_folder / "withdrawal")


def _unfinished(store: Store) -> tuple[Withdrawal, ...]:
    with store.database.read() as connection:
        return store.withdrawals.unfinished(connection)


def _require_possible(preview: Preview) -> None:
    if preview.held:
        raise UsageError(
            "held",
            f"A legal hold stands on {', '.join(preview.held)}, so nothing is withdrawn. Whoever "
            "placed it has to lift it first.",
        )
    if preview.at_work:
        raise _at_work(preview.at_work)


def _begin(
    store: Store, actor_id: str | None, study: Study, theirs: Theirs, preview: Preview
) -> str:
    """Write down what is to be done, and let the roster not know them any more."""
    with store.database.write() as connection:
        lock_study(connection, study.id)
        now = store.studies.get(connection, study.id)
        if now is None:
            raise no_such_study()
        if now.version != study.version:
            raise changed_meanwhile()
        for running in store.withdrawals.unfinished(connection):
            if running.study_id == study.id:
                raise _running(running)
        for each in theirs.recordings:
            require_not_held(connection, study.id, each.recording_id)
        _require_no_work(store, connection, study)
        roster = without_them(now.agreed.roster, theirs.who)
        store.studies.agree(connection, now, replace(now.agreed, roster=roster))
        marks = marks_of(store.keyring.study(connection, study.id), theirs.who)
        planned = ToWithdraw(preview.on_roster, preview.recordings, preview.recalled, marks)
        withdrawal_id = store.withdrawals.begin(connection, study.id, theirs.who, actor_id, planned)
        event = AuditEvent(
            Action.PARTICIPANT_WITHDRAWN, actor_id, study.id, subject_id=withdrawal_id
        )
        store.audit.record(connection, event)
    return withdrawal_id


def _require_no_work(store: Store, connection: Connection, study: Study) -> None:
    """Whoever works on a recording was told the roster, and would write it down again."""
    recordings = store.recordings.all(connection, study)
    codes = {each.id: each.recording.code for each in recordings}
    running = [each for each in jobs_of(connection, list(codes)) if each.state is State.RUNNING]
    if running:
        raise _at_work(sorted({codes[each.recording_id] for each in running}))


def _go_on_or_say_why(store: Store, study_id: str, withdrawal_id: str) -> bool:
    """Go on, and keep what is in the way, so that whoever waits for the receipt reads it there.

    Whatever is raised is a TranscriberError: nothing keeps other studies waiting.
    """
    try:
        return _go_on(store, study_id, withdrawal_id)
    except Exception as error:  # noqa: BLE001 - one withdrawal must not keep the others waiting
        told = error if isinstance(error, TranscriberError) else Defect.of(error)
        with suppress(StorageError), store.database.write() as connection:
            store.withdrawals.note_stopped(connection, withdrawal_id, told.code)
        raise told from None


def _go_on(store: Store, study_id: str, withdrawal_id: str) -> bool:
    """Do whatever is left of a withdrawal; return whether this ended it."""
    with store.database.read() as connection:
        withdrawal = store.withdrawals.get(connection, study_id, withdrawal_id)
        study = store.studies.get(connection, study_id)
        if withdrawal is None or study is None or withdrawal.finished_at_ms is not None:
            return False
        who = store.withdrawals.who(connection, withdrawal)
    if who is not None:
        finish_erasures(store)  # which writes down what must not come back with a backup
        for each in withdrawal.recordings:
            if each.finished_at_ms is None:
                _one_recording(store, study, withdrawal, who, each)
        take_out_of_study(store, study, withdrawal, who)
    store.database.overwrite_deleted()
    with store.database.write() as connection:
        ended = store.withdrawals.finish(connection, withdrawal)
        if ended:
            announce_study(connection, WebhookEvent.PARTICIPANT_WITHDRAWN, study_id)
            event = AuditEvent(
                Action.WITHDRAWAL_FINISHED,
                withdrawal.started_by,
                study_id,
                subject_id=withdrawal.id,
            )
            store.audit.record(connection, event)
    with store.database.read() as connection:
        forget_erased(store, connection)
    return ended


def _one_recording(
    store: Store, study: Study, withdrawal: Withdrawal, who: Withdrawing, each: Affected
) -> None:
    done = each
    if each.fate is Fate.ERASED:
        _erase(store, study, withdrawal, each.recording_id)
    else:
        done = _take_out(store, study, withdrawal, who, each)
    with store.database.write() as connection:
        release = _standing(connection, study.id, each.recording_id)
        if release is not None:
            _note_next(store, connection, withdrawal, release)
        store.withdrawals.note_recording(connection, withdrawal, done)


def _erase(store: Store, study: Study, withdrawal: Withdrawal, recording_id: str) -> None:
    """Recall what was released while it can still be named, and erase the recording."""
    with store.database.write() as connection:
        release = _standing(connection, study.id, recording_id)
        if release is not None:
            store.sign_offs.withdraw(connection, release, REASON, withdrawal.started_by)
            announce(connection, WebhookEvent.RELEASE_RECALLED, recording_id, release.id)
            event = AuditEvent(
                Action.RELEASE_RECALLED,
                withdrawal.started_by,
                study.id,
                recording_id,
                release.id,
            )
            store.audit.record(connection, event)
    hand_off_due(store)
    with store.database.write() as connection:
        code = store.recordings.codes(connection, study.id, [recording_id]).get(recording_id)
        for each in withdrawal.recalled if code is not None else ():
            if each.recording_id == recording_id:
                untold = untold_places(connection, each.release_id)
                store.withdrawals.note_untold(connection, withdrawal, each, untold)
    if code is not None:
        erase_recording(store, study, code, withdrawal.started_by)


def _take_out(
    store: Store, study: Study, withdrawal: Withdrawal, who: Withdrawing, each: Affected
) -> Affected:
    """Take out their part; return how much that was, by what was done or else by the preview.

    What echoes them is listed before: once they are gone nobody can tell any more.
    """
    review = review_if_any(store, study.id, each.recording_id)
    if review is not None:
        found = echoes_of(review, who)
        with store.database.write() as connection:
            note_echoes(connection, withdrawal.id, each.recording_id, found)
    taken = take_out_contribution(
        store, study, each.recording_id, who, usual_silencer(store), withdrawal.started_by
    )
    if not (taken.turns or taken.mentions):  # it was done before, by whoever was killed
        return each
    return replace(
        each,
        turns=taken.turns,
        words=taken.words,
        sound_ms=taken.sound_ms,
        mentions=taken.mentions,
        unclear_ms=taken.unclear_ms,
    )


def _standing(connection: Connection, study_id: str, recording_id: str) -> StudyRelease | None:
    found = standing_releases(connection, study_id)
    return next((each for each in found if each.recording_id == recording_id), None)


def _note_next(
    store: Store, connection: Connection, withdrawal: Withdrawal, release: StudyRelease
) -> None:
    """Keep which release stands now where one was recalled."""
    for before in withdrawal.recalled:
        if before.recording_id == release.recording_id and before.release_id != release.id:
            place = replace(before, next_release_id=release.id, next_number=release.number)
            store.withdrawals.note_next(connection, withdrawal, place)


def _running(withdrawal: Withdrawal) -> UsageError:
    sentence = "A withdrawal in this study goes on. Look again when its receipt is there."
    if withdrawal.stopped is not None:
        sentence = (
            "A withdrawal in this study has begun and is not done: "
            f"{why_it_stopped(withdrawal.stopped)} Others can withdraw once it has ended."
        )
    return UsageError("withdrawal_running", sentence)


def _at_work(codes: Sequence[str]) -> UsageError:
    return UsageError(
        "at_work",
        f"{', '.join(codes)}: the service still works on this, and was told the roster. Nothing "
        "was changed. Wait until it is done, or stop the work, and try again.",
    )
