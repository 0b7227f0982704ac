"""The copy to listen to, through the interface: parts of it, its outline, who speaks."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.listening import Heard, put_recording, spoken
from tests.service.apps import Served, serve_in
from transcriber.domain.access import Role
from transcriber.services.studies import StudyDraft
from transcriber.storage.blobs.framing import CHUNK_BYTES
from transcriber.storage.database.audit_events import events

LENGTH_MS = 420_000
"""Seven minutes, so that the copy has several chunks."""


@dataclass
class Place:
    """An app with a recording that can be heard."""

    served: Served
    heard: Heard
    client: TestClient

    def audio(self, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.get(f"{self.heard.place}/audio", headers=sent)
        return answer.status_code, answer.content, dict(answer.headers)

    def played(self) -> int:
        with self.served.store.database.read() as connection:
            return [event.action for _, event in events(connection)].count("played")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("sound")
    served = serve_in(folder / "home")
    study = served.begin(StudyDraft("Feeding"), Role.RESEARCHER)
    heard = put_recording(served.store, study, folder / "work", spoken(LENGTH_MS))
    assert len(heard.copy) > 2 * CHUNK_BYTES
    return Place(served, heard, served.client())


def test_the_whole_copy_is_what_was_made_and_no_cache_keeps_it(place: Place) -> None:
    status, body, headers = place.audio()
    assert (status, body) == (200, place.heard.copy)
    assert headers["content-type"] == "audio/mp4"
    assert headers["accept-ranges"] == "bytes"
    assert headers["content-length"] == str(len(body))
    assert headers["cache-control"] == "no-store"


SIZE_LESS = CHUNK_BYTES - 7
RANGES = {
    "bytes=0-": (0, None),
    "bytes=0-0": (0, 1),
    "bytes=0-1": (0, 2),
    "bytes=100-299": (100, 300),
    f"bytes={SIZE_LESS}-{CHUNK_BYTES + 6}": (SIZE_LESS, CHUNK_BYTES + 7),
    f"bytes={CHUNK_BYTES}-{2 * CHUNK_BYTES - 1}": (CHUNK_BYTES, 2 * CHUNK_BYTES),
    f"bytes={2 * CHUNK_BYTES}-": (2 * CHUNK_BYTES, None),
    "bytes=5-99999999999999999999999": (5, None),
    "bytes=-1": (-1, None),
    "bytes=-70000": (-70_000, None),
    "bytes=-99999999999999999999999": (0, None),
    "Bytes = 3 - 4": (3, 5),
}


@pytest.mark.parametrize("asked", RANGES)
def test_a_part_is_those_bytes(place: Place, asked: str) -> None:
    first, end = RANGES[asked]
    status, body, headers = place.audio(range=asked)
    copy = place.heard.copy
    assert (status, body) == (206, copy[first:end])
    start = first % len(copy) if first else 0
    told = f"bytes {start}-{start + len(body) - 1}/{len(copy)}"
    assert headers["content-range"] == told
    assert headers["content-length"] == str(len(body))


@pytest.mark.parametrize("asked", ["bytes={size}-", "bytes=99999999999-", "bytes=-0"])
def test_beyond_the_end_there_is_nothing(place: Place, asked: str) -> None:
    status, body, headers = place.audio(range=asked.format(size=len(place.heard.copy)))
    assert (status, body) == (416, b"")
    assert headers["content-range"] == f"bytes */{len(place.heard.copy)}"


@pytest.mark.parametrize(
    "asked", ["bytes=-", "bytes=5-2", "bytes=0-1,4-5", "lines=0-1", "bytes", "bytes=a-b", ""]
)
def test_what_is_no_range_or_several_gives_all(place: Place, asked: str) -> None:
    status, body, _ = place.audio(range=asked)
    assert (status, len(body)) == (200, len(place.heard.copy))


def test_a_part_of_another_file_is_never_given(place: Place) -> None:
    mark = place.audio(range="bytes=0-0")[2]["etag"]
    assert place.audio(range="bytes=2-3", if_range=mark)[0] == 206
    for other in ('"other"', f"W/{mark}", "Wed, 25 Nov 2026 10:00:00 GMT"):
        status, body, _ = place.audio(range="bytes=2-3", if_range=other)
        assert (status, len(body)) == (200, len(place.heard.copy))


def test_nothing_of_the_sound_lies_on_a_disk_in_the_clear(place: Place) -> None:
    place.audio()
    home = place.served.store.settings.data_folder
    piece = place.heard.copy[-70_000:-69_000]
    files = [path for path in Path(home).rglob("*") if path.is_file()]
    assert files
    assert not any(piece in path.read_bytes() for path in files)


def test_a_sitting_is_written_down_once(place: Place) -> None:
    before = place.played()
    place.served.be(Role.REVIEWER, place.heard.study.id)
    for start in range(0, 1_000, 100):
        assert place.audio(range=f"bytes={start}-{start + 99}")[0] == 206
    assert place.played() == before + 1


def test_the_outline_comes_as_fine_as_asked(place: Place) -> None:
    at = f"{place.heard.place}/peaks"
    whole = place.client.get(at, params={"pairs": 1_000}).json()
    assert 500 < whole["length"] <= 1_000
    assert len(whole["data"]) == 2 * whole["length"]
    ms_per_pair = whole["samples_per_pixel"] / whole["sample_rate"] * 1_000
    assert whole["length"] * ms_per_pair == pytest.approx(LENGTH_MS, abs=2 * ms_per_pair)
    near = place.client.get(at, params={"start_ms": 1_000, "end_ms": 7_000, "pairs": 8_000}).json()
    assert near["samples_per_pixel"] == 512  # the finest: 32 ms
    loud = [max(abs(low), abs(high)) for low, high in zip(*[iter(near["data"])] * 2, strict=True)]
    assert min(loud[2:120]) > 10 * max(loud[130:180])  # four seconds of talk, then a pause
    assert place.client.get(at, params={"start_ms": LENGTH_MS + 1}).json()["data"] == []
    assert place.client.get(at, params={"pairs": 0}).status_code == 422


def test_lanes_say_who_speaks_when_and_hold_no_words(place: Place) -> None:
    answer = place.client.get(f"{place.heard.place}/lanes")
    assert "word" not in answer.text.replace("without_words", "")
    lanes = answer.json()
    assert [voice["label"] for voice in lanes["voices"]] == ["INT", "P01", "P02"]
    assert lanes["turns"][1] == [7_000, 11_000, 1, 0, "w10"]
    assert len(lanes["turns"]) == len(place.heard.transcript.segments)
    (gap,) = lanes["without_words"]
    assert gap == [23_200, 24_800]
    # Talk without words is never skipped: here it joins what lies around it.
    assert [19_000, 29_000] in lanes["speech"]


def test_a_recording_without_sound_says_so(place: Place) -> None:
    from tests.stores import SOUND
    from transcriber.domain.recording import Kind
    from transcriber.services.submit import Submission, submit

    store = place.served.store
    path = store.settings.data_folder / "new.wav"
    path.write_bytes(SOUND)
    made = submit(store, place.heard.study, Submission((path,), Kind.GROUP))
    path.unlink()
    at = f"/api/v1/studies/{place.heard.study.id}/recordings/{made.stored.id}"
    for what in ("audio", "peaks"):
        answer = place.client.get(f"{at}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (409, "no_sound_yet")
    assert place.client.get(f"{at}/lanes").json()["code"] == "not_ready"


def test_a_recording_of_another_study_is_not_there(place: Place) -> None:
    asks = place.served.asks
    other = place.served.begin(StudyDraft("Other"), Role.RESEARCHER)
    at = f"/api/v1/studies/{other.id}/recordings/{place.heard.id}"
    for what in ("audio", "peaks", "lanes"):
        assert place.client.get(f"{at}/{what}").status_code == 404
    place.served.asks = asks


@pytest.mark.parametrize("role", [Role.DATA_MANAGER, Role.ANALYST])
def test_who_may_not_hear_hears_nothing(place: Place, role: Role) -> None:
    asks = place.served.asks
    place.served.be(role, place.heard.study.id)
    for what in ("audio", "peaks", "lanes"):
        answer = place.client.get(f"{place.heard.place}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    place.served.asks = asks
    assert json.loads(answer.content)["status"] == 403
