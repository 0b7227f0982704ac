"""kill -9 at any stage: the same command goes on, and the result is there once."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from transcriber.sample import sample_roster

TOOK = re.compile(rb'"took_ms":\s*(\{[^}]*\}|\d+)')

STAGES = ("ingest", "transcribe", "diarise", "align", "detect", "pseudonymise")


def arguments(clip: Path, out: Path) -> list[str]:
    return ["run", str(clip), "--out", str(out), "--roster", str(sample_roster()), "--json"]


def results(out: Path) -> dict[str, bytes]:
    """All files below `out` by relative path, without the times that stages took.

    Left out: the register, whose pages may lie in another order, and the record of ingest, which
    says where on this disk the samples were.
    """
    return {
        str(path.relative_to(out)): TOOK.sub(b"", path.read_bytes())
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith(("register.sqlite", "ingest.json"))
    }


@pytest.fixture(scope="module")
def uninterrupted(sample_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("whole") / "out"
    subprocess.run(
        [sys.executable, "-m", "transcriber", *arguments(sample_clip, out)],
        check=True,
        capture_output=True,
    )
    return results(out)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_run_goes_on_and_gives_the_same_files(
    stage: str, moment: str, sample_clip: Path, uninterrupted: dict[str, bytes], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.reliability.killed_run", stage, moment]
    killed = subprocess.run(
        [*command, *arguments(sample_clip, tmp_path / "out")], capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert not list((tmp_path / "out" / "redacted").iterdir())

    resumed = subprocess.run(
        [sys.executable, "-m", "transcriber", *arguments(sample_clip, tmp_path / "out")],
        check=True,
        capture_output=True,
    )
    (recording,) = json.loads(resumed.stdout)["recordings"]
    assert recording["status"] == "done"
    assert results(tmp_path / "out") == uninterrupted
