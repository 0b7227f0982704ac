"""A process that is killed while sound leaves has left none of it on a disk."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.sounding_release import decided_in
from transcriber.domain.released_sound import SoundFormat
from transcriber.engines.silenced.source import blocks

ROOT = Path(__file__).parents[2]

PROGRAM = """
import os, signal, sys
from transcriber.bootstrap import build_silencer
from transcriber.domain.released_sound import SoundFormat
from transcriber.services.release_sound import release_sound
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
study, release, sound_format = sys.argv[1:]
silencer = build_silencer(SoundFormat(sound_format))
file = release_sound(open_store(load_settings()), "a" * 32, study, release, silencer)
for number, piece in enumerate(file.pieces):
    os.write(1, piece)
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
@pytest.mark.parametrize("sound_format", SoundFormat)
def test_nothing_plain_is_left(tmp_path: Path, sound_format: SoundFormat) -> None:
    decided = decided_in(tmp_path)
    release = decided.sign()[-32:]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    before = files_in(tmp_path)
    home = {"TRANSCRIBER_HOME": str(tmp_path / "home"), "TMPDIR": str(scratch)}
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM, decided.study.id, release, sound_format.value],
        env={**os.environ, **home},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL
    assert len(process.stdout) > 10_000
    assert files_in(scratch) == set()
    assert {path for path in files_in(tmp_path) - before if not path.name.endswith(JOURNALS)} == (
        set()
    )
    heard = np.concatenate(list(blocks(io.BytesIO(decided.heard.copy))))
    plain = heard[16_000 * 3 : 16_000 * 3 + 64].astype("<i2").tobytes()
    for path in files_in(tmp_path):
        kept = path.read_bytes()
        assert plain not in kept
        assert process.stdout[4_096:4_160] not in kept


JOURNALS = ("-wal", "-shm")
"""Of SQLite, beside its file."""


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}
