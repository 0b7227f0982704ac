"""Releases are brought while whoever brings them is killed: each lies there whole, and once.

python -m tests.reliability.test_hand_off_kills
"""

import os
import random
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml
from sqlalchemy import update

from tests.checked import LINES, Checked, recording_to_check
from tests.reliability.service import Service
from tests.service.signing import signed_all, somebody
from transcriber.services.hand_off.bring import hand_off_due
from transcriber.services.hand_off.destinations import add_destination, list_destinations
from transcriber.services.review.withdraw import withdraw
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.verify_release import verify_release
from transcriber.storage import files
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.hand_off_tables import HAND_OFF

RELEASES = 3


class Desk:
    """Releases, a folder that they go to, and a process that is killed while it brings them."""

    def __init__(self, folder: Path) -> None:
        self.shared = folder / "share"
        self.shared.mkdir()
        config = folder / "own.yaml"
        config.write_text(yaml.safe_dump({"hand_off": {"folders": [str(self.shared)]}}))
        self.environment = {
            "TRANSCRIBER_HOME": str(folder / "home"),
            "TRANSCRIBER_CONFIG": str(config),
        }
        self.store = self.open()
        actor, study_id = somebody(self.store), None
        self.signed: list[tuple[Checked, str]] = []
        for _ in range(RELEASES):
            checked = recording_to_check(self.store, folder, actor, lines=LINES, study_id=study_id)
            study_id = checked.study_id
            self.signed.append((checked, signed_all(checked)))
        assert study_id is not None
        add_destination(self.store, actor, study_id, str(self.shared))
        self.study_id, self.actor = study_id, actor

    def open(self) -> Store:
        return open_store(load_settings(self.environment))

    def bring_again(self) -> None:
        """Begin anew, as if nothing had been noted."""
        with self.store.database.write() as connection:
            connection.execute(
                update(HAND_OFF).values(arrived_at_ms=None, next_at_ms=0, attempts=0)
            )

    def due_now(self) -> None:
        """What a killed process had in hand is somebody else's by now."""
        with self.store.database.write() as connection:
            waits = HAND_OFF.c.next_at_ms.is_not(None)
            connection.execute(update(HAND_OFF).where(waits).values(next_at_ms=0))

    def killed(self, after_s: float) -> bool:
        """Bring in a process that is killed after a time; return whether it met it at work."""
        child = os.fork()
        if child == 0:
            hand_off_due(self.open())
            os._exit(0)
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)

    def lying(self) -> list[Path]:
        return [path for path in self.shared.iterdir() if not path.name.startswith(".")]

    def require_whole(self) -> None:
        """Whatever lies there under its name is whole at any moment."""
        for path in self.lying():
            if path.suffix == ".zip":
                assert verify_release(path).is_whole

    def require_all(self, notices: int = 0) -> None:
        assert len(self.lying()) == RELEASES + notices
        assert len(list(self.shared.iterdir())) == RELEASES + notices
        (shown,) = list_destinations(self.store, self.study_id)
        assert (shown.arrived, shown.waiting, shown.failed) == (RELEASES + notices, 0, 0)


def killed_while_bringing(folder: Path, kills: int) -> int:
    """Return how many of the kills met it at work."""
    desk, moments = Desk(folder), random.Random(9)
    begun_s = time.monotonic()
    child = os.fork()
    if child == 0:
        hand_off_due(desk.open())
        os._exit(0)
    os.waitpid(child, 0)
    whole_s = time.monotonic() - begun_s
    met = 0
    for number in range(kills):
        if number % 3 == 0:
            for path in desk.shared.iterdir():
                path.unlink()
            desk.bring_again()
        else:
            desk.due_now()
        met += desk.killed(moments.uniform(0, whole_s))
        desk.require_whole()
    desk.due_now()
    hand_off_due(desk.store)
    desk.require_whole()
    desk.require_all()
    for checked, release in desk.signed:
        withdraw(desk.store, desk.actor, checked.study_id, release, "a trial")
    for _ in range(max(kills // 5, 1)):
        desk.killed(moments.uniform(0, whole_s))
        desk.due_now()
    hand_off_due(desk.store)
    desk.require_all(notices=RELEASES)
    return met


@pytest.mark.slow
def test_nothing_is_half_there_or_doubled_when_it_is_killed(tmp_path: Path) -> None:
    assert killed_while_bringing(tmp_path, kills=12) > 0


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before the rename", "before it is noted"])
def test_a_kill_at_the_worst_moments_leaves_one_whole_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    desk = Desk(tmp_path)

    def kill(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        if moment == "before the rename":
            Path.replace = kill  # type: ignore[assignment,method-assign]
        else:
            files.sync_directory = kill  # type: ignore[assignment]
        hand_off_due(desk.open())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert len(desk.lying()) == (0 if moment == "before the rename" else 1)
    desk.require_whole()
    desk.due_now()
    assert hand_off_due(desk.store) == RELEASES
    desk.require_whole()
    desk.require_all()
    with desk.store.database.read() as connection:
        done = Counter(event.action for _, event in events(connection))
    assert done["handed_off"] == RELEASES


@pytest.mark.slow
def test_real_workers_bring_what_is_signed() -> None:
    with tempfile.TemporaryDirectory(prefix="ho") as made:
        folder = Path(made)
        (shared := folder / "share").mkdir()
        service = Service(folder / "s", settings_more={"hand_off": {"folders": [str(shared)]}})
        service.broker()
        try:
            service.worker()
            service.beat()
            actor = somebody(service.store)
            checked = recording_to_check(service.store, folder, actor)
            add_destination(service.store, actor, checked.study_id, str(shared))
            release = signed_all(checked)
            file = shared / f"FG01-v1-{release[:8]}.zip"
            assert service.wait(file.exists, 300)
            assert verify_release(file).is_whole
            withdraw(service.store, actor, checked.study_id, release, "a trial")
            assert service.wait((shared / f"{file.name}.RECALLED.txt").exists, 300)
        finally:
            service.kill_all()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="hk") as made:
        met = killed_while_bringing(Path(made), kills=200)
    print(f"200 kills, {met} of them at work: every release whole and once, every notice there")
