"""A service that has been used for a while: studies, members, and recordings in every state."""

import subprocess
import sys
import tempfile
import wave
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random

from sqlalchemy import update

from tests.browser.echoed_world import EchoedWorld, make_echoed_world
from tests.browser.recalled_world import RecalledWorld, make_recalled_world
from tests.browser.rights_world import RightsWorld, make_rights_world
from tests.browser.signed_world import SignedWorld, make_signed_world
from tests.releases import release_bytes
from tests.served import environment
from transcriber.domain.access import Permission, Principal, Role
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Kind
from transcriber.domain.transcript import Quality
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.pipeline.order import State
from transcriber.sample import sample_audio, sample_roster
from transcriber.services.accounts import NewAccount, create_account, list_accounts
from transcriber.services.links import first_sign_in_link, invite, path_of
from transcriber.services.members import grant
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import StudyDraft, create_study, show_study
from transcriber.services.submit import Submission, study_named, submit
from transcriber.services.tokens import create_token
from transcriber.stages.pcm import read_samples
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.releases import add_release
from transcriber.storage.database.tables import JOB, RECORDING, STEP

HEARD = "Peer support, second year"
BUSY = "Breast-feeding peer support in three towns"
MANY = 60
"""Recordings of the busy study: more than one page of the list."""

_FAILURE = {
    "failure_code": "no_speech",
    "failure_sentence": "Nobody speaks in this recording. Check that it is the right file, and "
    "that the recorder was switched on.",
}


@dataclass(frozen=True)
class World:
    """What is there, by id."""

    store: Store
    link: str
    invitation: str
    account_id: str
    heard_id: str
    busy_id: str
    empty_id: str
    released_id: str
    """Of which they see releases only."""
    finished_id: str
    failed_id: str
    signed: SignedWorld
    recalled: RecalledWorld
    rights: RightsWorld
    echoed: EchoedWorld


def make_world(home: Path) -> World:
    """Make it under a data folder; half a minute of the sample is heard by the command line."""
    home.mkdir(parents=True)
    clip = home.parent / "clip.wav"
    _cut(clip)
    command = ["run", str(clip), "--study", HEARD, "--roster", str(sample_roster())]
    subprocess.run(
        [sys.executable, "-m", "transcriber", *command, "--out", str(home.parent / "out")],
        env=environment(home),
        check=True,
        capture_output=True,
    )
    store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
    link = path_of(first_sign_in_link(store))
    (admin,) = list_accounts(store)
    empty = create_study(store, admin.id, StudyDraft("Groups of fathers"))
    busy = create_study(store, admin.id, StudyDraft(BUSY))
    heard = study_named(store, HEARD)
    for study_id, role in ((heard.id, Role.RESEARCHER), (busy.id, Role.DATA_MANAGER)):
        grant(store, study_id, admin.id, role)
    _add_people(store, busy.id)
    _add_token(store, admin.id, busy.id)
    failed_id = _add_recordings(store, home, busy.id)
    with store.database.read() as connection:
        (finished,) = store.recordings.all(connection, heard)
    released_id = _add_releases(store, home)
    grant(store, released_id, admin.id, Role.ANALYST)
    _, secret = invite(store, NewAccount("noor@example.ac.uk", "Noor"))
    return World(
        store=store,
        link=link,
        invitation=path_of(secret),
        account_id=admin.id,
        heard_id=heard.id,
        busy_id=busy.id,
        empty_id=empty.id,
        released_id=released_id,
        finished_id=finished.id,
        failed_id=failed_id,
        signed=make_signed_world(store, home, admin.id),
        recalled=make_recalled_world(store, home, admin.id),
        rights=make_rights_world(store, home, admin.id),
        echoed=make_echoed_world(store, home, admin.id),
    )


def _cut(clip: Path) -> None:
    """Write half a minute of the sample."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "samples.s16"
        sound = PyAvDecoder().decode(sample_audio(), path, lambda *_: None).audio
        with wave.open(str(clip), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE_HZ)
            file.writeframes(read_samples(sound, Interval(8_000, 38_000)).tobytes())


def _add_releases(store: Store, folder: Path) -> str:
    """Make a study of somebody else with two releases and return its id."""
    account = create_account(store, NewAccount("ines@example.ac.uk", "Ines", begins_studies=True))
    study = create_study(store, account.id, StudyDraft("Peer support, first year"))
    path = folder / "sound.wav"
    path.write_bytes(b"first year")
    made = submit(store, study, Submission((path,), Kind.GROUP)).stored
    path.unlink()
    with store.database.read() as connection:
        key = store.keyring.recording(connection, made.id)
    with store.blobs.staged() as staged:
        words = staged.put_bytes(key, made.id, Purpose.RESULT, b"{}")
        files = [
            staged.put_bytes(key, made.id, Purpose.RELEASE, release_bytes(("P01", "hello " * size)))
            for size in (20, 150)
        ]
        with store.database.write() as connection:
            add_blobs(connection, [words, *files])
            transcript = store.transcripts.add(connection, made.id, Quality.FULL, words)
            for file in files:
                add_release(connection, transcript.id, file, account.id)
    return study.id


def _add_people(store: Store, study_id: str) -> None:
    people = {
        "Miriam Adeyemi": Role.RESEARCHER,
        "Ruth Featherstonehaugh-Cholmondeley": Role.REVIEWER,
        "Tomasz Wiśniewski": Role.ANALYST,
    }
    for name, role in people.items():
        email = f"{name.split()[0].lower()}@example.ac.uk"
        account = create_account(store, NewAccount(email, name))
        grant(store, study_id, account.id, role)


def _add_token(store: Store, account_id: str, study_id: str) -> None:
    who = Principal(account_id, roles={study_id: Role.DATA_MANAGER}, begins_studies=True)
    scopes = frozenset({Permission.UPLOAD, Permission.SEE_RECORDINGS})
    create_token(store, who, "Recorder in the clinic", scopes, days=90)


def _add_recordings(store: Store, folder: Path, study_id: str) -> str:
    """Add recordings in every state and return the id of one that failed."""
    study, random = show_study(store, study_id), Random(8)
    failed_id = ""
    states = cycle((State.DONE, State.DONE, State.RUNNING, State.FAILED, None, State.CANCELLED))
    for number, state in zip(range(MANY), states, strict=False):
        path = folder / "sound.wav"
        path.write_bytes(random.randbytes(1_000))
        kind = Kind.GROUP if number % 5 == 4 else Kind.INDIVIDUAL
        made = submit(store, study, Submission((path,), kind))
        path.unlink()
        of_job = STEP.c.job_id == made.job_id
        with store.database.write() as connection:
            connection.execute(
                update(RECORDING)
                .where(RECORDING.c.id == made.stored.id)
                .values(duration_ms=random.randint(20, 100) * 60_000)
            )
            if state is None:
                continue
            connection.execute(update(JOB).where(JOB.c.id == made.job_id).values(state=state))
            first = STEP.c.stage == "ingest"
            if state is State.RUNNING:
                connection.execute(update(STEP).where(of_job, first).values(state=State.DONE))
                second = STEP.c.stage.in_(("transcribe", "diarise"))
                connection.execute(update(STEP).where(of_job, second).values(state=state))
            elif state is State.FAILED:
                failed_id = made.stored.id
                values = {"state": state, **_FAILURE}
                connection.execute(update(STEP).where(of_job, first).values(values))
            else:
                connection.execute(update(STEP).where(of_job).values(state=state))
    return failed_id
