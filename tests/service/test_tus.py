"""Uploads by tus 1.0: what clients may rely on, and what nobody can do."""

import base64
import hashlib
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import update

from tests.fakes import fake_engines
from tests.service.apps import Served, serve_in
from tests.service.tus import BODY, HEADERS, Tus
from tests.stores import AGREED
from transcriber.domain.access import Principal, Role
from transcriber.domain.errors import TranscriberError
from transcriber.services.erase import erase_study
from transcriber.services.integrity import check_store
from transcriber.services.settings import load_settings
from transcriber.services.step_work import StepWorker
from transcriber.services.store import Store, open_store
from transcriber.services.upload_hashes import RunningHashes, with_hash
from transcriber.services.uploads import PIECE_BYTES, Receiver, sweep_uploads, upload_of
from transcriber.storage.database.studies import Study
from transcriber.storage.database.upload_tables import UPLOAD
from transcriber.storage.database.uploads import Overtaken, Upload
from transcriber.storage.scratch import Scratch

ACCOUNT = "a" * 32
MARK = b"Zebedee Quillfeather said so. "
LONG = b"RIFF\0\0\0\0WAVE" + MARK + Random(1).randbytes(2 * PIECE_BYTES + 12_345)
SHORT = LONG[:100_000]


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve_in(tmp_path)


@pytest.fixture
def study(served: Served) -> Study:
    with served.store.database.write() as connection:
        study = served.store.studies.add(connection, "Breast-feeding", AGREED)
    served.be(Role.RESEARCHER, study.id)
    return study


@pytest.fixture
def tus(served: Served, study: Study) -> Tus:
    return Tus(served.client(), study.id)


def stored(served: Served, study: Study, place: str) -> Upload:
    return upload_of(served.store, study.id, ACCOUNT, place.rpartition("/")[2])


def content(served: Served, upload: Upload) -> bytes:
    return b"".join(served.store.blobs.pieces(upload.key, upload.pieces))


def blobs(served: Served) -> set[str]:
    return {file.name for file in served.store.blobs.place.listed()}


def test_a_file_arrives_as_it_was_sent(served: Served, study: Study, tus: Tus) -> None:
    place = tus.begun(len(LONG))
    assert tus.offset(place) == 0
    answer = tus.patch(place, 0, LONG)
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(LONG)))
    upload = stored(served, study, place)
    assert content(served, upload) == LONG
    assert upload.sha256 == hashlib.sha256(LONG).hexdigest()
    assert [piece.size_bytes for piece in upload.pieces] == [PIECE_BYTES, PIECE_BYTES, 12_345 + 42]
    assert len(blobs(served)) == 3


@pytest.mark.parametrize("step", [70_001, PIECE_BYTES - 1, PIECE_BYTES + 1])
def test_a_file_may_arrive_in_requests_of_any_length(
    served: Served, study: Study, tus: Tus, step: int
) -> None:
    data = LONG if step > 1 << 20 else LONG[:1_000_000]
    place = tus.begun(len(data))
    for offset in range(0, len(data), step):
        assert tus.offset(place) == offset
        assert tus.patch(place, offset, data[offset : offset + step]).status_code == 204
    upload = stored(served, study, place)
    assert content(served, upload) == data
    assert upload.sha256 == hashlib.sha256(data).hexdigest()
    assert blobs(served) == {piece.id for piece in upload.pieces}


def test_bytes_may_come_with_the_creation(served: Served, study: Study, tus: Tus) -> None:
    answer = tus.create(len(SHORT), body=SHORT)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(SHORT)))
    assert content(served, stored(served, study, answer.headers["location"])) == SHORT


def test_the_hash_is_right_after_the_server_was_replaced(
    served: Served, study: Study, tus: Tus, tmp_path: Path
) -> None:
    place = tus.begun(len(LONG))
    tus.patch(place, 0, LONG[:PIECE_BYTES])
    another = Served(open_store(load_settings({"TRANSCRIBER_HOME": str(tmp_path)})), served.asks)
    Tus(another.client(), study.id).patch(place, PIECE_BYTES, LONG[PIECE_BYTES:])
    assert stored(another, study, place).sha256 == hashlib.sha256(LONG).hexdigest()


def test_no_plain_byte_lies_in_the_data_folder(tus: Tus, tmp_path: Path) -> None:
    place = tus.begun(len(LONG), "Zebedee Quillfeather.wav")
    tus.patch(place, 0, LONG[:-1])
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"Quillfeather" not in data, path.name
            assert LONG[5_000:5_032] not in data, path.name


def test_the_protocol_is_described(tus: Tus) -> None:
    answer = tus.client.options(tus.path)
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == answer.headers["tus-resumable"] == "1.0.0"
    assert int(answer.headers["tus-max-size"]) == 4 << 30
    assert set(answer.headers["tus-extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "termination",
        "checksum",
        "expiration",
    }
    assert "sha1" in answer.headers["tus-checksum-algorithm"].split(",")


def test_another_version_is_refused(tus: Tus) -> None:
    answer = tus.client.post(tus.path, headers={"Tus-Resumable": "0.2.2", "Upload-Length": "5"})
    assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0")
    place = tus.begun(5)
    assert tus.client.head(place).status_code == 412
    assert tus.client.patch(place, content=b"RIFF!", headers=BODY).status_code == 412


@pytest.mark.parametrize("length", ["", "-1", "x", "1e3", "9" * 30, "\u0661"])
def test_a_length_that_is_none_is_refused(tus: Tus, length: str) -> None:
    headers = {**HEADERS, "Upload-Length": length.encode()}
    answer = tus.client.post(tus.path, headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (400, "no_length")


def test_a_wrong_offset_changes_nothing(served: Served, study: Study, tus: Tus) -> None:
    place = tus.begun(len(SHORT))
    tus.patch(place, 0, SHORT[:1000])
    for offset in (0, 999, 1001):
        answer = tus.patch(place, offset, SHORT[offset:])
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_offset")
    assert tus.offset(place) == 1000
    assert content(served, stored(served, study, place)) == SHORT[:1000]


def test_another_type_is_refused(tus: Tus) -> None:
    place = tus.begun(len(SHORT))
    answer = tus.patch(place, 0, SHORT, **{"Content-Type": "audio/wav"})
    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_type")


def test_more_than_was_announced_is_refused(tus: Tus) -> None:
    place = tus.begun(10)
    answer = tus.patch(place, 0, SHORT)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert tus.offset(place) == 0


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_checksum_keeps_a_request_or_none_of_it(
    served: Served, study: Study, tus: Tus, algorithm: str
) -> None:
    place = tus.begun(len(SHORT))
    right = base64.b64encode(hashlib.new(algorithm, SHORT).digest()).decode()
    flipped = SHORT[:-1] + bytes([SHORT[-1] ^ 1])
    answer = tus.patch(place, 0, flipped, **{"Upload-Checksum": f"{algorithm} {right}"})
    assert (answer.status_code, answer.json()["code"]) == (460, "checksum_mismatch")
    assert tus.offset(place) == 0
    assert tus.patch(place, 0, SHORT, **{"Upload-Checksum": "md5 AAAA"}).status_code == 400
    answer = tus.patch(place, 0, SHORT, **{"Upload-Checksum": f"{algorithm} {right}"})
    assert answer.status_code == 204
    assert content(served, stored(served, study, place)) == SHORT


def test_an_upload_that_is_taken_back_leaves_nothing(served: Served, tus: Tus) -> None:
    place = tus.begun(len(LONG))
    tus.patch(place, 0, LONG[:-1])
    assert blobs(served)
    assert tus.delete(place).status_code == 204
    assert blobs(served) == set()
    assert tus.client.head(place, headers=HEADERS).status_code == 404
    assert tus.patch(place, 0, LONG).status_code == 404


def test_nobody_else_goes_on_with_an_upload(served: Served, study: Study, tus: Tus) -> None:
    place = tus.begun(len(SHORT))
    served.asks = Principal("b" * 32, roles={study.id: Role.RESEARCHER})
    assert tus.client.head(place, headers=HEADERS).status_code == 404
    assert tus.patch(place, 0, SHORT).status_code == 404
    assert tus.delete(place).status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ANALYST])
def test_who_may_not_upload_is_told_so(served: Served, study: Study, tus: Tus, role: Role) -> None:
    served.be(role, study.id)
    assert tus.create(5).status_code == 403


def test_the_last_to_send_goes_on_and_bytes_are_never_mixed(
    served: Served, study: Study, tus: Tus
) -> None:
    place = tus.begun(len(LONG))
    first = Receiver(served.store, RunningHashes(), stored(served, study, place))
    first.write(b"\1" * PIECE_BYTES)
    second = Receiver(served.store, RunningHashes(), stored(served, study, place))
    first.write(b"\1" * 1000)
    with pytest.raises(Overtaken):
        first.flush()
    second.write(b"\2" * 1000)
    with pytest.raises(Overtaken):
        first.flush()
    second.flush()
    assert content(served, stored(served, study, place)) == b"\1" * PIECE_BYTES + b"\2" * 1000
    assert len(blobs(served)) == 2


def test_a_connection_that_breaks_off_loses_nothing_that_came(
    served: Served, study: Study, tus: Tus
) -> None:
    place = tus.begun(len(SHORT))
    receiver = Receiver(served.store, RunningHashes(), stored(served, study, place))
    receiver.write(SHORT[:777])
    receiver.flush()
    assert tus.offset(place) == 777


def test_what_a_killed_server_left_is_deleted_by_whoever_goes_on(
    served: Served, study: Study, tus: Tus, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tus.begun(len(LONG))
    tus.patch(place, 0, LONG[:1000])
    receiver = Receiver(served.store, RunningHashes(), stored(served, study, place))
    receiver.write(LONG[1000:2000])

    class Killed(BaseException):
        """As if the process ended between the bytes and their row."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("transcriber.storage.blobs.store.Staged.give_up", lambda _: None)
        patch.setattr(served.store.uploads, "keep", killed)
        with pytest.raises(Killed):
            receiver.flush()
    assert tus.offset(place) == 1000
    assert len(blobs(served)) == 2
    assert check_store(served.store, thorough=True, progress=lambda *_: None).unknown == ()
    tus.patch(place, 1000, LONG[1000:])
    upload = stored(served, study, place)
    assert content(served, upload) == LONG
    assert blobs(served) == {piece.id for piece in upload.pieces}


def age(store: Store) -> None:
    with store.database.write() as connection:
        connection.execute(update(UPLOAD).values(expires_at_ms=1))


def test_what_nobody_goes_on_with_is_swept(served: Served, tus: Tus) -> None:
    place = tus.begun(len(LONG))
    tus.patch(place, 0, LONG[:-1])
    assert sweep_uploads(served.store) == 0
    age(served.store)
    assert tus.client.head(place, headers=HEADERS).status_code == 404
    assert sweep_uploads(served.store) == 1
    assert blobs(served) == set()
    assert sweep_uploads(served.store) == 0


def test_workers_sweep_what_is_late(served: Served, tus: Tus, tmp_path: Path) -> None:
    tus.patch(tus.begun(len(SHORT)), 0, SHORT[:-1])
    age(served.store)
    worker = StepWorker(served.store, Scratch(tmp_path), lambda _: fake_engines())
    worker.sweep_uploads()
    assert blobs(served) == set()


def test_a_study_that_is_erased_takes_its_uploads_along(
    served: Served, study: Study, tus: Tus
) -> None:
    tus.patch(tus.begun(len(LONG)), 0, LONG[:-1])
    erase_study(served.store, study)
    assert blobs(served) == set()


def test_the_integrity_check_knows_what_is_arriving(served: Served, study: Study, tus: Tus) -> None:
    place = tus.begun(len(LONG))
    tus.patch(place, 0, LONG[:-1])
    whole = check_store(served.store, thorough=True, progress=lambda *_: None)
    assert (whole.is_whole, whole.files, whole.unknown) == (True, 3, ())
    served.store.blobs.delete(stored(served, study, place).pieces[1].id)
    assert len(check_store(served.store, thorough=True, progress=lambda *_: None).missing) == 1


def limited(folder: Path, limits: str) -> Served:
    config = folder / "own.yaml"
    config.write_text(f"uploads: {{{limits}}}\n")
    environment = {"TRANSCRIBER_HOME": str(folder), "TRANSCRIBER_CONFIG": str(config)}
    return Served(open_store(load_settings(environment)))


@pytest.mark.parametrize(
    ("limits", "status", "code"),
    [
        ("largest_gib: 0.00001", 413, "too_large"),
        ("study_gib: 0.0001", 413, "quota_full"),
        ("spare_gib: 1000000", 507, "disk_full"),
    ],
)
def test_what_has_no_room_is_refused_before_it_is_sent(
    tmp_path: Path, limits: str, status: int, code: str
) -> None:
    served = limited(tmp_path, limits)
    with served.store.database.write() as connection:
        study = served.store.studies.add(connection, "Breast-feeding", AGREED)
    served.be(Role.RESEARCHER, study.id)
    tus = Tus(served.client(), study.id)
    answer = tus.create(len(SHORT))
    if code == "quota_full":
        assert answer.status_code == 201
        answer = tus.create(len(SHORT))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_empty_file_is_told_at_once(tus: Tus) -> None:
    answer = tus.create(0)
    assert (answer.status_code, answer.json()["code"]) == (422, "empty")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("photo.wav", b"\xff\xd8\xff" + bytes(600), "not_sound"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:10,\n/etc/passwd\n" * 30, "not_sound"),
        ("archive.m4a", b"PK\x03\x04" + bytes(600), "not_sound"),
        ("talk.docx", b"RIFF" + bytes(600), "no_transcript"),
        ("talk.vtt", b"RIFF" + bytes(600), "no_transcript"),
        ("talk.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_word"),
    ],
)
def test_what_is_surely_no_recording_is_told_at_once_and_deleted(
    served: Served, tus: Tus, name: str, data: bytes, code: str
) -> None:
    place = tus.begun(len(data), name)
    answer = tus.patch(place, 0, data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert name not in answer.text
    assert blobs(served) == set()
    assert tus.client.head(place, headers=HEADERS).status_code == 404


def test_a_hash_is_not_told_before_all_is_there(served: Served, study: Study, tus: Tus) -> None:
    place = tus.begun(len(SHORT))
    with pytest.raises(TranscriberError, match="arrived in full"):
        with_hash(served.store, RunningHashes(), stored(served, study, place))
