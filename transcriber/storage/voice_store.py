"""Voice prints of a study: one SQLite file in its private folder, made only where it was asked for.

What is erased is gone: SQLite overwrites it (`secure_delete`), and no journal on the disk keeps a
copy, at the price that a power cut while writing may cost the file. Prints can be taken again from
the recordings, names cannot be taken back.
"""

import sqlite3
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from transcriber.domain.errors import StorageError
from transcriber.domain.voice_print import Proposal, VoicePrint
from transcriber.storage.study_database import transaction

FILE_NAME = "voices.sqlite"

_TABLES = (
    """
CREATE TABLE IF NOT EXISTS voice (
    recording TEXT NOT NULL,
    speaker TEXT NOT NULL,
    label TEXT NOT NULL,
    model TEXT NOT NULL,
    print BLOB NOT NULL,
    person TEXT,
    resembles TEXT,
    PRIMARY KEY (recording, speaker)
) STRICT
""",
    """
CREATE TABLE IF NOT EXISTS proposal (
    recording TEXT NOT NULL,
    speaker TEXT NOT NULL,
    owner TEXT NOT NULL,
    known_recording TEXT NOT NULL,
    known_speaker TEXT NOT NULL,
    similarity REAL NOT NULL,
    PRIMARY KEY (recording, speaker)
) STRICT
""",
    """
CREATE TABLE IF NOT EXISTS compared (
    recording TEXT PRIMARY KEY,
    turns TEXT NOT NULL,
    forgotten INTEGER NOT NULL DEFAULT 0
) STRICT
""",
)

_OPEN = """
SELECT proposal.speaker, proposal.owner, known_recording, known_speaker, known.label, similarity
FROM proposal
JOIN voice AS known ON known.recording = known_recording AND known.speaker = known_speaker
LEFT JOIN voice AS own
    ON own.recording = proposal.recording AND own.speaker = proposal.speaker
WHERE proposal.recording = ? AND own.person IS NULL
ORDER BY proposal.speaker
"""


class SqliteVoices:
    """Keeps, lists and erases the voice prints of one study."""

    def __init__(self, private: Path) -> None:
        self._path = private / FILE_NAME

    def exists(self) -> bool:
        """Whether the study has ever compared voices."""
        return self._path.is_file()

    def prints(self) -> tuple[VoicePrint, ...]:
        """Return all prints, by recording and speaker. Raises StorageError."""
        with self._transaction() as connection:
            rows = connection.execute(
                "SELECT recording, speaker, label, model, print, person, resembles FROM voice "
                "ORDER BY recording, speaker"
            )
            return tuple(
                VoicePrint(recording, speaker, label, model, _vector(data), person, resembles)
                for recording, speaker, label, model, data, person, resembles in rows
            )

    def proposals(self, recording: str) -> tuple[Proposal, ...]:
        """Return what was proposed for voices of a recording and nobody has confirmed yet.

        Raises StorageError.
        """
        with self._transaction() as connection:
            rows = connection.execute(_OPEN, (recording,))
            return tuple(Proposal(*row) for row in rows)

    def must_compare(self, recording: str, turns: str) -> bool:
        """Whether this recording's voices are to be compared: not yet with these `turns`.

        Never again once one of its voices was erased: nobody could tell which of new turns are
        that voice's. Raises StorageError.
        """
        with self._transaction() as connection:
            row = connection.execute(
                "SELECT turns, forgotten FROM compared WHERE recording = ?", (recording,)
            ).fetchone()
            return row is None or (row[0] != turns and not row[1])

    def keep(
        self,
        recording: str,
        turns: str,
        prints: Sequence[VoicePrint],
        proposals: Sequence[Proposal],
    ) -> None:
        """Keep prints and proposals of a recording instead of earlier ones. Raises StorageError."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM voice WHERE recording = ?", (recording,))
            connection.execute("DELETE FROM proposal WHERE recording = ?", (recording,))
            connection.execute("DELETE FROM compared WHERE recording = ?", (recording,))
            connection.execute("INSERT INTO compared VALUES (?, ?, 0)", (recording, turns))
            connection.executemany(
                "INSERT INTO voice VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        v.recording,
                        v.speaker,
                        v.label,
                        v.model,
                        _blob(v.vector),
                        v.person,
                        v.resembles,
                    )
                    for v in prints
                ],
            )
            connection.executemany(
                "INSERT INTO proposal VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        recording,
                        p.speaker,
                        p.owner,
                        p.known_recording,
                        p.known_speaker,
                        p.similarity,
                    )
                    for p in proposals
                ],
            )

    def relabel(self, recording: str, labels: Mapping[str, str]) -> None:
        """Keep the labels that speakers of a recording have now. Raises StorageError."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE voice SET label = ? WHERE recording = ? AND speaker = ?",
                [(label, recording, speaker) for speaker, label in labels.items()],
            )

    def same(self, one: VoicePrint, other: VoicePrint) -> None:
        """Keep that two voices are one person's, and the label of `other`. Raises StorageError."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE voice SET person = ? WHERE person = ?", (other.owner, one.owner)
            )
            connection.executemany(
                "UPDATE voice SET person = ?, label = ? WHERE recording = ? AND speaker = ?",
                [
                    (other.owner, other.label, voice.recording, voice.speaker)
                    for voice in (one, other)
                ],
            )

    def forget(self, recording: str, speaker: str) -> bool:
        """Erase a print and all that was proposed from it; return whether it was there.

        Raises StorageError.
        """
        with self._transaction() as connection:
            erased = connection.execute(
                "DELETE FROM voice WHERE recording = ? AND speaker = ?", (recording, speaker)
            ).rowcount
            connection.execute(
                "DELETE FROM proposal WHERE (recording = ? AND speaker = ?) "
                "OR (known_recording = ? AND known_speaker = ?)",
                (recording, speaker, recording, speaker),
            )
            connection.execute(
                "UPDATE compared SET forgotten = 1 WHERE recording = ?", (recording,)
            )
            return erased > 0

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with transaction(self._path, _refused(), journal="MEMORY") as connection:
            for table in _TABLES:
                connection.execute(table)
            yield connection


def _blob(vector: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(vector)}f", *vector)


def _vector(data: bytes) -> tuple[float, ...]:
    return struct.unpack(f"<{len(data) // 4}f", data)


def _refused() -> StorageError:
    return StorageError(
        "voices_unusable",
        "The voice prints in the private folder cannot be read or written. Check that the disk has "
        "room and that the folder is yours, then run the command again.",
    )
