"""Versions of a recording's transcript, and what was found in each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select

from transcriber.domain.finding import Finding
from transcriber.domain.transcript import Quality
from transcriber.storage.blobs.framing import Blob
from transcriber.storage.database.blob_rows import get_blobs
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.tables import FINDING, RECORDING, TRANSCRIPT, WRAPPED_KEY
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Place, seal, unseal

GIVEN_AWAY = -1
"""Instead of the number of a policy: names that a recording gives away to its study, before any
policy."""

_FINDING: TypeAdapter[Finding] = TypeAdapter(Finding)


@dataclass(frozen=True, slots=True)
class StoredTranscript:
    """The machine's words of a recording; `blob` holds them and is never changed.

    Once they were `destroyed`, it holds nothing.
    """

    id: str
    recording_id: str
    version: int
    quality: Quality
    blob: Blob
    destroyed: bool = False


class Transcripts:
    """Keeps transcripts; every method works in the transaction that it is given.

    A version is added when the words are new. Findings belong to a version and are found anew
    whenever a roster grows. What people decide on a version: `decisions.py`.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(
        self, connection: Connection, recording_id: str, quality: Quality, blob: Blob
    ) -> StoredTranscript:
        """Add a version whose words are in `blob`, whose row is there.

        Where the latest version has that blob already, it is returned as it is.
        """
        connection.execute(
            select(RECORDING.c.id)
            .where(RECORDING.c.id == recording_id)
            .with_for_update(key_share=True)
        )
        latest = self.latest(connection, recording_id)
        if latest is not None and latest.blob == blob:
            return latest
        added = StoredTranscript(
            new_id(), recording_id, latest.version + 1 if latest else 1, quality, blob
        )
        connection.execute(
            insert(TRANSCRIPT).values(
                id=added.id,
                recording_id=recording_id,
                version=added.version,
                quality=quality.value,
                blob_id=blob.id,
                created_at_ms=now_ms(),
            )
        )
        return added

    def latest(self, connection: Connection, recording_id: str) -> StoredTranscript | None:
        """Return the newest version, None before there is one."""
        return self.latest_of(connection, [recording_id]).get(recording_id)

    def latest_of(
        self, connection: Connection, recording_ids: Collection[str]
    ) -> dict[str, StoredTranscript]:
        """Return the newest versions of some recordings' transcripts, by recording."""
        found = self._found(connection, TRANSCRIPT.c.recording_id.in_(recording_ids))
        return {transcript.recording_id: transcript for transcript in found}

    def all(self, connection: Connection, recording_id: str) -> tuple[StoredTranscript, ...]:
        """Return all versions of a recording's transcript, the first one first."""
        return tuple(self._found(connection, TRANSCRIPT.c.recording_id == recording_id))

    def found(
        self,
        connection: Connection,
        transcript: StoredTranscript,
        profile: int,
        findings: Sequence[Finding],
    ) -> None:
        """Replace what was found in a version for one of the job's policies, counted from 0.

        Or, as `GIVEN_AWAY`, the names for which the study's other recordings are searched.
        """
        key = self._keyring.recording(connection, transcript.recording_id)
        connection.execute(
            delete(FINDING).where(
                FINDING.c.transcript_id == transcript.id, FINDING.c.profile == profile
            )
        )
        rows = []
        for number, finding in enumerate(findings):
            row_id = new_id()
            content = seal(key, _finding(row_id), _FINDING.dump_json(finding))
            rows.append(
                {
                    "id": row_id,
                    "transcript_id": transcript.id,
                    "profile": profile,
                    "number": number,
                    "entity_type": finding.entity_type.value,
                    "content": content,
                }
            )
        if rows:
            connection.execute(insert(FINDING), rows)

    def findings(
        self, connection: Connection, transcript: StoredTranscript, profile: int = 0
    ) -> tuple[Finding, ...]:
        """Return what was found in a version for one policy, in order."""
        key = self._keyring.recording(connection, transcript.recording_id)
        rows = connection.execute(
            select(FINDING.c.id, FINDING.c.content)
            .where(FINDING.c.transcript_id == transcript.id, FINDING.c.profile == profile)
            .order_by(FINDING.c.number)
        )
        return tuple(
            _FINDING.validate_json(unseal(key, _finding(row.id), row.content)) for row in rows
        )

    def all_findings(
        self, connection: Connection, transcript: StoredTranscript
    ) -> dict[int, tuple[Finding, ...]]:
        """Return all that was found in a version, in order, by policy and as `GIVEN_AWAY`."""
        profiles = connection.execute(
            select(FINDING.c.profile)
            .where(FINDING.c.transcript_id == transcript.id)
            .distinct()
            .order_by(FINDING.c.profile)
        ).scalars()
        return {each: self.findings(connection, transcript, each) for each in list(profiles)}

    def found_stamps(
        self, connection: Connection, transcript_ids: Collection[str]
    ) -> dict[str, str]:
        """Return what is another one whenever findings of the first policy were replaced.

        By transcript, without those in which nothing was found.
        """
        rows = connection.execute(
            select(FINDING.c.transcript_id, FINDING.c.id).where(
                FINDING.c.transcript_id.in_(transcript_ids),
                FINDING.c.profile == 0,
                FINDING.c.number == 0,
            )
        )
        return {row.transcript_id: row.id for row in rows}

    def with_words(self, connection: Connection, study_id: str) -> tuple[str, ...]:
        """Return the ids of a study's recordings that have a transcript, the oldest first.

        What is being erased has no key any more and is left out.
        """
        rows = connection.execute(
            select(RECORDING.c.id)
            .where(
                RECORDING.c.study_id == study_id,
                exists().where(
                    TRANSCRIPT.c.recording_id == RECORDING.c.id,
                    TRANSCRIPT.c.words_destroyed_at_ms.is_(None),
                ),
                exists().where(WRAPPED_KEY.c.recording_id == RECORDING.c.id),
            )
            .order_by(RECORDING.c.created_at_ms, RECORDING.c.id)
        )
        return tuple(rows.scalars())

    def given_away(self, connection: Connection, study_id: str) -> dict[str, tuple[Finding, ...]]:
        """Return what the newest versions of a study's recordings give away, by recording."""
        of_study = select(RECORDING.c.id).where(RECORDING.c.study_id == study_id)
        keys = self._keyring.recordings(connection, study_id, of_study)
        newer = TRANSCRIPT.alias("newer")
        newest = ~exists().where(
            newer.c.recording_id == TRANSCRIPT.c.recording_id,
            newer.c.version > TRANSCRIPT.c.version,
        )
        rows = connection.execute(
            select(FINDING.c.id, FINDING.c.content, TRANSCRIPT.c.recording_id)
            .join(TRANSCRIPT, TRANSCRIPT.c.id == FINDING.c.transcript_id)
            .where(TRANSCRIPT.c.recording_id.in_(of_study), newest, FINDING.c.profile == GIVEN_AWAY)
            .order_by(TRANSCRIPT.c.recording_id, FINDING.c.number)
        )
        found: dict[str, tuple[Finding, ...]] = {}
        for row in rows:
            key = keys.get(row.recording_id)
            if key is not None:  # what is being erased has none any more
                finding = _FINDING.validate_json(unseal(key, _finding(row.id), row.content))
                found[row.recording_id] = (*found.get(row.recording_id, ()), finding)
        return found

    def _found(self, connection: Connection, which: ColumnElement[bool]) -> list[StoredTranscript]:
        rows = connection.execute(
            select(TRANSCRIPT).where(which).order_by(TRANSCRIPT.c.version)
        ).all()
        blobs = get_blobs(connection, [row.blob_id for row in rows])
        return [
            StoredTranscript(
                row.id,
                row.recording_id,
                row.version,
                Quality(row.quality),
                blobs[row.blob_id],
                row.words_destroyed_at_ms is not None,
            )
            for row in rows
        ]


def _finding(row_id: str) -> Place:
    return Place("finding", "content", row_id)
