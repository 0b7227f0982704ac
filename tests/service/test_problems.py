"""What goes wrong is answered with a code and a sentence of ours, never with what was sent."""

from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, Query
from fastapi.testclient import TestClient

from tests.service.apps import serve_in
from transcriber.api.needs import Needs
from transcriber.domain.access import Permission, Principal
from transcriber.domain.errors import StorageError

SENT = "Zebedee-Quillfeather"
router = APIRouter()


@router.get("/number")
def number(
    wanted: Annotated[int, Query()], _: Annotated[Principal, Needs(Permission.ANYBODY)]
) -> int:
    return wanted


@router.get("/defect")
def defect(said: str, _: Annotated[Principal, Needs(Permission.ANYBODY)]) -> str:
    raise ValueError(said)


@router.get("/full")
def full(_: Annotated[Principal, Needs(Permission.ANYBODY)]) -> str:
    raise StorageError("disk_full", "The disk is full.")


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    served = serve_in(tmp_path)
    served.app.include_router(router)
    return TestClient(served.app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/number?wanted={SENT}", 422, "not_valid"),
        (f"/number?{SENT}=1", 422, "not_valid"),
        (f"/defect?said={SENT}", 500, "defect"),
        (f"/{SENT}", 404, "not_found"),
        ("/full", 507, "disk_full"),
    ],
)
def test_a_problem_repeats_nothing(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert SENT not in answer.text


def test_a_wrong_method_says_which_are_right(client: TestClient) -> None:
    answer = client.post("/full")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
