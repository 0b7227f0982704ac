"""Pages come from templates, their files from addresses that change with them, errors as pages."""

import re
from pathlib import Path

import pytest

from tests.service.apps import Served, serve_in
from transcriber.domain.access import Principal

HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve_in(tmp_path)


def signed_in(served: Served) -> Served:
    served.asks = Principal("a" * 32)
    return served


def test_files_of_a_page_may_be_kept_for_ever(served: Served) -> None:
    client = signed_in(served).client()
    text = client.get("/style").text
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', text)
    assert len(linked) >= 3
    for address in linked:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_file_of_another_version_is_not_there(served: Served) -> None:
    assert served.client().get("/static/0000000000000000/style.css").status_code == 404
    address = re.search(
        r'"(/static/[0-9a-f]+/)style.css"', signed_in(served).client().get("/style").text
    )
    assert address is not None
    assert served.client().get(f"{address[1]}..%2fapp.py").status_code == 404


def test_pages_have_no_script_and_no_style_inside(served: Served) -> None:
    text = signed_in(served).client().get("/style").text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert "http://" not in text
    assert "https://" not in text


def test_a_browser_that_is_not_signed_in_is_sent_to_sign_in_and_back(served: Served) -> None:
    answer = served.client().get("/style", headers=HTML, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/style")


def test_a_browser_is_told_problems_on_a_page_and_a_program_as_json(served: Served) -> None:
    client = signed_in(served).client()
    page = client.get("/nowhere-Quillfeather", headers=HTML)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1>Nothing here</h1>" in page.text
    assert "Quillfeather" not in page.text
    assert client.get("/nowhere").headers["content-type"] == "application/problem+json"
    of_the_interface = client.get("/api/v1/nowhere", headers=HTML)
    assert of_the_interface.headers["content-type"] == "application/problem+json"
