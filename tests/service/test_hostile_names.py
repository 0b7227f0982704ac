"""One hundred hostile texts in every name field: kept as they are, echoed nowhere, run nowhere."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.service.apps import Served, serve_in
from tests.service.hostile import HOSTILE
from transcriber.domain.access import Principal, Role

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "home"


@pytest.fixture(scope="module")
def served(home: Path) -> Served:
    served = serve_in(home)
    served.asks = Principal(served.somebody(), begins_studies=True)
    return served


def _files(home: Path) -> set[Path]:
    return {path for path in home.parent.rglob("*") if path.is_file()}


def _roster(text: str) -> dict[str, Any]:
    return {
        "participants": [
            {"name": f"P {text}", "aliases": [f"a {text}"], "pronoun": f"they {text}"}
        ],
        "people": [f"b {text}"],
        "places": [f"c {text}"],
        "organisations": [f"d {text}"],
        "keep": [f"e {text}"],
    }


def _single_spaced(value: Any) -> Any:
    """A roster keeps words; how many spaces stood between them it does not."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {name: _single_spaced(inner) for name, inner in value.items() if inner is not None}
    return [_single_spaced(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_kept_as_it_is(served: Served, home: Path, text: str) -> None:
    client, before = served.client(), _files(home)
    name = f"Study {text}"
    made = client.post("/api/v1/studies", json={"name": name, "roster": _roster(text)})
    assert made.status_code == 201, made.text
    assert served.asks is not None
    study_id = made.json()["id"]
    served.asks = Principal(
        served.asks.account_id, roles={study_id: Role.DATA_MANAGER}, begins_studies=True
    )
    place = f"/api/v1/studies/{study_id}"
    assert client.get(place).json()["name"] == name
    kept = _single_spaced(client.get(f"{place}/roster").json())
    assert kept == _single_spaced(_roster(text))
    assert "content-type" in made.headers
    assert made.headers["content-type"].startswith("application/json")
    assert _files(home) - before <= {
        home / "transcriber.sqlite-wal",
        home / "transcriber.sqlite-shm",
    }
    _is_not_echoed(client, place, text)


def _is_not_echoed(client: TestClient, place: str, text: str) -> None:
    """Send the text where it cannot be taken, and look for it in what is answered."""
    refused = [
        client.post("/api/v1/studies", json={"name": f"Study {text}"}),  # the name is taken
        client.post("/api/v1/studies", json={"name": "a", "policies": [text]}),
        client.post("/api/v1/studies", json={"name": "a", text: 1}),
        client.post("/api/v1/studies", json={"name": "a", "terms": {"hand_off": [text]}}),
        client.put(f"{place}/roster", json={}, headers={b"If-Match": text.encode()}),
        client.get(f"{place}/recordings", params={"cursor": text, "state": text}),
        client.get(f"{place}/recordings/{'x'}", params={text: text}),
        client.post(
            "/api/v1/studies",
            json={
                "name": "a",
                "roster": {"participants": [{"name": f"P {text}", "label": f"[{text}]:"}]},
            },
        ),
    ]
    for answer in refused:
        assert 400 <= answer.status_code < 500, answer.text
        assert text not in answer.text
        assert answer.headers["content-type"] == "application/problem+json"
