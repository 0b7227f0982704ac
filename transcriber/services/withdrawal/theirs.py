"""What of a study is somebody's who withdraws: found by label and, while it is known, by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from transcriber.domain.edit import EntityDecided
from transcriber.domain.entity import Entity
from transcriber.domain.errors import StorageError, UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.participation import is_participant
from transcriber.domain.recording import Kind, Recording
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.transcript import SEVERAL_VOICES, UNKNOWN_SPEAKER
from transcriber.domain.withdrawal import Affected, Fate, Withdrawing, is_withdrawn
from transcriber.exports.release_json import read_texts
from transcriber.services.review.state import Review, reviews_in
from transcriber.services.rights.own import Own, own_of
from transcriber.services.speakers_file import study_label
from transcriber.services.store import Store
from transcriber.services.withdrawal.mentions import mentions_by_others
from transcriber.stages.words import plain_words
from transcriber.storage.database.entities import StoreRegister
from transcriber.storage.database.releases import StudyRelease, standing_releases
from transcriber.storage.database.studies import Study


@dataclass(frozen=True)
class Theirs:
    """Who withdraws, and what is theirs: recordings, releases that stand, entries of the key.

    `participant` is None for somebody who is not on the roster. `key_gone` says that the key of who
    is who was destroyed, so that names lead to nobody any more.
    """

    who: Withdrawing
    participant: Participant | None
    key_gone: bool
    entities: tuple[Entity, ...]
    decisions: tuple[str, ...]
    recordings: tuple[Affected, ...]
    releases: tuple[StudyRelease, ...]


def theirs_in(store: Store, study: Study, labels: Sequence[str]) -> Theirs:
    """Find it. Labels are those of the roster or of groups, as transcripts carry them.

    Raises UsageError `no_such_participant` where nobody has one of them, `leads_talk` for a label
    of whoever leads the talk or of nobody known, which is not one person's, and `two_participants`
    for labels of more than one person of the roster; StorageError.
    """
    wanted = tuple(dict.fromkeys(label.strip().upper() for label in labels if label.strip()))
    roster = study.agreed.roster
    participant = _one_of(roster, wanted)
    with store.database.read() as connection:
        with_words = store.transcripts.with_words(connection, study.id)
        reviews = reviews_in(store, connection, study.id, with_words)
        releases = standing_releases(connection, study.id)
        decided = store.study_decisions.all(connection, study.id)
        recordings = {each.id: each.recording for each in store.recordings.all(connection, study)}
    own = own_of(participant, wanted, roster, reviews)
    known, key_gone = known_entities(store, study.id)
    who = _who(own, participant, roster, reviews, known)
    who = replace(who, entities=who.entities | {each.key for each in known if is_theirs(each, who)})
    found = [each for review in reviews if (each := _affected(review, own, who)) is not None]
    whole = {each.recording_id for each in found if each.fate is Fate.ERASED}
    who = replace(who, told=_told(own, reviews, whole, roster, known))
    entities = tuple(each for each in known if is_theirs(each, who))
    seen = {review.recording.id for review in reviews}
    standing = {each.recording_id: each for each in releases if each.recording_id in recordings}
    for recording_id, release in standing.items():
        if recording_id not in seen:
            only_released = _only_released(store, release, recordings[recording_id], own)
            found += [only_released] if only_released is not None else []
    spoken = {each.label for review in reviews for each in review.transcript.speakers}
    of_roster = {study_label(each) for each in roster.participants}
    in_releases = any(each.turns for each in found if each.recording_id not in seen)
    if not (set(wanted) <= spoken | of_roster or in_releases):
        raise _nobody(key_gone=key_gone)
    if participant is None and not any(each.turns for each in found):
        raise _nobody(key_gone=key_gone)
    return Theirs(
        who=who,
        participant=participant,
        key_gone=key_gone,
        entities=entities,
        decisions=tuple(
            each.id
            for each in decided
            if who.is_about(each.edit.entity_type.value, each.edit.entity)
        ),
        recordings=tuple(found),
        releases=tuple(
            standing[each.recording_id] for each in found if each.recording_id in standing
        ),
    )


def _one_of(roster: Roster, wanted: Sequence[str]) -> Participant | None:
    """Return who on the roster has one of these labels, which have to be one person's."""
    if not all(map(is_participant, wanted)):
        raise UsageError(
            "leads_talk",
            "One of these labels is that of whoever leads the talk, or of nobody known, and many "
            "may have had it. Only a participant's contribution can be withdrawn.",
        )
    found = [each for each in roster.participants if study_label(each) in wanted]
    if len(found) > 1:
        raise UsageError(
            "two_participants",
            "These labels are those of more than one person on the roster. Withdraw one person "
            "after the other.",
        )
    return found[0] if found else None


def is_theirs(entity: Entity, who: Withdrawing) -> bool:
    """Whether an entry of the register of pseudonyms is theirs, or of whom they alone told."""
    if (entity.entity_type.value, entity.key) in who.told:
        return True
    names = {plain_words(name) for name in who.spellings}
    return entity.entity_type is EntityType.PERSON and (
        entity.key in who.entities or plain_words(entity.key) in names
    )


def _told(
    own: Own,
    reviews: Sequence[Review],
    whole: Collection[str],
    roster: Roster,
    known: Sequence[Entity],
) -> frozenset[tuple[str, str]]:
    """Return whom and what nobody else spoke of.

    Those on the roster stay, and whatever was written of a recording that has no words any more.
    """
    theirs: set[tuple[str, str]] = set()
    others: set[tuple[str, str]] = set()
    for review in reviews:
        voices, words = own.speaks(review), review.transcript.words
        is_whole = review.recording.id in whole
        for judged in review.findings:
            finding, place = judged.finding, judged.finding.place
            is_own = place is not None and words[place.first_word].speaker in voices
            said = theirs if is_whole or is_own else others
            said.add((finding.entity_type.value, finding.entity))
    codes = {review.recording.code for review in reviews}
    others |= {
        (entity.entity_type.value, entity.key)
        for entity in known
        if any(code not in codes for code, _ in entity.written)
    }
    names = {plain_words(name) for name in roster.names}
    return frozenset((kind, key) for kind, key in theirs - others if plain_words(key) not in names)


def known_entities(store: Store, study_id: str) -> tuple[tuple[Entity, ...], bool]:
    """Return what the register of pseudonyms holds, and whether its key was destroyed."""
    try:
        return StoreRegister(store.database, store.keyring, study_id).entities(), False
    except StorageError as error:
        if error.code != "key_destroyed":
            raise
        return (), True


def _who(
    own: Own,
    participant: Participant | None,
    roster: Roster,
    reviews: Sequence[Review],
    known: Sequence[Entity],
) -> Withdrawing:
    """Return what means them, wherever it stands."""
    people = [
        judged.finding
        for review in reviews
        for judged in review.findings
        if judged.finding.entity_type is EntityType.PERSON
    ]
    theirs = [finding for finding in people if finding.entity in own.entities]
    others = {plain_words(f.text) for f in people if f.entity not in own.entities}
    others |= {
        plain_words(form)
        for entity in known
        if entity.entity_type is EntityType.PERSON and entity.key not in own.entities
        for form in entity.forms
    }
    names = () if participant is None else (participant.name, *participant.aliases)
    others |= {plain_words(name) for name in roster.names if name not in names}
    # A surname alone means them too, unless somebody else is known by it.
    taken = {part for name in others for part in name}
    parts = [part for name in names for part in name.split() if taken.isdisjoint(plain_words(part))]
    heard = [finding.text for finding in theirs if plain_words(finding.text) not in others]
    replacements = {f.replacement for f in theirs if f.replacement is not None}
    return Withdrawing(
        own.labels,
        own.entities,
        tuple(sorted({*replacements, *(f"[{label}]" for label in own.labels)})),
        tuple(dict.fromkeys((*names, *parts, *heard))),
    )


def _affected(review: Review, own: Own, who: Withdrawing) -> Affected | None:
    """Return how much of a recording is theirs, None where nothing is."""
    voices = own.speaks(review)
    words = review.transcript.words
    spoken = [
        words[turn.first_word : turn.last_word + 1]
        for turn in review.turns
        if turn.speaker in voices
    ]
    spans = [span for span in spoken if not all(is_withdrawn(word.text) for word in span)]
    mentions = mentions_by_others(review.fold, who)
    decided = any(
        isinstance(event.edit, EntityDecided) and event.edit.entity in who.entities
        for event in review.fold.events
    )
    if not (spans or mentions or decided):
        return None
    talking = {each.id: each.label for each in review.transcript.speakers}
    unknown = sum(
        review.transcript.label(word.speaker) in (UNKNOWN_SPEAKER, SEVERAL_VOICES)
        and not is_withdrawn(word.text)
        for word in words
    )
    unclear_ms = sum(each.duration_ms for each in review.transcript.coverage.untranscribed)
    labels = {
        talking.get(turn.speaker or "", "") for turn in review.turns if turn.speaker not in voices
    }
    return Affected(
        review.recording.id,
        review.recording.code,
        _fate(review.recording.kind, labels, speaks=bool(spans)),
        len(spans),
        sum(map(len, spans)),
        sum(span[-1].end_ms - span[0].start_ms for span in spans if span),
        len(mentions),
        unclear_ms=unclear_ms if spans else 0,
        unknown_words=unknown if spans else 0,
    )


def _fate(kind: Kind, others: Collection[str], *, speaks: bool) -> Fate:
    """Return what becomes of a recording in which others with these labels speak, too."""
    is_shared = any(map(is_participant, others))
    is_whole = kind is Kind.INDIVIDUAL and speaks and not is_shared
    return Fate.ERASED if is_whole else Fate.TAKEN_OUT


def _only_released(
    store: Store, release: StudyRelease, recording: Recording, own: Own
) -> Affected | None:
    """Return how much of a release is theirs whose recording has no words any more."""
    with store.database.read() as connection:
        key = store.keyring.recording(connection, release.recording_id)
    turns = read_texts(store.blobs.read(key, release.blob))[0].transcript.turns
    theirs = [
        turn
        for turn in turns
        if turn.label in own.labels and not all(is_withdrawn(each.text) for each in turn.tokens)
    ]
    standing = {f"[{label}]" for label in own.labels}
    mentions = sum(
        token.redacted and token.text in standing
        for turn in turns
        if turn.label not in own.labels
        for token in turn.tokens
    )
    if not theirs and not mentions:
        return None
    labels = {turn.label for turn in turns} - own.labels
    return Affected(
        release.recording_id,
        recording.code,
        _fate(recording.kind, labels, speaks=bool(theirs)),
        len(theirs),
        sum(not token.mark for turn in theirs for token in turn.tokens),
        sum(turn.end_ms - turn.start_ms for turn in theirs),
        mentions,
    )


def _nobody(*, key_gone: bool) -> UsageError:
    if key_gone:
        return UsageError(
            "no_such_participant",
            "Nobody in the talk or the releases of this study has this label. The key of who is "
            "who was destroyed, so nobody can be found by name any more: only a label that a "
            "transcript carries leads to somebody's contribution.",
        )
    return UsageError(
        "no_such_participant",
        "Nobody on the roster or in the talk of this study has this label. Labels are those that "
        "transcripts carry, such as P03.",
    )
