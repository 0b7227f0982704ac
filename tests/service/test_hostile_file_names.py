"""A hundred hostile file names: kept as they are, used as nothing, repeated nowhere."""

import re
from pathlib import Path

import pytest

from tests.service.apps import serve_in
from tests.service.tus import Tus
from tests.stores import AGREED
from transcriber.domain.access import Role

pytestmark = pytest.mark.slow

TRICKS = (
    "../../etc/passwd",
    "..\\..\\windows\\system32\\config",
    "/etc/shadow",
    "C:\\autoexec.bat",
    "%2e%2e%2fetc%2fpasswd",
    "....//....//etc/passwd",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "'; DROP TABLE recording; --",
    "$(touch struck)",
    "`touch struck`",
    "| touch struck",
    "{{ 7 * 7 }}",
    "${jndi:ldap://x}",
    "\0hidden",
    "line\r\nSet-Cookie: struck=1",
    "\u202egnp",
    "\ud83d\ude00",
    "CON",
)
SHAPES = ("{}.wav", "Zebedee {}", "{0}{0}{0}{0}{0}{0}{0}{0}", ".{}", " {} ")
NAMES = [
    shape.format(trick).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for trick in TRICKS
    for shape in SHAPES
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("service")


def test_a_file_name_is_kept_sealed_and_nothing_else_is_done_with_it(folder: Path) -> None:
    served = serve_in(folder / "home")
    with served.store.database.write() as connection:
        study = served.store.studies.add(connection, "Study", AGREED)
    served.be(Role.RESEARCHER, study.id)
    tus = Tus(served.client(), study.id)
    path = f"/api/v1/studies/{study.id}/recordings"
    assert len(set(NAMES)) == 100
    for number, name in enumerate(NAMES):
        data = b"RIFF\0\0\0\0WAVE" + number.to_bytes(4, "big") + bytes(100)
        begun = tus.create(len(data), name)
        assert begun.status_code == 201
        place = begun.headers["location"]
        sent = tus.patch(place, 0, data)
        made = tus.client.post(path, json={"kind": "group", "uploads": [place.rpartition("/")[2]]})
        assert made.status_code == 201, made.text
        again = tus.client.post(path, json={"kind": "group", "uploads": [tus.sent(data, name)]})
        assert again.json()["code"] == "already_there"
        for answer in (begun, sent, made, again):
            whole = answer.text + str(answer.headers)
            assert name not in whole
            assert "set-cookie" not in answer.headers
    with served.store.database.read() as connection:
        stored = served.store.recordings.all(connection, study)
    assert sorted(one.parts[0].file_name for one in stored) == sorted(name[:255] for name in NAMES)
    blobs = folder / "home" / "blobs"
    for one in folder.rglob("*"):
        if one.is_file() and one.is_relative_to(blobs):
            assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", str(one.relative_to(blobs)))
        assert not any(part in one.name for part in ("struck", "passwd", "Zebedee"))
    assert {one.name for one in folder.iterdir()} == {"home"}
