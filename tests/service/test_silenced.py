"""The sound of what leaves, from a recording in which people have decided."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.listening import Heard, put_recording, spoken
from tests.service.apps import Served, serve_in
from transcriber.domain.access import Role
from transcriber.domain.edit import FindingRejected, IdentifierMarked, PassageWithheld
from transcriber.domain.finding import EntityType
from transcriber.domain.interval import Interval
from transcriber.engines.silencer import PyAvSilencer
from transcriber.services.review.decide import decide
from transcriber.services.review.silenced import Copy, silenced_copy, silenced_stretches
from transcriber.services.review.state import Review, review_of
from transcriber.services.studies import StudyDraft
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.releases import add_release

UNWRITTEN = Interval(23_200, 24_800)
SMEAR_MS = 160


class Decided:
    """A recording in which a name was marked and a passage withheld."""

    def __init__(self, folder: Path) -> None:
        self.served: Served = serve_in(folder / "home")
        self.study = self.served.begin(StudyDraft("Feeding"), Role.RESEARCHER)
        self.heard: Heard = put_recording(
            self.served.store, self.study, folder / "work", spoken(60_000)
        )
        self.decide(IdentifierMarked("w12", "w13", EntityType.PERSON))
        self.decide(IdentifierMarked("w33", "w33", EntityType.PERSON))
        self.decide(PassageWithheld("w45", "w54", "another person"))

    def decide(self, edit: IdentifierMarked | PassageWithheld | FindingRejected) -> None:
        assert self.served.asks is not None
        who = self.served.asks.account_id
        seen = self.review.number
        decide(self.served.store, who, self.study.id, self.heard.id, [edit], seen)

    @property
    def review(self) -> Review:
        return review_of(self.served.store, self.study.id, self.heard.id)

    def copy(self, speaker: str | None = None) -> NDArray[np.float64]:
        if speaker is None:
            release(self)
        made = silenced_copy(
            self.served.store,
            "a" * 32,
            (self.study.id, self.heard.id),
            PyAvSilencer(),
            Copy(speaker),
        )
        with av.open(io.BytesIO(made)) as container:
            frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
        return np.concatenate(frames).astype(np.float64) * 32_768


@pytest.fixture
def decided(tmp_path: Path) -> Decided:
    return Decided(tmp_path)


def level(heard: NDArray[np.float64], start_ms: int, end_ms: int) -> float:
    return float(np.abs(heard[(start_ms + SMEAR_MS) * 16 : (end_ms - SMEAR_MS) * 16]).max())


def test_what_does_not_leave_is_not_heard(decided: Decided) -> None:
    stretches = silenced_stretches(decided.review)
    words = decided.heard.transcript.words
    for first, last in ((12, 13), (33, 33), (45, 54)):
        start_ms, end_ms = words[first].start_ms, words[last].end_ms
        assert any(s.start_ms < start_ms and end_ms < s.end_ms for s in stretches)
    heard = decided.copy()
    assert level(heard, words[12].start_ms, words[13].end_ms) < 64
    assert level(heard, words[45].start_ms, words[54].end_ms) < 64
    assert level(heard, UNWRITTEN.start_ms, UNWRITTEN.end_ms) < 64
    assert level(heard, words[15].start_ms, words[19].end_ms) > 1_000
    assert level(heard, words[60].start_ms, words[69].end_ms) > 1_000


def test_what_was_rejected_is_heard(decided: Decided) -> None:
    decided.decide(FindingRejected("w12", "w13"))
    words = decided.heard.transcript.words
    assert level(decided.copy(), words[11].start_ms, words[15].end_ms) > 1_000


def test_a_participant_hears_their_own_turns_only(decided: Decided) -> None:
    heard = decided.copy("S2")
    words = decided.heard.transcript.words
    for number, segment in enumerate(decided.heard.transcript.segments):
        start_ms, end_ms = words[segment.first_word].start_ms, words[segment.last_word].end_ms
        loud = level(heard, start_ms, end_ms)
        is_theirs = segment.speaker == "S2"
        assert loud > 1_000 if is_theirs and number != 4 else loud < 64 or is_theirs


def test_all_voices_leave_once_signed_off_and_each_copy_is_written_down(decided: Decided) -> None:
    at, client = f"{decided.heard.place}/silenced-copy", decided.served.client()
    answer = client.post(at, json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_signed_off")
    answer = client.post(at, json={"speaker": "S9"})
    assert answer.json()["code"] == "unknown_voice"
    before = exports(decided)
    answer = client.post(at, json={"speaker": "S2", "fill": "tone"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/mp4")
    assert exports(decided) == before + 1
    release(decided)
    answer = client.post(at, json={})
    assert answer.status_code == 200
    assert len(answer.content) > 10_000
    decided.served.be(Role.ANALYST, decided.study.id)
    assert client.post(at, json={}).status_code == 403


def exports(decided: Decided) -> int:
    with decided.served.store.database.read() as connection:
        return [event.action for _, event in events(connection)].count("exported")


def release(decided: Decided) -> None:
    """Sign the recording off, as far as its state goes."""
    store = decided.served.store
    with store.database.read() as connection:
        key = store.keyring.recording(connection, decided.heard.id)
    with store.blobs.staged() as staged:
        blob = staged.put_bytes(key, decided.heard.id, Purpose.RELEASE, b"{}")
        with store.database.write() as connection:
            add_blobs(connection, [blob])
            add_release(connection, decided.review.stored.id, blob, None)
