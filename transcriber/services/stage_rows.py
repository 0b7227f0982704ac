"""What a stage's result becomes in the database besides itself: transcripts, and what was found."""

from typing import Any

from sqlalchemy import Connection, select

from transcriber.domain.known_name import KnownName
from transcriber.pipeline import DETECT, LABEL, PSEUDONYMISE
from transcriber.services.known_names import StudyNames, given_away
from transcriber.services.store import Store
from transcriber.services.stored_job import StoredJob
from transcriber.storage.database.blob_rows import get_blobs
from transcriber.storage.database.study_steps import search_again
from transcriber.storage.database.tables import STAGE_RESULT
from transcriber.storage.database.transcripts import GIVEN_AWAY

WITH_ROWS = frozenset({LABEL.name, DETECT.name, PSEUDONYMISE.name})
"""Stages whose results are written down so."""


def write_rows(
    store: Store, connection: Connection, job: StoredJob, stage: str, result_id: str, result: Any
) -> None:
    """Write what others look up, in the commit that finishes a step of a stage `WITH_ROWS`.

    Words that are new become a version of the transcript; findings belong to the latest version.
    Where the names are others that the study is to be searched for, it is searched again.
    """
    transcripts = store.transcripts
    if stage == LABEL.name:
        blob_id = connection.execute(
            select(STAGE_RESULT.c.blob_id).where(STAGE_RESULT.c.id == result_id)
        ).scalar_one()
        (blob,) = get_blobs(connection, [blob_id]).values()
        transcripts.add(connection, job.recording_id, result.quality, blob)
        return
    latest = transcripts.latest(connection, job.recording_id)
    assert latest is not None  # its words were needed for this
    if stage == PSEUDONYMISE.name:
        for profile, made in enumerate(result):
            transcripts.found(connection, latest, profile, made.findings)
        return
    before = known_names(store, connection, job.study.id)
    transcripts.found(connection, latest, GIVEN_AWAY, given_away(result))
    if known_names(store, connection, job.study.id) != before:
        search_again(connection, job.state.id)


def known_names(store: Store, connection: Connection, study_id: str) -> tuple[KnownName, ...]:
    """Return what the study's recordings gave away, those of them that were searched."""
    names = StudyNames()
    for recording_id, found in store.transcripts.given_away(connection, study_id).items():
        names.learn(recording_id, found)
    return names.all()
