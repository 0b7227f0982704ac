"""What is theirs in one recording that stays, and what is to be left of it: nothing is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.fold import Fold
from transcriber.domain.interval import Interval, joined
from transcriber.domain.transcript import Transcript
from transcriber.domain.withdrawal import Withdrawing
from transcriber.pipeline import LABEL
from transcriber.pipeline.result import from_record
from transcriber.services.store import Store
from transcriber.services.withdrawal.contribution_releases import Rewritten, rewritten
from transcriber.services.withdrawal.decisions_kept import Kept, decisions_kept, findings_kept
from transcriber.services.withdrawal.mentions import mentions_in
from transcriber.stages.name_spellings import is_named
from transcriber.stages.protocols import Record
from transcriber.stages.withdrawn import WithoutThem, without_them
from transcriber.storage.database.jobs import JobRequest, jobs_of, request_of
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.releases import StudyRelease, releases_of_recording
from transcriber.storage.database.studies import Study
from transcriber.storage.database.transcripts import StoredTranscript
from transcriber.storage.keys.key import Key


@dataclass(frozen=True)
class WordsLeft:
    """The words of a recording as people checked them, and what is left of them.

    `quotes` says that the list of decisions names them, whether they are in the words or not.
    """

    stored: StoredTranscript
    fold: Fold
    left: WithoutThem
    kept: Kept
    further: tuple[tuple[int, tuple[Finding, ...]], ...]
    quotes: bool

    @property
    def are_same(self) -> bool:
        """Whether nothing of theirs was there."""
        return self.left.is_same and not self.quotes


@dataclass(frozen=True)
class Plan:
    """What a recording holds, and what it is to hold; `words` is None where these are destroyed.

    Its numbers tell whether anything was another one by the time of the commit.
    """

    recording: StoredRecording
    old: Key
    request: JobRequest | None
    words: WordsLeft | None
    latest: StoredTranscript | None
    releases: tuple[tuple[StudyRelease, Rewritten], ...]
    events: int

    @property
    def is_nothing(self) -> bool:
        """Whether nothing of theirs is there."""
        return (self.words is None or self.words.are_same) and all(
            text.is_same for _, text in self.releases
        )

    @property
    def standing(self) -> tuple[tuple[StudyRelease, Rewritten], ...]:
        """The releases that were not withdrawn, the newest first."""
        return tuple(each for each in self.releases if each[0].withdrawn_at_ms is None)

    @property
    def spoken(self) -> tuple[Interval, ...]:
        """When they spoke, by the words or else by what was released."""
        if self.words is not None:
            return self.words.left.spoken
        return tuple(joined(each for _, text in self.releases for each in text.spoken))

    @property
    def unclear(self) -> tuple[Interval, ...]:
        """When somebody spoke where they do, and nobody wrote it down: it may be theirs."""
        if self.words is None or not self.words.left.spoken:
            return ()
        return self.words.left.transcript.coverage.untranscribed


def plan_of(store: Store, study: Study, recording_id: str, who: Withdrawing) -> Plan | None:
    """Work out what is to be left of a recording; None where the study has none such."""
    with store.database.read() as connection:
        stored = store.recordings.get(connection, study, recording_id)
        if stored is None:
            return None
        old = store.keyring.recording(connection, recording_id)
        jobs = jobs_of(connection, [recording_id])
        request = request_of(connection, jobs[-1].id, old) if jobs else None
        latest = store.transcripts.latest(connection, recording_id)
        releases = releases_of_recording(connection, recording_id)
        has_words = latest is not None and not latest.destroyed
        words = _words(store, connection, latest, old, who) if latest and has_words else None
        events = store.decisions.count(connection, latest.id) if latest else 0
    texts = tuple(
        (release, rewritten(store.blobs.read(old, release.blob), who)) for release in releases
    )
    return Plan(stored, old, request, words, latest, texts, events)


def _words(
    store: Store, connection: Connection, stored: StoredTranscript, old: Key, who: Withdrawing
) -> WordsLeft:
    record = Record(store.blobs.read(old, stored.blob), 0, ())
    raw: Transcript = from_record(LABEL.result, record, Path())
    by_profile = store.transcripts.all_findings(connection, stored)
    begun = Fold(raw, by_profile.get(0, ()))
    fold = begun.extended(store.decisions.events(connection, stored))
    left = without_them(fold.transcript, who.labels, mentions_in(fold, who))
    quotes = _quotes(fold, by_profile, who)
    if left.is_same and not quotes:
        return WordsLeft(stored, fold, left, Kept((), ()), (), quotes)
    further = tuple(
        (profile, findings_kept(fold, left, who, found))
        for profile, found in by_profile.items()
        if profile
    )
    return WordsLeft(stored, fold, left, decisions_kept(fold, left, who), further, quotes)


def _quotes(fold: Fold, found: Mapping[int, Sequence[Finding]], who: Withdrawing) -> bool:
    """Whether the list of decisions, a finding or a word before its correction names them."""
    said = [
        before.text
        for before, now in zip(fold.raw.words, fold.transcript.words, strict=True)
        if before.text != now.text
    ]
    for event in fold.events:
        told = [event.edit, *getattr(event.edit, "found", ())]
        if any(_is_entity(each, who) for each in told):
            return True
        said += [getattr(event.edit, name, "") or "" for name in ("text", "reason")]
    findings = (finding for each in found.values() for finding in each)
    return any(_is_entity(each, who) for each in findings) or any(
        is_named(text, who.spellings) for text in said
    )


def _is_entity(told: object, who: Withdrawing) -> bool:
    is_person = getattr(told, "entity_type", None) is EntityType.PERSON
    return is_person and getattr(told, "entity", None) in who.entities
