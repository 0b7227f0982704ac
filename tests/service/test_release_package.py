"""A release as one zip: the same bytes each time, and every change of it is found and named."""

import hashlib
import json
import subprocess
from pathlib import Path
from zipfile import ZipFile

import jsonschema
import pytest

from tests.checked import Checked
from tests.service.signing import made, signed_all
from transcriber.cli import main
from transcriber.domain.errors import InputError
from transcriber.exports.formats import FORMATS
from transcriber.exports.release_package import DIGEST, MANIFEST, unzipped
from transcriber.services.packaged_release import release_package
from transcriber.services.releases import release_file
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.verify_release import verify_release

SCHEMA = Path("transcriber/exports/schemas/release.schema.json")


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("packaged")
    store = open_store(load_settings({"TRANSCRIBER_HOME": str(folder)}))
    return made(store, folder, policies=("default", "open"))


@pytest.fixture(scope="module")
def release(checked: Checked) -> str:
    return signed_all(checked)


@pytest.fixture(scope="module")
def data(checked: Checked, release: str) -> bytes:
    return release_package(checked.store, checked.actor_id, checked.study_id, release).data


@pytest.fixture
def path(data: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "FG01-v1.zip"
    path.write_bytes(data)
    return path


@pytest.fixture
def folder(path: Path, tmp_path: Path) -> Path:
    with ZipFile(path) as archive:
        archive.extractall(tmp_path / "FG01")
    return tmp_path / "FG01"


def faults(path: Path) -> dict[str, str]:
    found = verify_release(path)
    assert not found.is_whole
    return {fault.name: fault.change.value for fault in found.checked.faults}


def test_it_has_all_formats_and_is_the_same_each_time(
    checked: Checked, release: str, data: bytes
) -> None:
    place = checked.store, checked.actor_id, checked.study_id, release
    again = release_package(*place)
    assert again.data == data
    assert again.name == "FG01-v1.zip"
    files = unzipped(data).files
    formats = {f"FG01-v1.{kind}" for kind in FORMATS}
    assert set(files) == {*formats, MANIFEST, DIGEST, "methods.txt", "provenance.html"}
    for kind in FORMATS:
        assert files[f"FG01-v1.{kind}"] == release_file(*place, kind).data


def test_a_profile_has_a_package_of_its_own(
    checked: Checked, release: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = checked.store, checked.actor_id, checked.study_id, release
    other = release_package(*place, "open")
    assert other.name == "FG01-v1-open.zip"
    manifest = json.loads(unzipped(other.data).files[MANIFEST])
    assert (manifest["profile"], manifest["checked"]["policy"]["name"]) == ("open", "open")
    further = path.with_name(other.name)
    further.write_bytes(other.data)
    assert main(["release", "changes", str(path), str(further)]) == 1
    assert "texts by different rules" in capsys.readouterr().err


def test_the_manifest_follows_its_schema_and_tells_what_is_in_it(
    checked: Checked, release: str, data: bytes
) -> None:
    files = unzipped(data).files
    manifest = json.loads(files[MANIFEST])
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(manifest)
    assert manifest["id"] == release
    for entry in manifest["files"]:
        content = files[entry["name"]]
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    signed = manifest["checked"]["signed"]
    assert [(each["account"], each["role"]) for each in signed] == [(checked.actor_id, "lead")]


def test_whole_ones_pass_as_zip_and_as_folder(path: Path, folder: Path) -> None:
    assert verify_release(path).is_whole
    assert verify_release(folder).is_whole
    assert verify_release(path).digest == verify_release(folder).digest
    assert main(["release", "verify", str(path), str(folder)]) == 0


def test_sha256sum_agrees(folder: Path) -> None:
    done = subprocess.run(["sha256sum", "--check", DIGEST], cwd=folder, check=False)
    assert done.returncode == 0


def test_every_changed_file_is_named(folder: Path) -> None:
    for each in sorted(folder.iterdir()):
        before = each.read_bytes()
        for at in (0, len(before) // 2, len(before) - 1):
            changed = bytearray(before)
            changed[at] ^= 0x01
            each.write_bytes(changed)
            try:
                assert each.name in faults(folder)
            except InputError:
                assert each.name == MANIFEST  # so broken that it is no manifest any more
        each.write_bytes(before)
    assert verify_release(folder).is_whole


def test_what_is_missing_or_added_is_named(folder: Path) -> None:
    (folder / "FG01-v1.txt").unlink()
    (folder / "notes.txt").write_text("mine")
    assert faults(folder) == {"FG01-v1.txt": "missing", "notes.txt": "added"}
    (folder / DIGEST).unlink()
    assert faults(folder)[DIGEST] == "missing"


def test_any_changed_byte_of_the_zip_is_found(path: Path, data: bytes) -> None:
    """Also where no file is another by it: dates, comments and lengths of the zip itself."""
    for at in {*range(0, len(data), 97), *range(len(data) - 400, len(data))}:
        changed = bytearray(data)
        changed[at] ^= 0x01
        path.write_bytes(changed)
        assert not _is_whole(path), at
    for more in (data + b"more", b"more" + data):
        path.write_bytes(more)
        assert not _is_whole(path)


def _is_whole(path: Path) -> bool:
    try:
        return verify_release(path).is_whole
    except InputError:
        return False


def test_a_changed_byte_within_the_zip_names_its_file(path: Path, data: bytes) -> None:
    for name in ("FG01-v1.docx", "FG01-v1.json", "methods.txt", "provenance.html"):
        changed = bytearray(data)
        changed[data.index(unzipped(data).files[name]) + 50] ^= 0x01
        path.write_bytes(changed)
        assert faults(path) == {name: "changed"}


def test_a_zip_that_was_packed_anew_is_told(path: Path, folder: Path) -> None:
    with ZipFile(path, "w") as archive:
        for each in sorted(folder.iterdir()):
            archive.write(each, each.name)
    found = verify_release(path)
    assert (found.checked.faults, found.repacked, found.is_whole) == ((), True, False)


def test_the_command_says_one_line_each_and_names_the_file(
    path: Path, folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (folder / "FG01-v1.docx").write_bytes(b"other")
    nothing = tmp_path / "nothing.zip"
    nothing.write_bytes(b"PK")
    arguments = ["release", "verify", str(path), str(folder), str(nothing)]
    assert main(arguments) == 1
    whole, changed, none = capsys.readouterr().out.splitlines()
    assert f"FG01, version 1, is whole: {len(FORMATS) + 2} files, " in whole
    assert changed.endswith("FG01-v1.docx was changed.")
    assert "no release" in none
    assert main([*arguments, "--json"]) == 1
    entries = json.loads(capsys.readouterr().out)["releases"]
    assert [each["whole"] for each in entries] == [True, False, False]
    assert entries[1]["faults"] == [{"file": "FG01-v1.docx", "change": "changed"}]
