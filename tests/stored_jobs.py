"""Jobs in a database, with nothing behind them, for tests of who may work on what."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from transcriber.domain.recording import Source
from transcriber.pipeline import STAGES
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.database import Database
from transcriber.storage.database.job_steps import add_steps
from transcriber.storage.database.leases import Claim, Leases
from transcriber.storage.database.tables import (
    BLOB,
    JOB,
    OUTBOX,
    RECORDING,
    STAGE_RESULT,
    STEP,
    STUDY,
)
from transcriber.storage.keys.sealing import Sealed

SEALED = Sealed(b"sealed")

OF_SOUND = tuple(stage for stage in STAGES if Source.SOUND in stage.of)
"""The stages of a job on a recording, in order."""


@dataclass
class StoredJobs:
    """Adds jobs and looks at their steps."""

    database: Database

    def add(self, queue: str = "cpu", priority: int = 0) -> str:
        """Add a job on a new recording of a new study and return its id."""
        study, recording, job = (uuid.uuid4().hex for _ in range(3))
        with self.database.write() as connection:
            connection.execute(
                insert(STUDY).values(
                    id=study,
                    name=SEALED,
                    name_tag=study.encode(),
                    settings=SEALED,
                    created_at_ms=now_ms(),
                )
            )
            connection.execute(
                insert(RECORDING).values(
                    id=recording,
                    study_id=study,
                    code=SEALED,
                    code_tag=b"code",
                    content_tag=b"content",
                    kind="individual",
                    language="en",
                    speakers_minimum=1,
                    trim_start_ms=0,
                    tracks=False,
                    created_at_ms=now_ms(),
                )
            )
            connection.execute(
                insert(JOB).values(
                    id=job,
                    recording_id=recording,
                    state="running",
                    priority=priority,
                    request=SEALED,
                    created_at_ms=now_ms(),
                )
            )
            add_steps(connection, job, {stage.name: queue for stage in OF_SOUND}, priority)
        return job

    def finish(self, leases: Leases, claim: Claim) -> None:
        """Finish a step with a result of nothing."""
        with self.database.write() as connection:
            leases.finish(connection, claim, self._result(connection, claim))

    def _result(self, connection: Connection, claim: Claim) -> str:
        recording = connection.execute(
            select(JOB.c.recording_id).where(JOB.c.id == claim.job_id)
        ).scalar_one()
        result, blob = uuid.uuid4().hex, uuid.uuid4().hex
        connection.execute(
            insert(BLOB).values(
                id=blob, recording_id=recording, purpose="t", size_bytes=0, created_at_ms=now_ms()
            )
        )
        connection.execute(
            insert(STAGE_RESULT).values(
                id=result,
                recording_id=recording,
                stage=claim.stage,
                part=claim.part,
                fingerprint=SEALED,
                fingerprint_tag=result.encode(),
                blob_id=blob,
                took_ms=1,
                created_at_ms=now_ms(),
            )
        )
        return result

    def steps(self, job: str) -> dict[str, str]:
        """Return the state of each step by stage, with `.1` and so on for parts."""
        with self.database.read() as connection:
            rows = connection.execute(select(STEP).where(STEP.c.job_id == job)).all()
        return {row.stage + (f".{row.part}" if row.part else ""): row.state for row in rows}

    def job(self, job: str) -> Any:
        """Return the row of a job."""
        with self.database.read() as connection:
            return connection.execute(select(JOB).where(JOB.c.id == job)).one()

    def count(self, table: Any) -> int:
        """Return how many rows a table has."""
        with self.database.read() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def unsent(self) -> list[str]:
        """Return the stages of the steps in the outbox, sorted."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(STEP.c.stage).join(OUTBOX, OUTBOX.c.step_id == STEP.c.id)
            ).scalars()
            return sorted(rows)
