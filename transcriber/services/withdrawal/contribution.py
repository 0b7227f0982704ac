"""Taking what somebody gave out of one recording that stays, because others speak in it.

As where words are destroyed by a study's rules, everything that stays is sealed by another key and
the former one is destroyed in one commit: whatever older copy lies about, nobody can open it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError, disk_errors
from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import Recording, ReviewCopy, Source
from transcriber.domain.roster import NOBODY_KNOWN
from transcriber.domain.transcript import Transcript
from transcriber.domain.withdrawal import TakenBack, Withdrawing
from transcriber.pipeline import LABEL, REVIEW_COPY
from transcriber.pipeline.order import State
from transcriber.pipeline.result import to_record
from transcriber.services.erase import finish_erasures, require_not_held
from transcriber.services.review.sound import ReviewSound, copy_of
from transcriber.services.store import Store
from transcriber.services.studies import changed_meanwhile
from transcriber.services.withdrawal.contribution_plan import Plan, WordsLeft, plan_of
from transcriber.services.withdrawal.contribution_releases import next_version
from transcriber.services.withdrawal.contribution_sound import (
    Gone,
    SilencedSound,
    SourceSilencer,
    silenced_sound,
)
from transcriber.services.withdrawal.decisions_kept import NO_REASON
from transcriber.stages.name_spellings import is_named
from transcriber.storage.blobs.framing import Blob, Purpose
from transcriber.storage.blobs.store import Staged
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.jobs import JobRequest, jobs_of, settle_for_good
from transcriber.storage.database.recordings import StoredPart, StoredRecording
from transcriber.storage.database.releases import add_release, releases_of_recording
from transcriber.storage.database.sealing_anew import put_in_place, seal_values_anew
from transcriber.storage.database.stage_times import database_now_ms
from transcriber.storage.database.studies import Study, lock_study
from transcriber.storage.database.study_steps import let_on
from transcriber.storage.database.tombstones import Grave, bury
from transcriber.storage.database.transcripts import StoredTranscript
from transcriber.storage.database.words_anew import (
    begin_anew,
    delete_what_quotes,
    keep_last_job,
)
from transcriber.storage.files import sha256_of
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.stage_results import Slot, add_result

REASON = "Somebody who takes part withdrew what they had contributed."
"""Why releases are withdrawn; who it was is not told."""

ROOM_BYTES = 64 << 20
WORKING_COPIES = 8
"""Of the files of a recording: decoded they are longer than what was uploaded."""

SOUND_SUFFIX = ".wav"
"""Of files that are written anew."""

TRIES = 5
"""How often it begins anew because somebody decided, signed or uploaded meanwhile."""

NOTHING = TakenBack(0, 0, 0, 0, 0)


def take_out_contribution(
    store: Store,
    study: Study,
    recording_id: str,
    who: Withdrawing,
    silencer: SourceSilencer,
    actor_id: str | None,
) -> TakenBack:
    """Take out of a recording what somebody said, where they are named, and their voice.

    What others said, and what people decided on it, stays. Releases that stand are withdrawn; in
    the place of the latest one comes a version that was not signed again, because nothing else is
    another. Done again it changes nothing. Nobody can undo it. Raises UsageError `held`, `at_work`
    while the recording is worked on, `changed_meanwhile` where people go on changing it;
    RedactionRefused, EngineFailed and StorageError, and then nothing was changed.
    """
    for _ in range(TRIES):
        plan = plan_of(store, study, recording_id, who)
        if plan is None or plan.is_nothing:
            return NOTHING
        taken = _taken_out(store, study, plan, who, silencer, actor_id)
        if taken is not None:
            finish_erasures(store)
            return taken
    raise changed_meanwhile()


def _taken_out(
    store: Store,
    study: Study,
    plan: Plan,
    who: Withdrawing,
    silencer: SourceSilencer,
    actor_id: str | None,
) -> TakenBack | None:
    """Write what is left, sealed anew; None where something was another one by then."""
    recording_id, key = plan.recording.id, Key.random(new_id())
    with store.database.read() as connection:
        _require_at_rest(connection, study, recording_id)
        now_ms = database_now_ms(connection)
    copy = _copy(store, study, recording_id)
    gone = _gone(study, plan)
    room_bytes = ROOM_BYTES + WORKING_COPIES * sum(part.size_bytes for part in plan.recording.parts)
    with silencer.scratch.workspace(room_bytes) as workspace, store.blobs.staged() as staged:
        sound = _sound(store, plan, copy, gone, silencer, workspace)
        blobs = _Blobs(staged, key, recording_id)
        parts = tuple(blobs.part(number, path) for number, path in enumerate(sound.files))
        heard = blobs.copy(sound.copy, workspace) if sound.copy is not None else None
        renewed = {release.blob.id: blobs.release(text.data) for release, text in plan.releases}
        words = blobs.words(plan.words.left.transcript, workspace) if plan.words else None
        nothing = blobs.empty()
        if plan.words is None and plan.latest is not None:
            renewed[plan.latest.blob.id] = nothing
        following = blobs.following(plan, gone, now_ms)
        with store.database.write() as connection:
            lock_study(connection, study.id)
            _require_at_rest(connection, study, recording_id)
            if not _is_as_planned(store, connection, study, plan):
                staged.give_up()
                return None
            delete_what_quotes(connection, recording_id)
            job_id = keep_last_job(connection, recording_id)
            put_in_place(connection, renewed)
            seal_values_anew(connection, recording_id, plan.old, key)
            destroyed = store.keyring.replace_recording(connection, study.id, recording_id, key)
            store.recordings.replace_parts(connection, recording_id, parts)
            transcript = plan.latest
            if plan.words is not None and words is not None:
                transcript = begin_anew(connection, plan.words.stored, words, nothing)
                _write_words(store, connection, transcript, plan.words)
            left = {}
            if heard is not None:
                slot = Slot(recording_id, REVIEW_COPY.name, 0, f"without {plan.old.id}")
                left[REVIEW_COPY.name] = add_result(connection, slot, key, *heard)
            if job_id is not None and plan.request is not None:
                settle_for_good(connection, job_id, key, _forgetful(plan.request), left)
            store.sign_offs.replace_reasons(
                connection, recording_id, lambda reason: is_named(reason, who.spellings), NO_REASON
            )
            releases = _re_versioned(store, connection, plan, transcript, following, actor_id)
            bury(
                connection,
                Grave(plan.old.id, "contribution", study.id, key_sha256=destroyed),
            )
            let_on(connection, study.id)  # others may have waited for its job
    return _counted(plan, gone, releases)


class _Blobs:
    """Stores what is left, by the new key; the rows are written in the commit."""

    def __init__(self, staged: Staged, key: Key, recording_id: str) -> None:
        self._staged = staged
        self._key = key
        self._recording_id = recording_id

    def part(self, number: int, path: Path) -> StoredPart:
        """Store a file of the recording, under a name that tells nothing."""
        with disk_errors(), path.open("rb") as file:
            blob = self._staged.put(self._key, self._recording_id, Purpose.SOURCE, file)
            return StoredPart(f"sound-{number + 1}{SOUND_SUFFIX}", sha256_of(path), blob)

    def copy(self, copy: ReviewCopy, workspace: Path) -> tuple[Blob, dict[str, Blob]]:
        """Store the copy to listen to and its outline, as the stage that makes it does."""
        record = to_record(REVIEW_COPY.result, copy, 0, workspace)
        files = {}
        for name in record.files:
            with (workspace / name).open("rb") as file:
                files[name] = self._put(Purpose.STAGE_FILE, file.read())
        return self._put(Purpose.RESULT, record.result), files

    def release(self, data: bytes) -> Blob:
        """Store a release."""
        return self._put(Purpose.RELEASE, data)

    def following(self, plan: Plan, gone: Gone, now_ms: int) -> Blob | None:
        """Store the version that takes the place of the latest that stands, if one does."""
        if not plan.standing:
            return None
        last, text = plan.standing[0]
        return self.release(next_version(text, last.number, now_ms, gone.stretches))

    def words(self, transcript: Transcript, workspace: Path) -> Blob:
        """Store a transcript."""
        return self._put(Purpose.RESULT, to_record(LABEL.result, transcript, 0, workspace).result)

    def empty(self) -> Blob:
        """Store what stands where words stood that are gone."""
        return self._put(Purpose.TRANSCRIPT, b"")

    def _put(self, purpose: Purpose, data: bytes) -> Blob:
        return self._staged.put_bytes(self._key, self._recording_id, purpose, data)


def _require_at_rest(connection: Connection, study: Study, recording_id: str) -> None:
    require_not_held(connection, study.id, recording_id)
    if any(job.state is State.RUNNING for job in jobs_of(connection, [recording_id])):
        raise UsageError(
            "at_work",
            "The service still works on a recording in which they speak or are named. Wait until "
            "it is done, or stop it, and withdraw then.",
        )


def _is_as_planned(store: Store, connection: Connection, study: Study, plan: Plan) -> bool:
    """Whether nobody decided, signed, withdrew or destroyed anything since it was planned."""
    recording_id = plan.recording.id
    latest = store.transcripts.latest(connection, recording_id)
    events = store.decisions.hold(connection, latest) if latest is not None else 0
    return (
        store.recordings.get(connection, study, recording_id) == plan.recording
        and store.keyring.recording(connection, recording_id) == plan.old
        and latest == plan.latest
        and events == plan.events
        and releases_of_recording(connection, recording_id)
        == tuple(release for release, _ in plan.releases)
    )


def _copy(store: Store, study: Study, recording_id: str) -> ReviewSound | None:
    try:
        return copy_of(store, study.id, recording_id)
    except UsageError as error:
        if error.code not in ("no_sound_yet", "sound_destroyed"):
            raise
        return None


def _gone(study: Study, plan: Plan) -> Gone:
    """Return what must not be heard: them, their name, and speech that nobody wrote down."""
    padding_ms = study.agreed.policies[0].sound.padding_ms
    theirs = [*plan.spoken, *(plan.words.left.mentioned if plan.words is not None else ())]
    return Gone(
        _padded([*theirs, *plan.unclear], padding_ms), plan.spoken, _padded(theirs, padding_ms)
    )


def _padded(stretches: Iterable[Interval], padding_ms: int) -> tuple[Interval, ...]:
    padded = (
        Interval(max(each.start_ms - padding_ms, 0), each.end_ms + padding_ms) for each in stretches
    )
    return tuple(joined(padded))


def _sound(
    store: Store,
    plan: Plan,
    copy: ReviewSound | None,
    gone: Gone,
    silencer: SourceSilencer,
    workspace: Path,
) -> SilencedSound:
    sources = []
    for number, part in enumerate(_sound_parts(plan.recording)):
        sources.append(workspace / f"source-{number}")
        store.blobs.copy_to(plan.old, part.blob, sources[-1], part.further)
    return silenced_sound(sources, _as_heard(plan), copy, gone, silencer, workspace)


def _sound_parts(recording: StoredRecording) -> Sequence[StoredPart]:
    """Return the files of sound: a transcript that people brought is the last one, until it goes.

    None that people bring is a WAV.
    """
    parts = recording.parts
    if recording.recording.source is Source.SOUND or not parts:
        return parts
    return parts if parts[-1].file_name.lower().endswith(SOUND_SUFFIX) else parts[:-1]


def _as_heard(plan: Plan) -> Recording:
    """Return the recording as its last job heard it, which is what times in it count from."""
    request, recording = plan.request, plan.recording.recording
    if request is None:
        return recording
    return replace(
        recording,
        trim=request.trim,
        tracks=request.tracks,
        side_by_side=request.side_by_side,
    )


def _forgetful(request: JobRequest) -> JobRequest:
    """Return what a job was asked for, without the names and texts that it was told."""
    return replace(request, roster=NOBODY_KNOWN, told=None, edits=())


def _write_words(
    store: Store, connection: Connection, transcript: StoredTranscript, words: WordsLeft
) -> None:
    store.transcripts.found(connection, transcript, 0, words.kept.findings)
    for profile, found in words.further:
        store.transcripts.found(connection, transcript, profile, found)
    store.decisions.take_over(connection, transcript, words.kept.events)


def _re_versioned(
    store: Store,
    connection: Connection,
    plan: Plan,
    transcript: StoredTranscript | None,
    following: Blob | None,
    actor_id: str | None,
) -> tuple[tuple[str, str], ...]:
    """Withdraw the releases that stand; return each with the one that takes its place."""
    if following is None or transcript is None:
        return ()
    for release, _ in plan.standing:
        store.sign_offs.withdraw(connection, release, REASON, actor_id)
        _record(store, connection, plan, Action.RELEASE_WITHDRAWN, release.id, actor_id)
    add_blobs(connection, [following])
    last, _ = plan.standing[0]
    made = add_release(
        connection,
        transcript.id,
        following,
        actor_id,
        continues_id=last.id,
    )
    _record(store, connection, plan, Action.RELEASED, made.id, actor_id)
    return tuple((release.id, made.id) for release, _ in plan.standing)


def _record(
    store: Store,
    connection: Connection,
    plan: Plan,
    action: Action,
    release_id: str,
    actor_id: str | None,
) -> None:
    study_id, recording_id = plan.recording.study_id, plan.recording.id
    event = AuditEvent(action, actor_id, study_id, recording_id, release_id)
    store.audit.record(connection, event)


def _counted(plan: Plan, gone: Gone, releases: tuple[tuple[str, str], ...]) -> TakenBack:
    silenced_ms = sum(stretch.duration_ms for stretch in gone.stretches)
    sound_ms = sum(stretch.duration_ms for stretch in gone.theirs)
    unclear_ms = silenced_ms - sound_ms
    if plan.words is not None:
        left = plan.words.left
        turns, mentions = len(left.spoken), len(left.mentioned)
        return TakenBack(turns, left.words, sound_ms, mentions, unclear_ms, releases)
    texts = [text for _, text in plan.releases]
    return TakenBack(
        max(text.turns for text in texts),
        max(text.words for text in texts),
        sound_ms,
        max(text.mentions for text in texts),
        unclear_ms,
        releases,
    )
