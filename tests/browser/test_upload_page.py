"""The page on which recordings are added, in Chromium, against a server of its own process."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page, Route, expect, sync_playwright

from tests.browser.drops import drop
from tests.browser.player import FLAGS
from tests.service.serving import Server, serving
from tests.stores import AGREED
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.studies import Study

pytestmark = pytest.mark.slow

MIB = 1 << 20
HOSTILE = [
    "<img src=x onerror=document.title='struck'>.wav",
    "\"><script>document.title='struck'</script>.wav",
    "a\\..\\..\\etc\\passwd.wav",
    "'; DROP TABLE recording; --.wav",
    "{{ 7 * 7 }} ${7*7}.wav",
    "\u202egnp.wav",
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(load_settings({"TRANSCRIBER_HOME": str(tmp_path / "home")}))


@pytest.fixture
def study(store: Store) -> Study:
    with store.database.write() as connection:
        return store.studies.add(connection, "Breast-feeding", AGREED)


@pytest.fixture
def server(study: Study, tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "home", study.id) as server:
        yield server


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.set_default_timeout(60_000)
        yield page
        browser.close()
        unforeseen = [said for said in wrong if "Failed to load resource" not in said]
        assert unforeseen == []


def sound(seed: int, size: int = 100_000) -> bytes:
    return b"RIFF\0\0\0\0WAVE" + Random(seed).randbytes(size)


def write(folder: Path, files: dict[str, bytes]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def opened(page: Page, server: Server) -> Page:
    page.goto(f"{server.url}/studies/{server.study_id}/upload")
    return page


def recordings(store: Store, study: Study) -> list[StoredRecording]:
    with store.database.read() as connection:
        return list(store.recordings.all(connection, study))


def test_files_that_are_dropped_become_a_recording_each(
    page: Page, server: Server, store: Store, study: Study
) -> None:
    opened(page, server)
    files = {f"Interview {number}.wav": sound(number) for number in range(1, 6)}
    drop(page, files)
    expect(page.get_by_role("link", name=re.compile(r"^INT0\d$"))).to_have_count(5)
    expect(page.locator("#told")).to_have_text("5 of 5 files stored.")
    stored = recordings(store, study)
    assert {(one.parts[0].file_name, one.parts[0].sha256) for one in stored} == {
        (name, hashlib.sha256(data).hexdigest()) for name, data in files.items()
    }
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('upload'))") == []
    )


def test_files_of_one_focus_group_become_its_parts_in_the_order_of_their_names(
    page: Page, server: Server, store: Store, study: Study, tmp_path: Path
) -> None:
    opened(page, server)
    page.get_by_label("Focus groups").check()
    page.get_by_label("parts of one recording").check()
    page.get_by_label("How many people speak?").fill("4-6")
    files = {f"Part {number}.wav": sound(number) for number in (10, 2, 1)}
    page.get_by_label("Files", exact=True).set_input_files(write(tmp_path / "files", files))
    expect(page.get_by_role("link", name="FG01")).to_have_count(3)
    (stored,) = recordings(store, study)
    assert [part.file_name for part in stored.parts] == ["Part 1.wav", "Part 2.wav", "Part 10.wav"]
    assert (stored.recording.speakers.minimum, stored.recording.speakers.maximum) == (4, 6)


def test_an_upload_goes_on_after_the_page_was_loaded_again(
    page: Page, server: Server, store: Store, study: Study, tmp_path: Path
) -> None:
    (path,) = write(tmp_path / "files", {"Zebedee Quillfeather.wav": sound(1, 20 * MIB)})
    opened(page, server)
    sent: list[int] = []

    def cut(route: Route) -> None:
        offset = int(route.request.headers["upload-offset"])
        sent.append(offset)
        if offset < 16 * MIB:
            route.continue_()

    page.route("**/uploads/*", lambda route: cut(route) if is_patch(route) else route.continue_())
    choose = page.get_by_label("Files", exact=True)
    choose.set_input_files(path)
    expect(page.locator("[data-part=share]").first).to_have_text("79 %")
    assert "Quillfeather" not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    expect(page.get_by_text("1 file is not here in full yet.")).to_be_visible()
    # Not before: what was held would go on to the server and leave nothing to send again.
    page.unroute_all(behavior="ignoreErrors")
    again: list[int] = []
    page.on(
        "request",
        lambda asked: (
            again.append(int(asked.headers["upload-offset"])) if asked.method == "PATCH" else None
        ),
    )
    page.get_by_label("Files", exact=True).set_input_files(path)
    expect(page.get_by_role("link", name="INT01")).to_be_visible()
    assert again
    assert min(again) >= 16 * MIB
    (stored,) = recordings(store, study)
    assert stored.parts[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def is_patch(route: Route) -> bool:
    return route.request.method == "PATCH"


def test_a_server_that_is_killed_is_waited_for(
    page: Page, server: Server, store: Store, study: Study, tmp_path: Path
) -> None:
    (path,) = write(tmp_path / "files", {"a.wav": sound(2, 20 * MIB)})
    opened(page, server)
    killed: list[bool] = []

    def kill_once(route: Route) -> None:
        if is_patch(route) and not killed and route.request.headers["upload-offset"] != "0":
            killed.append(True)
            server.kill()
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/*", kill_once)
    page.get_by_label("Files", exact=True).set_input_files(path)
    expect(page.get_by_text("Connection lost")).to_be_visible()
    server.start()
    expect(page.get_by_role("link", name="INT01")).to_be_visible()
    assert killed
    (stored,) = recordings(store, study)
    assert stored.parts[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_upload_is_paused_and_goes_on(
    page: Page, server: Server, store: Store, study: Study, tmp_path: Path
) -> None:
    (path,) = write(tmp_path / "files", {"a.wav": sound(3, 20 * MIB)})
    opened(page, server)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if is_patch(route) and route.request.headers["upload-offset"] != "0":
            held.append(route)
        else:
            route.continue_()

    page.route("**/uploads/*", hold)
    page.get_by_label("Files", exact=True).set_input_files(path)
    expect(page.locator("[data-part=share]").first).to_have_text("39 %")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("link", name="INT01")).to_be_visible()
    assert len(recordings(store, study)) == 1


def test_what_is_no_recording_is_told_in_words_and_the_others_go_on(
    page: Page, server: Server, store: Store, study: Study, tmp_path: Path
) -> None:
    files = {"a.wav": sound(4), "empty.wav": b"", "photo.wav": b"\xff\xd8\xff" + bytes(1000)}
    opened(page, server)
    page.get_by_label("Files", exact=True).set_input_files(write(tmp_path / "files", files))
    expect(page.get_by_role("link", name="INT01")).to_be_visible()
    expect(page.get_by_text("This file is empty.")).to_be_visible()
    expect(page.get_by_text("This file does not hold a recording")).to_be_visible()
    page.get_by_label("Files", exact=True).set_input_files(tmp_path / "files" / "a.wav")
    expect(page.get_by_text("of the same content already")).to_be_visible()
    assert len(recordings(store, study)) == 1


def test_no_file_name_is_anything_but_text(
    page: Page, server: Server, store: Store, study: Study, tmp_path: Path
) -> None:
    opened(page, server)
    title = page.title()
    drop(page, {name: sound(number) for number, name in enumerate(HOSTILE)})
    expect(page.get_by_role("link", name=re.compile(r"^INT0\d$"))).to_have_count(len(HOSTILE))
    assert page.title() == title
    assert page.locator("#files img, #files script").count() == 0
    for name in HOSTILE:
        expect(page.get_by_text(name, exact=True).first).to_be_attached()
    assert {one.parts[0].file_name for one in recordings(store, study)} == set(HOSTILE)
    outside = [path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "home")]
    assert outside == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_are_for_everybody(
    page: Page, server: Server, study: Study, tmp_path: Path, theme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    opened(page, server)
    files = {"a.wav": sound(5), "empty.wav": b""}
    page.get_by_label("Files", exact=True).set_input_files(write(tmp_path / "files", files))
    expect(page.get_by_role("link", name="INT01")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.goto(f"{server.url}/before-recording")
    assert Axe().run(page).violations_count == 0
