"""The client against a real web server, and against services that are away for a moment."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.service.served_process import serving
from transcriber.client import Client, Progress, Refused
from transcriber.client.requests import PAUSES_S, Requests
from transcriber.domain.access import Principal, Role
from transcriber.sample import sample_audio
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.principals import allowed_scopes
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.tokens import create_token


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(load_settings({"TRANSCRIBER_HOME": str(tmp_path)}))


@pytest.fixture
def client(store: Store, tmp_path: Path) -> Iterator[Client]:
    account = create_account(store, NewAccount("ada@example.org", "Ada", begins_studies=True)).id
    who = Principal(account, roles={"0" * 32: Role.DATA_MANAGER}, begins_studies=True)
    _, token = create_token(store, who, "script", allowed_scopes(who), days=1)
    with serving({"TRANSCRIBER_HOME": str(tmp_path)}) as served, Client(served.url, token) as made:
        yield made


def test_a_script_makes_a_study_and_follows_a_recording(client: Client) -> None:
    roster = {"participants": [{"name": "Sarah Whitfield", "label": "P01"}]}
    study = client.create_study("Peer support", policies=["team"], roster=roster)
    assert [each.id for each in client.studies()] == [study.id]
    changed = client.change_study(study, name="Peer support 2026")
    assert (changed.name, changed.version) == ("Peer support 2026", 2)
    with pytest.raises(Refused) as refused:
        client.change_study(study, name="Too late")
    assert (refused.value.status, refused.value.code) == (412, "changed_meanwhile")
    kept = client.roster(study.id)
    assert kept.participants[0]["label"] == "P01"
    client.change_roster(study.id, kept.version, {"people": ["Helen"]})
    assert client.roster(study.id).people == ["Helen"]

    recording = client.upload(study.id, sample_audio(), kind="group", speakers="4")
    assert (recording.code, recording.state) == ("FG01", "waiting")
    with pytest.raises(Refused) as twice:
        client.upload(study.id, sample_audio(), kind="group")
    assert (twice.value.code, twice.value.recording_id) == ("already_there", recording.id)
    assert [each.id for each in client.recordings(study.id)] == [recording.id]
    assert list(client.recordings(study.id, states=["ready", "failed"])) == []

    seen: list[Progress] = []
    threading.Timer(2, client.cancel, (study.id, recording.id)).start()
    ended = client.wait(study.id, recording.id, seen.append)
    assert ended.state == "cancelled"
    assert [progress.state for progress in seen] == ["waiting", "cancelled"]
    assert client.retry(study.id, recording.id).state == "waiting"
    with pytest.raises(Refused) as hidden:
        client.transcript(study.id, recording.id)
    assert hidden.value.code == "not_allowed"
    assert list(client.releases(study.id)) == []
    with pytest.raises(Refused) as nothing:
        client.bundle(study.id, tool="nvivo")
    assert nothing.value.code == "nothing_released"
    client.erase(study.id, recording.id)
    client.erase_study(study.id)
    assert list(client.studies()) == []


def test_a_wrong_token_is_told_in_a_sentence(client: Client) -> None:
    url = str(client._http.base_url).removesuffix("/api/v1/")
    with Client(url, "wrong") as other, pytest.raises(Refused) as refused:
        list(other.studies())
    assert (refused.value.status, refused.value.code) == (401, "not_signed_in")
    assert refused.value.sentence.endswith(".")


def _requests(answer: Callable[[httpx.Request], httpx.Response]) -> tuple[Requests, list[float]]:
    slept: list[float] = []
    http = httpx.Client(base_url="http://service", transport=httpx.MockTransport(answer))
    return Requests(http, slept.append), slept


def test_what_is_away_for_a_moment_is_asked_again_with_the_same_key() -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx.ConnectError("away")
        return httpx.Response(503) if len(keys) == 2 else httpx.Response(201, json={"id": "a"})

    requests, slept = _requests(answer)
    assert requests.make("/studies", {}) == {"id": "a"}
    assert (len(keys), len(set(keys)), len(slept)) == (3, 1, 2)


def test_what_stays_away_is_told() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("secret detail")

    requests, slept = _requests(answer)
    with pytest.raises(Refused) as refused:
        requests.get("/studies")
    assert (refused.value.status, refused.value.code) == (0, "not_reached")
    assert "secret" not in refused.value.sentence
    assert len(slept) == len(PAUSES_S)


def test_an_answer_that_is_no_problem_is_told_as_such() -> None:
    requests, _ = _requests(lambda request: httpx.Response(404, text="<html>proxy</html>"))
    with pytest.raises(Refused) as refused:
        requests.get("/studies")
    assert (refused.value.status, refused.value.code) == (404, "unexpected")


def test_a_stream_that_breaks_off_is_taken_up_where_it_was() -> None:
    from transcriber.client.progress import follow

    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("Last-Event-ID"))
        number = len(asked)
        data = json.dumps({"number": number})
        return httpx.Response(
            200, text=f": ping\n\nid: {number}\nevent: recording\ndata: {data}\n\n"
        )

    http = httpx.Client(base_url="http://service", transport=httpx.MockTransport(answer))
    events = follow(http, "/progress", lambda _: None)
    assert [next(events)[2]["number"] for _ in range(3)] == [1, 2, 3]
    assert asked == [None, "1", "2"]
