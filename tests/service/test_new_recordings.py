"""Recordings of what was uploaded, and of forms that scripts send."""

import hashlib
import io
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.service.apps import Served, serve_in
from tests.service.tus import Answer, Tus
from tests.stores import AGREED
from transcriber.domain.access import Principal, Role
from transcriber.domain.recording import Kind, SpeakerCount
from transcriber.services.erase import erase_recording
from transcriber.services.integrity import check_store
from transcriber.services.jobs import list_jobs
from transcriber.services.stored_job import load_job, put_sources
from transcriber.services.uploads import PIECE_BYTES
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.studies import Study
from transcriber.storage.database.upload_tables import UPLOAD

MARK = b"Zebedee Quillfeather said so. "
LONG = b"RIFF\0\0\0\0WAVE" + MARK + Random(1).randbytes(PIECE_BYTES + 12_345)
OTHER = b"RIFF\0\0\0\0WAVE" + Random(2).randbytes(100_000)


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve_in(tmp_path / "store")


@pytest.fixture
def study(served: Served) -> Study:
    with served.store.database.write() as connection:
        study = served.store.studies.add(connection, "Breast-feeding", AGREED)
    served.be(Role.RESEARCHER, study.id)
    return study


@pytest.fixture
def client(served: Served, study: Study) -> TestClient:
    return served.client()


@pytest.fixture
def tus(client: TestClient, study: Study) -> Tus:
    return Tus(client, study.id)


def path(study: Study) -> str:
    return f"/api/v1/studies/{study.id}/recordings"


def recording(served: Served, study: Study, answer: Answer) -> StoredRecording:
    assert answer.status_code == 201, answer.text
    with served.store.database.read() as connection:
        found = served.store.recordings.get(connection, study, answer.json()["id"])
    assert found is not None
    return found


def files(served: Served, answer: Answer, folder: Path) -> list[bytes]:
    """What a worker gets to hear."""
    folder.mkdir()
    job = load_job(served.store, answer.json()["job_id"])
    return [path.read_bytes() for path in put_sources(served.store, job, folder)]


def blobs(served: Served) -> set[str]:
    return {file.name for file in served.store.blobs.place.listed()}


def test_uploads_become_one_recording_without_being_copied(
    served: Served, study: Study, tus: Tus, tmp_path: Path
) -> None:
    ids = [tus.sent(LONG, "Part 1.wav"), tus.sent(OTHER, "Part 2.wav")]
    before = blobs(served)
    wanted = {"kind": "group", "uploads": ids, "speakers": "4-6", "language": "en-GB"}
    answer = tus.client.post(path(study), json=wanted)
    made = recording(served, study, answer)
    assert blobs(served) == before
    assert answer.json()["code"] == made.recording.code == "FG01"
    assert made.recording.kind is Kind.GROUP
    assert made.recording.speakers == SpeakerCount(4, 6)
    assert [part.file_name for part in made.parts] == ["Part 1.wav", "Part 2.wav"]
    assert made.recording.parts_sha256 == tuple(
        hashlib.sha256(data).hexdigest() for data in (LONG, OTHER)
    )
    assert files(served, answer, tmp_path / "heard") == [LONG, OTHER]
    assert check_store(served.store, thorough=True, progress=lambda *_: None).is_whole
    with served.store.database.read() as connection:
        assert served.store.uploads.all(connection, study.id) == ()
        (event,) = [event for _, event in events(connection) if event.action == "recording_added"]
    assert (event.actor_id, event.recording_id) == ("a" * 32, made.id)
    assert [job.state.recording_id for job in list_jobs(served.store)] == [made.id]


def test_what_was_uploaded_is_erased_with_its_recording(
    served: Served, study: Study, tus: Tus
) -> None:
    tus.client.post(path(study), json={"kind": "individual", "uploads": [tus.sent(LONG)]})
    assert len(blobs(served)) == 2
    erase_recording(served.store, study, "INT01")
    assert blobs(served) == set()


def test_the_key_of_an_upload_is_nowhere_once_its_recording_is_erased(
    served: Served, study: Study, tus: Tus, tmp_path: Path
) -> None:
    upload_id = tus.sent(LONG)
    with served.store.database.read() as connection:
        wrapped = connection.execute(select(UPLOAD.c.wrapped)).scalar_one()
    assert anywhere(tmp_path, wrapped)
    tus.client.post(path(study), json={"kind": "individual", "uploads": [upload_id]})
    erase_recording(served.store, study, "INT01")
    assert not anywhere(tmp_path, wrapped)


def anywhere(folder: Path, wanted: bytes) -> bool:
    return any(wanted in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_same_content_is_told_with_the_recording_that_it_equals(
    served: Served, study: Study, tus: Tus
) -> None:
    first = tus.client.post(path(study), json={"kind": "group", "uploads": [tus.sent(LONG)]})
    before = blobs(served)
    again = tus.sent(LONG, "another name.wav")
    answer = tus.client.post(path(study), json={"kind": "group", "uploads": [again]})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_there")
    assert answer.json()["recording_id"] == first.json()["id"]
    assert blobs(served) == before


def test_an_upload_that_is_not_complete_is_no_recording_yet(study: Study, tus: Tus) -> None:
    place = tus.begun(len(OTHER))
    tus.patch(place, 0, OTHER[:-1])
    wanted = {"kind": "group", "uploads": [place.rpartition("/")[2]]}
    answer = tus.client.post(path(study), json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_incomplete")
    tus.patch(place, len(OTHER) - 1, OTHER[-1:])
    assert tus.client.post(path(study), json=wanted).status_code == 201
    answer = tus.client.post(path(study), json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_nobody_takes_the_uploads_of_somebody_else(served: Served, study: Study, tus: Tus) -> None:
    mine = tus.sent(OTHER)
    served.asks = Principal("b" * 32, roles={study.id: Role.RESEARCHER})
    answer = tus.client.post(path(study), json={"kind": "group", "uploads": [mine]})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "Quillfeather"},
        {"uploads": []},
        {"uploads": ["../../etc/passwd"]},
        {"speakers": "0"},
        {"speakers": "6-4"},
        {"language": "Quillfeather"},
        {"code": "../Quillfeather"},
        {"Quillfeather": 1},
        {"files_are": "Quillfeather"},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused_and_not_repeated(
    study: Study, tus: Tus, changed: dict[str, Any]
) -> None:
    wanted = {"kind": "group", "uploads": [tus.sent(OTHER)], **changed}
    answer = tus.client.post(path(study), json=wanted)
    assert answer.status_code in (400, 422)
    assert "Quillfeather" not in answer.text


def form(client: TestClient, study: Study, contents: dict[str, bytes], **fields: str) -> Answer:
    return client.post(
        path(study),
        data=fields,
        files=[("file", (name, io.BytesIO(data))) for name, data in contents.items()],
    )


def test_a_form_with_files_makes_a_recording(
    served: Served, study: Study, client: TestClient, tmp_path: Path
) -> None:
    answer = form(
        client, study, {"a.wav": LONG, "b.wav": OTHER}, kind="group", code="Leeds-1", speakers="2"
    )
    made = recording(served, study, answer)
    assert made.recording.code == "Leeds-1"
    assert [part.file_name for part in made.parts] == ["a.wav", "b.wav"]
    assert files(served, answer, tmp_path / "heard") == [LONG, OTHER]


def test_no_plain_byte_of_a_form_reaches_a_disk(
    served: Served,
    study: Study,
    client: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    made: list[object] = []
    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, made.append)
    recording(served, study, form(client, study, {"Quillfeather.wav": LONG}, kind="group"))
    assert (made, list(folder.iterdir())) == ([], [])
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.stat().st_size > PIECE_BYTES for path in kept)
    for one in kept:
        data = one.read_bytes()
        assert b"Quillfeather" not in data
        assert LONG[5_000:5_032] not in data


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (({"a.wav": OTHER}, {"kind": "choir"}), 422, "not_valid"),
        (({"a.wav": OTHER, "b.wav": b""}, {"kind": "group"}), 422, "empty"),
        (({"a.wav": OTHER, "b.pdf": b"%PDF-" + bytes(600)}, {"kind": "group"}), 422, "not_sound"),
        (({"a.wav": OTHER}, {"kind": "group", "more": "x" * 5000}), 400, "bad_form"),
        (({}, {"kind": "group"}), 400, "bad_uploads"),
    ],
)
def test_a_form_that_is_refused_leaves_nothing(
    served: Served,
    study: Study,
    client: TestClient,
    sent: tuple[dict[str, bytes], dict[str, str]],
    status: int,
    code: str,
) -> None:
    contents, fields = sent
    head, tail = b"--edge\r\n", b"--edge--\r\n"
    body = b"".join(
        head + f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    for name, data in contents.items():
        place = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body += head + place.encode() + data + b"\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    answer = client.post(path(study), content=body + tail, headers=kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert blobs(served) == set()
    with served.store.database.read() as connection:
        assert served.store.uploads.all(connection, study.id) == ()


def test_a_form_that_breaks_off_leaves_nothing(
    served: Served, study: Study, client: TestClient
) -> None:
    body = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + LONG
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    answer = client.post(path(study), content=body, headers=kind)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_form")
    assert blobs(served) == set()


def test_the_description_names_both_ways(served: Served, client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    asked = described["paths"]["/api/v1/studies/{study_id}/recordings"]["post"]["requestBody"]
    assert set(asked["content"]) == {"application/json", "multipart/form-data"}
