"""Sound in the clear lies in a private folder and is gone afterwards, also after kill -9."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from transcriber.domain.errors import StorageError
from transcriber.storage.scratch import IN_MEMORY, Scratch

LEAVER = """
import os, signal, sys
from pathlib import Path
from transcriber.storage.scratch import Scratch
scratch = Scratch(Path(sys.argv[1]))
with scratch.mark("step.1"), scratch.workspace() as folder:
    (folder / "samples.s16").write_bytes(b"talk")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def folders(root: Path) -> list[Path]:
    return list((root / f"transcriber-{os.getuid()}").iterdir())


def test_a_workspace_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with Scratch(tmp_path).workspace() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "samples.s16").write_bytes(b"talk")
    assert not folders(tmp_path)


def test_it_is_gone_after_an_error_too(tmp_path: Path) -> None:
    def fail() -> None:
        with Scratch(tmp_path).workspace() as folder:
            (folder / "samples.s16").write_bytes(b"talk")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not folders(tmp_path)


def test_what_a_killed_process_left_is_swept_and_what_is_in_use_is_not(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", LEAVER, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(folders(tmp_path)) == 2
    scratch = Scratch(tmp_path)
    with scratch.workspace() as folder:
        assert scratch.sweep() == ("step.1",)
        assert folders(tmp_path) == [folder]


def test_a_folder_of_another_boot_is_swept(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    with scratch.workspace() as folder:
        boot, _, rest = folder.name.partition("-")
        folder.rename(folder.with_name(f"{boot[::-1]}-{rest}"))
        assert scratch.sweep() == ()
    assert not folders(tmp_path)


def test_too_little_room_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refused, Scratch(tmp_path).workspace(1 << 62):
        pass
    assert refused.value.code == "scratch_full"


def test_by_default_it_is_in_memory() -> None:
    with Scratch().workspace() as folder:
        assert IN_MEMORY in folder.parents
