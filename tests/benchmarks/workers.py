"""How much faster two workers on two cores are than one on one.

    python -m tests.benchmarks.workers [--batch N] [--minutes M]

A batch of eight recordings, and one of 60 minutes, both made of the sample. Prints the time on the
clock and, because other programs may be at work too, the processor time of the worker that had
most to do: with two free cores the clock shows that plus some waiting. The text must be the same.
"""

import argparse
import os
import signal
import subprocess
import tempfile
import time
import wave
from pathlib import Path

from tests.databases import MEMORY
from tests.reliability.service import Service
from transcriber.bootstrap import build_worker
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Kind
from transcriber.domain.roster import Roster
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.pipeline import TRANSCRIBE
from transcriber.sample import sample_audio
from transcriber.services.jobs import list_jobs
from transcriber.services.policy_file import load_policies
from transcriber.services.submit import Submission, study_for, submit
from transcriber.stages.pcm import read_samples


def recordings(folder: Path, batch: int, minutes: float) -> tuple[list[Path], Path]:
    """Write `batch` recordings that differ, a minute each, and one of so many minutes."""
    audio = PyAvDecoder().decode(sample_audio(), folder / "samples.s16", lambda *_: None).audio
    short = []
    for number in range(batch):
        start_ms = 1_000 + 7_000 * number
        samples = read_samples(audio, Interval(start_ms, start_ms + 60_000)).tobytes()
        short.append(_wav(folder / f"short-{number}.wav", samples))
    whole = read_samples(audio).tobytes()
    times = max(1, round(minutes * 60_000 / audio.duration_ms))
    return short, _wav(folder / "long.wav", whole * times)


def _wav(path: Path, samples: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(samples)
    return path


def timed(files: list[Path], workers: int) -> tuple[float, float, list[str]]:
    """Return the seconds on the clock, those of the busiest worker's processors, and the texts."""
    cores = sorted(os.sched_getaffinity(0))[:workers]
    with tempfile.TemporaryDirectory(prefix="bw", dir=MEMORY if MEMORY.is_dir() else None) as path:
        service = Service(Path(path), lease_s=60, app="workers.app")
        service.broker()
        study = study_for(service.store, "Benchmark", Roster(), load_policies(["default"]))
        for file in files:
            submit(service.store, study, Submission((file,), Kind.GROUP))
        began_s = time.monotonic()
        started: list[subprocess.Popen[bytes]] = []
        for core in cores:
            worker = service.worker("cpu,interactive", children=1)
            os.sched_setaffinity(worker.pid, {core})
            started.append(worker)
        service.beat()
        while not service.all_ended():
            time.sleep(0.5)
        took_s = time.monotonic() - began_s
        busiest_s = max(_processor_s(worker) for worker in started)
        texts = _texts(service)
        service.kill_all()
    return took_s, busiest_s, texts


def _processor_s(worker: subprocess.Popen[bytes]) -> float:
    """Stop a worker and return what it and its processes computed, in seconds."""
    worker.send_signal(signal.SIGTERM)
    _, status, used = os.wait4(worker.pid, 0)
    worker.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def _texts(service: Service) -> list[str]:
    worker = build_worker(service.store, 1)
    texts = []
    for job in list_jobs(service.store):
        with worker.finished(job.state.id, (TRANSCRIBE,)) as work:
            words = work.of(TRANSCRIBE).words
            texts.append(" ".join(f"{word.text}@{word.start_ms}" for word in words))
    return texts


def main() -> None:
    """Measure both and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=60.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        short, long = recordings(Path(folder), arguments.batch, arguments.minutes)
        for name, files in ((f"{len(short)} recordings", short), ("one long recording", [long])):
            one_s, one_cpu_s, one = timed(files, 1)
            two_s, two_cpu_s, two = timed(files, 2)
            print(f"{name}: text {'the same' if one == two else 'DIFFERS'}")
            print(f"  clock      {one_s:6.0f} s and {two_s:6.0f} s: {one_s / two_s:.2f} times")
            print(f"  processor  {one_cpu_s:6.0f} s and {two_cpu_s:6.0f} s of the busiest worker: ")
            print(f"             {one_cpu_s / two_cpu_s:.2f} times", flush=True)


if __name__ == "__main__":
    main()
