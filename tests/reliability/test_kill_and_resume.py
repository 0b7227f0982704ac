"""kill -9 at any stage: the same command goes on, and the result is there once."""

import contextlib
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from transcriber.sample import sample_roster

TOOK = re.compile(rb'"took_ms":\s*(\{[^}]*\}|\d+)')

STAGES = 14
"""Of a run from sound; each is recorded once."""

REGISTER = "register.sqlite"


def arguments(clip: Path, out: Path) -> list[str]:
    return ["run", str(clip), "--out", str(out), "--roster", str(sample_roster()), "--json"]


def results(out: Path) -> dict[str, bytes]:
    """All files below `out` by relative path, without the times that stages took.

    The register is left out: its pages may lie in another order.
    """
    return {
        str(path.relative_to(out)): TOOK.sub(b"", path.read_bytes())
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != REGISTER
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


def members(session: int) -> list[int]:
    """Processes that still run in a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # pid (name) state ppid pgrp session …, and the name may hold spaces and brackets
            state, _, _, its_session = stat.read_text().rpartition(")")[2].split()[:4]
            if int(its_session) == session and state != "Z":
                found.append(int(stat.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux to list processes")
def test_no_process_outlives_a_killed_run(sample_clip: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.reliability.killed_run", "diarise", "before"]
    run = subprocess.Popen(
        [*command, *arguments(sample_clip, tmp_path / "out")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert run.wait() == -signal.SIGKILL
    for _ in range(300):  # a recogniser process first finishes the region that it is in
        if not members(run.pid):
            break
        time.sleep(0.1)
    assert members(run.pid) == []


def kill(stage: str, moment: str, clip: Path, out: Path) -> bool:
    """Begin or go on with a run that kills itself; whether it came so far."""
    command = [sys.executable, "-m", "tests.reliability.killed_run", stage, moment]
    run = subprocess.run([*command, *arguments(clip, out)], capture_output=True, check=False)
    assert run.returncode in (-signal.SIGKILL, 0), run.stderr
    return run.returncode != 0


def go_on(clip: Path, out: Path) -> dict[str, bytes]:
    """Let a run end; return its files."""
    command = [sys.executable, "-m", "transcriber", *arguments(clip, out)]
    resumed = subprocess.run(command, check=True, capture_output=True)
    (recording,) = json.loads(resumed.stdout)["recordings"]
    assert recording["status"] == "done"
    return results(out)


@pytest.mark.slow
def test_a_run_killed_after_each_stage_goes_on_and_gives_the_same_files(
    sample_clip: Path, uninterrupted: dict[str, bytes], tmp_path: Path
) -> None:
    """Each time it gets one stage further, and whatever ran beside that stage is lost."""
    out = tmp_path / "out"
    kills = 0
    while kill("next", "after", sample_clip, out):
        kills += 1
        assert not list((out / "redacted").iterdir())
    assert kills == STAGES
    assert go_on(sample_clip, out) == uninterrupted


@pytest.mark.slow
@pytest.mark.parametrize(
    "stage",
    [
        "transcribe",
        pytest.param("ingest", marks=pytest.mark.full),
        pytest.param("pseudonymise", marks=pytest.mark.full),
    ],
)
def test_a_stage_that_was_done_and_not_recorded_is_done_again(
    stage: str, sample_clip: Path, uninterrupted: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert kill(stage, "before", sample_clip, out)
    assert not list((out / "redacted").iterdir())
    assert go_on(sample_clip, out) == uninterrupted
