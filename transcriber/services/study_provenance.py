"""How a whole study was transcribed and checked, from the releases of it that stand."""

from dataclasses import replace

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.exports.provenance.facts import (
    Facts,
    SoundSample,
    facts_of,
    residue_of,
    second_review_of,
)
from transcriber.exports.provenance.page import write_provenance_page
from transcriber.exports.provenance.text import write_provenance_text
from transcriber.exports.release_json import read_texts
from transcriber.services.packaged_release import PROVENANCE
from transcriber.services.releases import ReleaseFile
from transcriber.services.review.blind import blind_result
from transcriber.services.review.estimate import left_in_study
from transcriber.services.review.release_facts import estimate_record, second_review_record
from transcriber.services.review.samples import SoundResult, sound_results
from transcriber.services.store import Store
from transcriber.services.studies import show_study
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.releases import standing_releases


def study_provenance(store: Store, actor_id: str, study_id: str, kind: str = "html") -> ReleaseFile:
    """Return how a study was made and checked, as `html` or `txt`. It is audited.

    Raises UsageError `not_found` and `format_not_served`, StorageError.
    """
    if kind not in PROVENANCE:
        raise UsageError("format_not_served", "Provenance is written as html or txt.")
    study = show_study(store, study_id)
    facts = study_facts(store, study_id)
    with store.database.write() as connection:
        store.audit.record(connection, AuditEvent(Action.EXPORTED, actor_id, study_id))
    title = f"{study.name}, how it was transcribed and checked"
    write = write_provenance_page if kind == "html" else write_provenance_text
    return ReleaseFile(write(title, facts), *PROVENANCE[kind])


def study_facts(store: Store, study_id: str) -> Facts:
    """Add up the releases that stand; what was measured on the whole study is that of today."""
    texts = []
    with store.database.read() as connection:
        releases = standing_releases(connection, study_id)
        keys = [store.keyring.recording(connection, each.recording_id) for each in releases]
    for key, release in zip(keys, releases, strict=True):
        texts.append(read_texts(store.blobs.read(key, release.blob))[0])
    second = second_review_record(blind_result(store, study_id))
    return replace(
        facts_of(texts),
        second_review=second_review_of([second] if second else []),
        residue=residue_of(estimate_record(left_in_study(store, study_id))),
        sound=tuple(_sample(result) for result in sound_results(store, study_id)),
    )


def _sample(result: SoundResult) -> SoundSample:
    low, high = result.words.interval or (None, None)
    words = result.words
    return SoundSample(result.kind.value, result.stretches, words.errors, words.words, low, high)
