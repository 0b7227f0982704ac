"""Releases for coding tools: the latest of each recording that stands, written down for each."""

import csv
import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.service.signing import actions, made, signed
from transcriber.cli import main
from transcriber.domain.errors import UsageError
from transcriber.exports.presets import PRESETS
from transcriber.services.bundles import release_bundle, study_bundle, study_project
from transcriber.services.packaged_release import release_package
from transcriber.services.review.withdraw import withdraw
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("bundles")
    return open_store(load_settings({"TRANSCRIBER_HOME": str(folder)}))


def opened(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_latest_that_stands_is_given_and_each_is_written_down(
    store: Store, tmp_path: Path
) -> None:
    checked = made(store, tmp_path)
    study, actor = checked.study_id, checked.actor_id
    with pytest.raises(UsageError) as refused:
        study_bundle(store, actor, study)
    assert refused.value.code == "nothing_released"
    checked.all_passes()
    first = signed(checked)
    assert first is not None
    withdraw(store, actor, study, first, "a place was left in it")
    with pytest.raises(UsageError):
        study_project(store, actor, study)
    with pytest.raises(UsageError) as refused:
        release_bundle(store, actor, study, first, "nvivo")
    assert refused.value.code == "withdrawn"

    checked.withhold(5, 7)
    checked.read_all()
    second = signed(checked)
    assert second is not None
    before = actions(store)
    bundle = study_bundle(store, actor, study)
    assert bundle == study_bundle(store, actor, study)
    assert actions(store)[len(before) :] == ["exported", "exported"]
    files = opened(bundle.data)
    assert {"docx/FG01.docx", "txt/FG01.txt", "json/FG01.json", "attributes.csv"} < set(files)
    assert json.loads(files["json/FG01.json"])["release"]["signed"]
    assert "FG01 - checked by a person, release 2" in files["README.txt"].decode()
    rows = list(csv.DictReader(io.StringIO(files["attributes.csv"].decode())))
    assert [row["label"] for row in rows] == ["MOD", "P01", "P02"]
    assert rows[0]["kind"] == "group"
    for gone in (b"Quenilla", b"Whitfield", b"Garstang"):
        assert all(gone not in data for data in files.values())

    # What was downloaded is what the command line takes: as JSON, as a zip, as its folder. Each
    # tells which release it is, so the same files come of it.
    path, packed, folder = (tmp_path / name for name in ("r.json", "r.zip", "r"))
    path.write_bytes(files["json/FG01.json"])
    package = release_package(store, actor, study, second)
    packed.write_bytes(package.data)
    ZipFile(packed).extractall(folder)
    out = tmp_path / "out"
    for given in (packed, folder, path):
        assert main(["export", "--preset", "nvivo", "--out", str(out), str(given)]) == 0
        told = (out / "README.txt").read_text()
        assert "FG01 - checked by a person, release 2" in told
    # JSON stays a release: it says how it was checked, and is taken again.
    assert main(["export", "--format", "json", "--out", str(tmp_path / "j"), str(packed)]) == 0
    assert (tmp_path / "j" / "json" / "FG01.json").read_bytes() == files["json/FG01.json"]
    (folder / "methods.txt").write_text("We checked nothing.")
    assert main(["export", "--format", "txt", "--out", str(tmp_path / "n"), str(folder)]) == 1


def test_a_release_for_a_tool_has_the_formats_of_its_preset(store: Store, tmp_path: Path) -> None:
    checked = made(store, tmp_path)
    checked.all_passes()
    release = signed(checked)
    assert release is not None
    place = store, checked.actor_id, checked.study_id, release
    for tool, preset in PRESETS.items():
        file = release_bundle(*place, tool)
        assert file.name == f"FG01-v1-{tool}.zip"
        expected = {f"{key.replace('.', '-')}/FG01.{key}" for key in preset.formats}
        assert set(opened(file.data)) == {*expected, "README.txt", "attributes.csv"}
    for unknown, profile, code in (("word", "", "unknown_tool"), ("nvivo", "open", "not_found")):
        with pytest.raises(UsageError) as refused:
            release_bundle(*place, unknown, profile)
        assert refused.value.code == code
