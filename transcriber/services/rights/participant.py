"""Everything that is held on one participant, gathered when they ask (GDPR Art. 15 and 20)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from zipfile import ZIP_DEFLATED

from sqlalchemy import select

from transcriber.domain import retention
from transcriber.domain.access import Role
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.held import (
    Held,
    HeldDecision,
    HeldRecording,
    HeldUse,
    ReleasedVersion,
    RosterEntry,
)
from transcriber.domain.roster import Participant
from transcriber.domain.study_terms import StudyTerms
from transcriber.exports.audit_words import DONE
from transcriber.exports.consent_words import consent_sentences
from transcriber.exports.ooxml import zipped
from transcriber.exports.release_json import read_texts
from transcriber.exports.rights.held_page import write_held_json, write_held_page
from transcriber.exports.rights.sentences import limits
from transcriber.services.audit import Event, Wanted, find_events
from transcriber.services.consent.book import book_in
from transcriber.services.forget import with_prints
from transcriber.services.packaged_release import ZIP
from transcriber.services.releases import ReleaseFile
from transcriber.services.review.state import Review, reviews_in
from transcriber.services.rights.by_role import by_role, roles_in
from transcriber.services.rights.own import Own, key_of, mentions_of, own_of, turns_of
from transcriber.services.speakers_file import study_label
from transcriber.services.store import Store
from transcriber.services.studies import show_study
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.releases import StudyRelease, standing_releases
from transcriber.storage.database.retention import kept_study


@dataclass(frozen=True)
class _Study:
    """What all recordings of a study have in common while one participant's are gathered."""

    store: Store
    own: Own
    terms: StudyTerms
    roles: Mapping[str, Role]
    releases: Mapping[str, StudyRelease]
    uses: Mapping[str, Sequence[Event]]
    kept: Mapping[str, retention.KeptRecording]
    sound_due: Mapping[str, retention.Due]


def participant_file(
    store: Store, actor_id: str | None, study_id: str, labels: Sequence[str]
) -> ReleaseFile:
    """Return a zip with all that is held on whoever has these labels: a page and JSON. Audited.

    Raises UsageError `no_such_participant` where nobody has them, StorageError.
    """
    held = held_on(store, study_id, labels)
    files = {"participant.html": write_held_page(held), "participant.json": write_held_json(held)}
    with store.database.write() as connection:
        event = AuditEvent(Action.PARTICIPANT_EXPORTED, actor_id, study_id)
        store.audit.record(connection, event)
    return ReleaseFile(zipped(files, ZIP_DEFLATED), "participant.zip", ZIP)


def held_on(store: Store, study_id: str, labels: Sequence[str]) -> Held:
    """Gather it. Labels are those of the roster or of groups, as transcripts carry them.

    Raises UsageError `no_such_participant` where nobody on the roster or in the talk has one.
    """
    study = show_study(store, study_id)
    roster = study.agreed.roster
    wanted = tuple(dict.fromkeys(label.strip().upper() for label in labels if label.strip()))
    participant = next((each for each in roster.participants if study_label(each) in wanted), None)
    with store.database.read() as connection:
        recordings = {each.id: each for each in store.recordings.all(connection, study)}
        with_words = store.transcripts.with_words(connection, study_id)
        reviews = reviews_in(store, connection, study_id, with_words)
        releases = {each.recording_id: each for each in standing_releases(connection, study_id)}
        consents = book_in(store, connection, study_id)
        kept = kept_study(connection, study)
        held_prints = with_prints(connection, study_id)
        made_at_ms: int = connection.execute(select(now_ms())).scalar_one()
    own = own_of(participant, wanted, roster, reviews)
    uses: defaultdict[str, list[Event]] = defaultdict(list)
    for one in find_events(store, Wanted(study_id), limit=None):
        uses[one.event.recording_id or ""].append(one)
    roles = roles_in(store, study_id)
    around = _Study(store, own, study.agreed.terms, roles, releases, uses, *_kept(kept))
    by_id = {each.recording.id: each for each in reviews}
    theirs = [_recording(around, each, by_id.get(each.id)) for each in recordings.values()]
    speaks = any(own.speaks(review) for review in reviews) or any(each.released for each in theirs)
    if participant is None and not speaks:
        raise UsageError(
            "no_such_participant",
            "Nobody on the roster or in the talk of this study has this label. Labels are those "
            "that transcripts carry, such as P03.",
        )
    return Held(
        study=study.name,
        labels=wanted,
        made_at_ms=made_at_ms,
        roster=_entry(participant),
        key=key_of(own, reviews),
        consent=(
            *consent_sentences(
                consents, wanted, {id_: each.recording.code for id_, each in recordings.items()}
            ),
            *_consent(study.agreed.terms, has_members=bool(roles)),
            *_prints(held_prints),
        ),
        retention=_retention(study.agreed.terms),
        recordings=tuple(each for each in theirs if each.turns or each.mentions or each.released),
        not_ready=sum(
            not (each.words_destroyed or recording_id in by_id)
            for recording_id, each in zip(recordings, theirs, strict=True)
        ),
    )


def _recording(around: _Study, stored: StoredRecording, review: Review | None) -> HeldRecording:
    """Return what is held of a recording; without a review, its words are gone or not there yet."""
    release = around.releases.get(stored.id)
    mentioned = () if review is None else tuple(mentions_of(around.own, review))
    events = {} if review is None else {event.number: event for event in review.fold.events}
    kept, due = around.kept[stored.id], around.sound_due.get(stored.id)
    return HeldRecording(
        code=stored.recording.code,
        kind=stored.recording.kind.value,
        added_at_ms=stored.created_at_ms,
        is_checked=release is not None,
        turns=() if review is None else turns_of(around.own, review),
        released=() if release is None else _released(around, release),
        mentions=tuple(mention for _, mention in mentioned),
        decisions=tuple(
            HeldDecision(
                mention.start_ms,
                mention.spelling,
                judged.leaves,
                by_role(around.roles, events[judged.event].decided_by),
                events[judged.event].created_at_ms,
            )
            for judged, mention in mentioned
            if judged.event is not None
        ),
        uses=_uses(around, around.uses.get(stored.id, ())),
        destroyed_after_ms=None if due is None or kept.held else due.due_at_ms,
        sound_destroyed=retention.Held.SOUND in kept.gone,
        words_destroyed=retention.Held.TRANSCRIPT in kept.gone,
        is_held=kept.held,
    )


def _kept(
    study: retention.KeptStudy,
) -> tuple[dict[str, retention.KeptRecording], dict[str, retention.Due]]:
    """Return what is kept of each recording, held also where all of the study is, and its sound."""
    kept = {each.id: replace(each, held=each.held or study.held) for each in study.recordings}
    planned = retention.plan(study)
    sound = {each.subject_id: each for each in planned if each.held_thing is retention.Held.SOUND}
    return kept, sound


def _released(around: _Study, release: StudyRelease) -> tuple[ReleasedVersion, ...]:
    with around.store.database.read() as connection:
        key = around.store.keyring.recording(connection, release.recording_id)
    signed = read_texts(around.store.blobs.read(key, release.blob))[0].transcript
    own = tuple(turn.text for turn in signed.turns if turn.label in around.own.labels)
    if not own:
        return ()
    return (ReleasedVersion(release.id, release.number, release.created_at_ms, own),)


def _uses(around: _Study, events: Iterable[Event]) -> tuple[HeldUse, ...]:
    found: dict[tuple[str, str], list[int]] = {}
    for one in events:
        done = DONE.get(Action(one.event.action), one.event.action)
        found.setdefault((by_role(around.roles, one.event.actor_id), done), []).append(one.at_ms)
    return tuple(
        HeldUse(role, done, len(times), min(times), max(times))
        for (role, done), times in found.items()
    )


def _entry(participant: Participant | None) -> RosterEntry | None:
    if participant is None:
        return None
    return RosterEntry(
        participant.name,
        study_label(participant) or "",
        participant.aliases,
        participant.pronoun,
        participant.pseudonym,
    )


def _consent(terms: StudyTerms, *, has_members: bool) -> tuple[str, ...]:
    """Return what the study wrote down that all its participants agreed to, a sentence each.

    Where a study has no members, the consent file of its folder allows voices to be compared.
    """
    if terms.voice_comparison:
        compared = "participants agreed."
    elif has_members:
        compared = "not agreed, so it is not done."
    else:
        compared = "nothing is written down here; the consent file in the study's folder says it."
    return (
        f"Comparing voices across recordings: {compared}",
        "Deposit with a data archive: "
        + ("participants agreed." if terms.archiving else "not agreed."),
        "Sound leaves with the transcripts: "
        + ("yes, without what was taken out." if terms.release_sound else "no."),
    )


def _prints(recordings: int) -> tuple[str, ...]:
    """Return where voice prints lie; the service holds those of so many recordings of the study."""
    if recordings == 0:
        held = "It holds none of this study now."
    elif recordings == 1:
        held = "It holds those of one recording of this study now, whoever speaks in it."
    else:
        held = f"It holds those of {recordings:,} recordings now, whoever speaks in them."
    return (
        "To tell the voices in a recording apart, the service measures how each sounds (a voice "
        f"print). It erases this once work on the recording is done. {held}",
        "Where voices are compared across recordings, that is done on the command line. The prints "
        "for it lie in the folder that the command writes to, which the service does not reach.",
    )


def _retention(terms: StudyTerms) -> tuple[str, ...]:
    return tuple(
        f"{name} is destroyed {when}."
        if when
        else f"{name} has no day on which it is destroyed; a person decides."
        for name, when in limits(terms.retention).items()
    )
