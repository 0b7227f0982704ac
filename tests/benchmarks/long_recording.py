"""Memory of `transcriber run` by length: `python -m tests.benchmarks.long_recording`.

Makes a recording of ten minutes and one of four hours from the shipped sample, with talk in a tenth
of the time, runs both, and prints the most memory that the program and its processes held together
(proportional set size, which counts a shared page once). `--hours` and `--talk` change both.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from transcriber.domain.recording import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.sample import sample_audio
from transcriber.stages.pcm import read_samples

MIB = 1 << 20
SHORT_HOURS = 1 / 6
EVERY_S = 0.2


def main() -> None:
    """Print a Markdown table and what the longer recording costs beyond its samples."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=4.0)
    parser.add_argument("--talk", type=float, default=0.1)
    wanted = parser.parse_args()
    print("| length | samples on disk | most memory | took |\n|---|---|---|---|")
    beyond = []
    for hours in (SHORT_HOURS, wanted.hours):
        with tempfile.TemporaryDirectory() as folder:
            recording = _recording(Path(folder), hours, wanted.talk)
            started_s = time.monotonic()
            peak = _peak_bytes(recording, Path(folder) / "out")
            took_s = time.monotonic() - started_s
        samples = hours * 3_600 * SAMPLE_RATE_HZ * BYTES_PER_SAMPLE
        beyond.append(peak - samples)
        cells = f"{hours * 60:.0f} min | {samples / MIB:.0f} MiB | {peak / MIB:.0f} MiB"
        print(f"| {cells} | {took_s / 60:.1f} min |", flush=True)
    print(f"\nBeyond the samples: {(beyond[1] - beyond[0]) / MIB:+.0f} MiB.")


def _recording(folder: Path, hours: float, talk_share: float) -> Path:
    """Write the sample again and again, with the quiet of a room between."""
    audio = PyAvDecoder().decode(sample_audio(), folder / "s16", lambda *_: None).audio
    sample = read_samples(audio)
    rng = np.random.default_rng(1)
    pause = rng.normal(0, 8, round(len(sample) * (1 / talk_share - 1))).astype("<i2")
    path = folder / "long.wav"
    left = round(hours * 3_600 * SAMPLE_RATE_HZ)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(BYTES_PER_SAMPLE)
        file.setframerate(SAMPLE_RATE_HZ)
        while left > 0:
            for piece in (sample, pause):
                file.writeframes(piece[:left].tobytes())
                left = max(left - len(piece), 0)
    return path


def _peak_bytes(recording: Path, out: Path) -> int:
    command = [sys.executable, "-m", "transcriber", "run", str(recording), "--out", str(out)]
    run = subprocess.Popen([*command, "--kind", "group"], stderr=subprocess.DEVNULL)
    peak = 0
    while run.poll() is None:
        peak = max(peak, sum(map(_pss_bytes, _family(run.pid))))
        time.sleep(EVERY_S)
    if run.returncode:
        raise SystemExit("the run failed")
    return peak


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task").glob("*/children")
        found = [int(child) for path in children for child in path.read_text().split()]
    except OSError:  # it ended meanwhile
        return
    for child in found:
        yield from _family(child)


def _pss_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
