"""Releases are brought where a study wants them: whole, once, again after a failure, recalled."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from tests.buckets import BucketServer
from tests.checked import Checked
from tests.service.signing import actions, made, signed_all
from transcriber.domain.consent import Answer, Consent
from transcriber.domain.errors import UsageError
from transcriber.services.consent.book import put_consents
from transcriber.services.hand_off.addresses import open_place
from transcriber.services.hand_off.bring import hand_off_due
from transcriber.services.hand_off.destinations import (
    add_destination,
    list_destinations,
    remove_destination,
    retry_destination,
)
from transcriber.services.releases import list_releases
from transcriber.services.review.withdraw import withdraw
from transcriber.services.settings import HandOffSettings, load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.verify_release import verify_release
from transcriber.storage.database.hand_off_tables import HAND_OFF

MakeStore = Callable[..., Store]


@pytest.fixture
def make_store(tmp_path: Path) -> MakeStore:
    def make(folders: tuple[Path, ...] = (), buckets: tuple[str, ...] = ()) -> Store:
        config = tmp_path / "own.yaml"
        listed = [str(folder) for folder in folders], list(buckets)
        config.write_text(f"hand_off: {{folders: {listed[0]}, buckets: {listed[1]}}}\n")
        return open_store(
            load_settings(
                {"TRANSCRIBER_HOME": str(tmp_path / "home"), "TRANSCRIBER_CONFIG": str(config)}
            )
        )

    return make


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def checked(make_store: MakeStore, shared: Path, tmp_path: Path) -> Checked:
    return made(make_store((shared,)), tmp_path)


def due_now(store: Store) -> None:
    """Let time pass until all that waits is due."""
    with store.database.write() as connection:
        waits = HAND_OFF.c.next_at_ms.is_not(None)
        connection.execute(update(HAND_OFF).where(waits).values(next_at_ms=0))


def add(checked: Checked, address: Path | str, preset: str | None = None) -> str:
    return add_destination(checked.store, checked.actor_id, checked.study_id, str(address), preset)


def test_a_release_is_brought_when_it_is_signed_and_lies_there_once(
    checked: Checked, shared: Path
) -> None:
    store = checked.store
    add(checked, shared)
    add(checked, shared, "nvivo")
    release = signed_all(checked)
    assert hand_off_due(store) == 2
    package = shared / f"FG01-v1-{release[:8]}.zip"
    assert sorted(shared.iterdir()) == [package, shared / f"FG01-v1-nvivo-{release[:8]}.zip"]
    assert verify_release(package).is_whole
    assert package.stat().st_mode & 0o777 == 0o644
    with ZipFile(shared / f"FG01-v1-nvivo-{release[:8]}.zip") as tool:
        assert "README.txt" in tool.namelist()
    before = package.stat()
    assert hand_off_due(store) == 0
    with store.database.write() as connection:  # as if it had been killed before it was noted
        connection.execute(update(HAND_OFF).values(arrived_at_ms=None, next_at_ms=0))
    assert hand_off_due(store) == 2
    assert package.stat().st_mtime_ns == before.st_mtime_ns
    assert package.stat().st_ino == before.st_ino
    assert actions(store).count("handed_off") == 4
    for shown in list_destinations(store, checked.study_id):
        assert (shown.arrived, shown.waiting, shown.failed) == (1, 0, 0)


def test_what_stands_already_is_brought_to_a_new_destination(
    checked: Checked, shared: Path
) -> None:
    signed_all(checked)
    one = add(checked, shared)
    with pytest.raises(UsageError, match="already"):
        add(checked, shared)
    assert hand_off_due(checked.store) == 1
    remove_destination(checked.store, checked.actor_id, checked.study_id, one)
    assert list_destinations(checked.store, checked.study_id) == []
    with pytest.raises(UsageError):
        remove_destination(checked.store, checked.actor_id, checked.study_id, one)
    assert len(list(shared.iterdir())) == 1


def test_a_folder_that_is_away_is_tried_again(
    checked: Checked, shared: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store, place = checked.store, shared / "later"
    one = add(checked, place)
    signed_all(checked)
    assert hand_off_due(store) == 0
    (shown,) = list_destinations(store, checked.study_id)
    assert (shown.arrived, shown.waiting, shown.failed) == (0, 1, 1)
    assert shown.failure_code == "folder_missing"
    assert not place.exists()
    assert str(shared) not in caplog.text
    assert hand_off_due(store) == 0  # not before its time
    place.mkdir()
    retry_destination(store, checked.study_id, one)
    assert hand_off_due(store) == 1
    assert len(list(place.iterdir())) == 1


def test_where_it_goes_stands_nowhere_in_the_clear(checked: Checked, shared: Path) -> None:
    one = add(checked, shared)
    signed_all(checked)
    hand_off_due(checked.store)
    home = checked.store.settings.data_folder
    told = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name.endswith(".sqlite") for path in told)
    for path in told:
        assert str(shared).encode() not in path.read_bytes()
    remove_destination(checked.store, checked.actor_id, checked.study_id, one)
    with checked.store.database.read() as connection:
        assert checked.store.destinations.get(connection, one).address is None


def test_another_file_of_the_name_is_left_alone(checked: Checked, shared: Path) -> None:
    release = signed_all(checked)
    add(checked, shared)
    own = shared / f"FG01-v1-{release[:8]}.zip"
    own.write_text("somebody's own")
    assert hand_off_due(checked.store) == 0
    (shown,) = list_destinations(checked.store, checked.study_id)
    assert (shown.waiting, shown.failure_code) == (0, "other_content")
    assert own.read_text() == "somebody's own"


def test_a_recall_goes_the_way_the_release_went(checked: Checked, shared: Path) -> None:
    store = checked.store
    add(checked, shared)
    release = signed_all(checked)
    hand_off_due(store)
    file = shared / f"FG01-v1-{release[:8]}.zip"
    withdraw(store, checked.actor_id, checked.study_id, release, "Quenilla was in it")
    assert hand_off_due(store) == 1
    notice = (shared / f"{file.name}.RECALLED.txt").read_text()
    assert notice.startswith("RECALLED")
    assert "FG01, version 1" in notice
    assert sha256(file.read_bytes()).hexdigest() in notice
    assert "Quenilla" not in notice
    assert actions(store)[-1] == "recall_handed_off"


def test_what_is_withdrawn_first_is_brought_nowhere(checked: Checked, shared: Path) -> None:
    add(checked, shared)
    release = signed_all(checked)
    withdraw(checked.store, checked.actor_id, checked.study_id, release, "a mistake")
    due_now(checked.store)
    assert hand_off_due(checked.store) == 0
    assert list(shared.iterdir()) == []
    (shown,) = list_destinations(checked.store, checked.study_id)
    assert (shown.waiting, shown.failed) == (0, 0)


def test_a_bucket_has_the_same_file(
    make_store: MakeStore, bucket_server: BucketServer, tmp_path: Path
) -> None:
    url = bucket_server.new_bucket()
    store = make_store(buckets=(url,))
    checked = made(store, tmp_path)
    address = f"{url.partition('?')[0]}/study"
    add(checked, address)
    release = signed_all(checked)
    assert hand_off_due(store) == 1
    place = open_place(address, store.settings.hand_off)
    data = place.read(f"FG01-v1-{release[:8]}.zip")
    assert data is not None
    (tmp_path / "copy.zip").write_bytes(data)
    assert verify_release(tmp_path / "copy.zip").is_whole
    withdraw(store, checked.actor_id, checked.study_id, release, "a mistake")
    assert hand_off_due(store) == 1
    assert place.read(f"FG01-v1-{release[:8]}.zip.RECALLED.txt") is not None


def test_nobody_chooses_a_place_that_it_does_not_allow(tmp_path: Path) -> None:
    root, link = tmp_path / "root", tmp_path / "root" / "link"
    root.mkdir()
    link.symlink_to(tmp_path)
    allowed = HandOffSettings(folders=(root,), buckets=("s3://releases/a?endpoint=http://here",))
    for fine in (str(root), f"{root}/study", "s3://releases/a", "s3://releases/a/b"):
        open_place(fine, allowed)
    for bad in (
        "",
        "relative",
        "/etc",
        f"{root}/../x",
        f"{root}x",
        str(link),
        f"{root}/a\nb",
        "s3://releases",
        "s3://releases/ab",
        "s3://releases/a/../b",
        "s3://releases/a?endpoint=http://elsewhere",
        "s3://other/a",
        "file:///etc",
        "x" * 2000,
    ):
        with pytest.raises(UsageError) as refused:
            open_place(bad, allowed)
        assert refused.value.code == "bad_destination"
    with pytest.raises(UsageError, match="Ask IT"):
        open_place(str(root), HandOffSettings(folders=(), buckets=()))


def test_what_somebody_does_not_agree_to_is_not_brought_and_a_recall_is(
    checked: Checked, shared: Path
) -> None:
    store, who = checked.store, (checked.actor_id, checked.study_id)
    one = add(checked, shared)
    signed_all(checked)
    put_consents(store, *who, [Consent("P02", quoted=Answer.NOT_AGREED)])
    assert hand_off_due(store) == 0
    (shown,) = list_destinations(store, checked.study_id)
    assert shown.failure_code == "no_consent"
    assert list(shared.iterdir()) == []
    put_consents(store, *who, [Consent("P02", quoted=Answer.AGREED)])
    retry_destination(store, checked.study_id, one)
    assert hand_off_due(store) == 1
    put_consents(store, *who, [Consent("P02", quoted=Answer.NOT_AGREED)])
    (release,) = list_releases(store, checked.study_id).items
    withdraw(store, *who, release.id, "They said no.")
    assert hand_off_due(store) == 1
    assert len(list(shared.glob("*.RECALLED.txt"))) == 1
