"""What released sound costs: `python -m tests.benchmarks.released_sound [--hours H]`.

A copy to listen to of ten minutes and one of three hours, with a tone over a second in each ten, as
each format. Every one is made in a process of its own from the encrypted file, and its most memory
is taken at its end. The sound is noise, which is the most that anybody can say.
"""

import argparse
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.listening import noise, spoken
from transcriber.domain.interval import Interval
from transcriber.domain.released_sound import SoundFormat, TakenOut
from transcriber.engines.review_copy import AacEncoder
from transcriber.engines.silenced.silencer import PyAvSilencer
from transcriber.storage.blobs.framing import Blob, Purpose
from transcriber.storage.blobs.store import open_blobs
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key

MIB = 1 << 20
SHORT_MS = 10 * 60_000


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=3.0)
    long_ms = round(parser.parse_args().hours * 3_600_000)
    print("| length | format | file | took | most memory |\n|---|---|---|---|---|")
    for length_ms in (SHORT_MS, long_ms):
        with tempfile.TemporaryDirectory() as folder:
            key, blob = _copy(Path(folder), length_ms)
            for sound_format in SoundFormat:
                with ProcessPoolExecutor(1, get_context("spawn")) as process:
                    job = process.submit(_made, folder, key, blob, length_ms, sound_format)
                    size, took_s, peak = job.result()
                cells = f"{size / MIB:.0f} MiB | {took_s:.0f} s | {peak / MIB:.0f} MiB"
                print(f"| {length_ms // 60_000} min | {sound_format} | {cells} |", flush=True)


def _copy(folder: Path, length_ms: int) -> tuple[Key, Blob]:
    """Put an encrypted copy into a store in a folder."""
    audio = noise(folder / "s16", spoken(length_ms))
    path = folder / "copy.m4a"
    AacEncoder().encode(audio, path, lambda *_: None)
    audio.path.unlink()
    key, blobs = Key.random(new_id()), open_blobs(f"file://{folder}/blobs")
    with blobs.staged() as staged, path.open("rb") as file:
        blob = staged.put(key, new_id(), Purpose.STAGE_FILE, file)
    path.unlink()
    return key, blob


def _made(
    folder: str, key: Key, blob: Blob, length_ms: int, sound_format: SoundFormat
) -> tuple[int, float, int]:
    """Return size, seconds and the most memory of this process."""
    gone = TakenOut(tuple(Interval(at, at + 1_000) for at in range(5_000, length_ms, 10_000)))
    began_s = time.monotonic()
    with open_blobs(f"file://{folder}/blobs").open(key, blob) as source:
        size = sum(map(len, PyAvSilencer(sound_format).without(source, gone)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return size, time.monotonic() - began_s, peak


if __name__ == "__main__":
    main()
