"""What a stage's result becomes in the database besides itself: transcripts, and what was found."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from transcriber.domain.finding import Finding
from transcriber.domain.known_name import KnownName
from transcriber.domain.recording import Source
from transcriber.pipeline import DETECT, INGEST, LABEL, PSEUDONYMISE
from transcriber.services.known_names import StudyNames, given_away
from transcriber.services.review.taken_over import take_over, write_decisions
from transcriber.services.store import Store
from transcriber.services.stored_job import StoredJob
from transcriber.storage.database.blob_rows import get_blobs
from transcriber.storage.database.study_steps import search_again
from transcriber.storage.database.tables import RECORDING, STAGE_RESULT
from transcriber.storage.database.transcripts import GIVEN_AWAY

READ_AGAIN = frozenset({LABEL.name, DETECT.name, PSEUDONYMISE.name})
"""Stages whose results are written down so, also when an earlier job had left them."""

WITH_ROWS = READ_AGAIN | {INGEST.name}
"""And the sound itself, which may be forgotten by then; its length is known since."""


def write_rows(
    store: Store, connection: Connection, job: StoredJob, stage: str, result_id: str, result: Any
) -> None:
    """Write what others look up, in the commit that finishes a step of a stage `WITH_ROWS`.

    Words that are new become a version of the transcript; findings belong to the latest version.
    Where the names are others that the study is to be searched for, it is searched again.
    """
    if stage == INGEST.name:
        _keep_length(connection, job, result.audio.duration_ms)
        return
    transcripts = store.transcripts
    if stage == LABEL.name:
        blob_id = connection.execute(
            select(STAGE_RESULT.c.blob_id).where(STAGE_RESULT.c.id == result_id)
        ).scalar_one()
        (blob,) = get_blobs(connection, [blob_id]).values()
        transcripts.add(connection, job.recording_id, result.quality, blob)
        if job.recording.source is Source.WRITTEN and result.duration_ms:
            _keep_length(connection, job, result.duration_ms)
        return
    latest = transcripts.latest(connection, job.recording_id)
    assert latest is not None  # its words were needed for this
    if stage == PSEUDONYMISE.name:
        for profile, made in enumerate(result):
            if profile or not take_over(store, connection, job.study.id, latest, made.findings):
                transcripts.found(connection, latest, profile, made.findings)
        decisions = store.study_decisions.all(connection, job.study.id)
        standing = [decision for decision in decisions if not decision.undone]
        write_decisions(store, connection, latest, standing)
        return
    before = transcripts.given_away(connection, job.study.id)
    after = {**before, job.recording_id: given_away(result)}
    transcripts.found(connection, latest, GIVEN_AWAY, after[job.recording_id])
    if _names(after) != _names(before):
        search_again(connection, job.state.id)


def _keep_length(connection: Connection, job: StoredJob, duration_ms: int) -> None:
    connection.execute(
        update(RECORDING).where(RECORDING.c.id == job.recording_id).values(duration_ms=duration_ms)
    )


def known_names(store: Store, connection: Connection, study_id: str) -> tuple[KnownName, ...]:
    """Return what the study's recordings gave away, those of them that were searched."""
    return _names(store.transcripts.given_away(connection, study_id))


def _names(given: Mapping[str, tuple[Finding, ...]]) -> tuple[KnownName, ...]:
    names = StudyNames()
    for recording_id, found in given.items():
        names.learn(recording_id, found)
    return names.all()
