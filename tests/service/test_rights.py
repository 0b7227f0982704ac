"""Documents and a participant's file, as pages, interface and command line give them."""

import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient

from tests.checked import Checked
from tests.service.people import signed_in
from tests.service.signing import made
from transcriber.cli.parser import build_parser
from transcriber.exports.rights.document import DOCUMENTS
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.studies import show_study
from transcriber.web.app import make_app


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder: Path = tmp_path_factory.mktemp("rights")
    return made(open_store(load_settings({"TRANSCRIBER_HOME": str(folder / "home")})), folder)


@pytest.fixture(scope="module")
def client(checked: Checked) -> TestClient:
    client = TestClient(make_app(checked.store), base_url="https://testserver")
    client.headers.update(signed_in(checked.store, checked.actor_id))
    return client


@pytest.mark.parametrize("which", DOCUMENTS)
@pytest.mark.parametrize("kind", ["html", "txt"])
def test_a_document_names_nobody(
    checked: Checked, client: TestClient, which: str, kind: str
) -> None:
    place = f"/api/v1/studies/{checked.study_id}/documents/{which}"
    answer = client.get(place, params={"format": kind})
    assert answer.status_code == 200
    assert show_study(checked.store, checked.study_id).name in answer.text
    for private in ("Whitfield", "Greenwood", "Quenilla", "Ada", "@example.org", str(Path.home())):
        assert private not in answer.text
    assert str(checked.store.settings.data_folder) not in answer.text


def test_the_page_offers_documents_and_gives_the_file(checked: Checked, client: TestClient) -> None:
    place = f"/studies/{checked.study_id}/data-protection"
    page = client.get(place).text
    assert all(document.title in page for document in DOCUMENTS.values())
    file = client.post(place, data={"labels": "p01, FG1_P1"})
    with ZipFile(io.BytesIO(file.content)) as archive:
        assert sorted(archive.namelist()) == ["participant.html", "participant.json"]
    refused = client.post(place, data={"labels": "P77"})
    assert refused.status_code == 422
    assert "Nobody on the roster" in refused.text
    assert 'value="P77"' in refused.text


def test_the_command_line_writes_what_only_its_owner_may_read(
    checked: Checked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSCRIBER_HOME", str(checked.store.settings.data_folder))
    name = show_study(checked.store, checked.study_id).name
    zipped, text = tmp_path / "p.zip", tmp_path / "dpia.txt"
    for words in (
        ["study", "participant", name, "--label", "P01", "--out", str(zipped)],
        ["study", "dpia", name, "--out", str(text)],
        ["audit", "export", "--study", name, "--out", str(tmp_path / "audit.jsonl")],
    ):
        arguments = build_parser().parse_args(words)
        assert arguments.command(arguments) == 0
    assert zipped.stat().st_mode & 0o777 == 0o600
    assert text.read_text().startswith("Data-protection impact assessment")
    assert "participant_exported" in (tmp_path / "audit.jsonl").read_text()
