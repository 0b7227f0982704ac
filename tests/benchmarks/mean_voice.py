"""Make the mean voice that ships: `python -m tests.benchmarks.mean_voice --out FILE.npy`.

Ninety synthetic voices, those of flite with other formants and pitches and thirty of espeak-ng,
speak five sentences in three rooms; the mean of all embeddings of 1.6 s is written. Also prints how
far windows are from their voice and voices from one another, which `voices.mixture` was given. No
recording of a person is heard. Needs `flite`, `espeak-ng` and `sox`; a quarter of an hour.
"""

import argparse
import hashlib
import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.benchmarks.generated_groups import (
    NOISE_DBFS,
    ROOMS,
    Sound,
    Speaker,
    sample_sentences,
    spoken,
)
from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.engines.voices.encoder import (
    LOUDNESS_DBFS,
    Floats,
    embed_windows,
    encoding,
    spectrogram,
)

WINDOW_STEPS, HOP_STEPS = 160, 30
LANGUAGES = (
    *("en-gb", "en-us", "en-gb-scotland", "en-gb-x-rp", "en-029"),
    *("de", "fr", "nl", "sv", "it"),
)
VARIANTS = [
    *(f"{sex}{number}" for number in range(1, 6) for sex in "mf"),
    *("m6", "m7", "m8", "adam", "linda", "edward", "steph", "victor", "anika", "caleb"),
    *("benjamin", "belinda", "david", "gustave", "iven", "michel", "pablo", "zac", "travis"),
    "norbert",
]
RAW = ("-t", "s16", "-r", str(SAMPLE_RATE_HZ), "-c", "1")


def speakers() -> list[Speaker]:
    """Sixty voices of flite and thirty of espeak-ng."""
    draw = random.Random(11)
    made = [
        Speaker("flite", voice, formants, cents)
        for voice in ("rms", "slt", "awb", "kal16")
        for formants in (0.84, 0.92, 1.0, 1.09, 1.18)
        for cents in (-200, 0, 200)
    ]
    for language, variant in zip(LANGUAGES * 3, VARIANTS, strict=True):
        formants, cents = draw.uniform(0.88, 1.14), draw.uniform(-200, 200)
        made.append(Speaker("espeak-ng", f"{language}+{variant}", formants, cents))
    return made


def rooms_of(number: int, speaker: Speaker, scratch: Path) -> Iterator[Floats]:
    """Yield the mel spectrogram of a speaker in each room."""
    draw = random.Random(number)
    said = np.concatenate([_speak(speaker, draw, scratch) for _ in range(5)])
    (said * 32_000).astype("<i2").tofile(scratch / "dry.s16")
    for room, effects in ROOMS.items():
        wet = _run("sox", "-R", *RAW, str(scratch / "dry.s16"), *RAW, "-", "gain", "-3", *effects)
        sound = np.frombuffer(wet, dtype="<i2").astype(np.float64) / 32768
        noise = np.random.default_rng(number).normal(size=len(sound))
        sound = sound + noise * 10 ** ((NOISE_DBFS[room] + draw.uniform(-6, 10)) / 20)
        level = float(np.sqrt((sound**2).mean()))
        yield spectrogram((sound * 10 ** (LOUDNESS_DBFS / 20) / level).astype(np.float32))


def _speak(speaker: Speaker, draw: random.Random, scratch: Path) -> Sound:
    text = draw.choice(sample_sentences())
    flite = speaker.program == "flite"
    pace = f"{draw.uniform(1, 1.25):.2f}" if flite else str(draw.randint(140, 185))
    return spoken(speaker, text, pace, scratch)


def _run(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


def main() -> None:
    """Write the mean; print both variances and the SHA-256 of the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--speakers", type=int, help="only so many, for a trial")
    options = parser.parse_args()
    windows: list[Floats] = []
    with tempfile.TemporaryDirectory() as scratch, encoding():
        for number, speaker in enumerate(speakers()[: options.speakers]):
            for columns in rooms_of(number, speaker, Path(scratch)):
                starts = np.arange(0, len(columns) - WINDOW_STEPS, HOP_STEPS)
                windows.append(embed_windows(columns, starts, [WINDOW_STEPS])[:, 0])
    np.save(options.out, np.concatenate(windows).mean(axis=0).astype(np.float32))
    within = np.concatenate([part - part.mean(axis=0) for part in windows])
    places = np.stack([part.mean(axis=0) for part in windows])
    print(f"within {(within**2).sum(axis=1).mean():.3f}, between {places.var(axis=0).sum():.3f}")
    print(hashlib.sha256(options.out.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
