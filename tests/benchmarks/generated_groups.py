"""Conversations of three to eight synthetic voices whose turns are known to the millisecond.

flite speaks, sox makes more voices of its four by lengthening and shortening the vocal tract and
by raising and lowering the pitch. Turns are short or long, some are talked into, and the rooms
differ: close, through a telephone, far away with noise. Everything is drawn from a seed, so the
same versions of both programs give the same sound. Needs `flite` and `sox` on PATH.
"""

import random
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.domain.transcript import Turn

Sound = npt.NDArray[np.float64]

VOICES = (
    ("rms", 1.0, 0),
    ("slt", 1.0, 0),
    ("awb", 1.0, 0),
    ("kal16", 1.0, 0),
    ("awb", 0.92, 200),
    ("kal16", 1.18, 200),
    ("kal16", 1.0, -200),
    ("rms", 1.18, 200),
)
"""flite's voice, the factor on all formants, and what the pitch is raised by, in cents.

The last four are those of sixty variants that the encoder finds least like the others: 0.47 to 0.68
alike, as two people are. Most variants are as much like their voice as one person like himself.
"""

BACK_CHANNELS = ("Yes.", "Okay, right.", "I see.", "No, never.", "Exactly.", "That is true.")

SCRIPT = Path(__file__).parents[2] / "transcriber" / "sample" / "script.yaml"

ROOMS: dict[str, tuple[str, ...]] = {
    "close": (),
    "telephone": ("sinc", "300-3400", "rate", "8000", "rate", str(SAMPLE_RATE_HZ)),
    "far": ("reverb", "35", "50", "40", "lowpass", "5500"),
}
NOISE_DBFS = {"close": -60.0, "telephone": -48.0, "far": -44.0}


@dataclass(frozen=True)
class Group:
    """A conversation to be made: how many people, for how long, in which room, and its seed."""

    people: int
    seconds: int
    room: str
    seed: int

    @property
    def name(self) -> str:
        """What a table calls it."""
        return f"{self.people} voices, {self.room}"


def make(group: Group, destination: Path) -> tuple[Audio, tuple[Turn, ...]]:
    """Write 16 kHz samples to `destination`; return them and the turns in order of start."""
    draw = random.Random(group.seed)
    length = group.seconds * SAMPLE_RATE_HZ
    mixed = np.zeros(length)
    turns: list[Turn] = []
    now, last = SAMPLE_RATE_HZ, -1
    with tempfile.TemporaryDirectory() as scratch:
        while True:
            person = draw.choice([p for p in range(group.people) if p != last])
            brief = draw.random() < 0.3
            text = draw.choice(BACK_CHANNELS) if brief else draw.choice(sentences())
            sound = _speak(text, person, Path(scratch)) * 10 ** draw.uniform(-0.2, 0.0)
            gap_s = draw.uniform(-0.9, -0.2) if draw.random() < 0.25 else draw.uniform(0.1, 0.8)
            start = max(now + int(gap_s * SAMPLE_RATE_HZ), 0)
            if any(t.speaker == f"V{person}" and t.interval.end_ms * 16 > start for t in turns):
                start = now
            if start + len(sound) > length:
                break
            mixed[start : start + len(sound)] += sound
            turns.append(Turn(f"V{person}", Interval(start // 16, (start + len(sound)) // 16)))
            now, last = max(now, start + len(sound)), person
        samples = _in_room(mixed, group, Path(scratch))
    samples.tofile(destination)
    turns.sort(key=lambda turn: turn.interval)
    return Audio(destination, len(samples)), tuple(turns)


@cache
def sentences() -> list[str]:
    """Return what the voices say: the sentences of the sample, one or two at a time."""
    turns = yaml.safe_load(SCRIPT.read_text(encoding="utf-8"))["turns"]
    text = " ".join(turn["text"] for turn in turns)
    for kind in ("PERSON", "LOCATION", "ORGANISATION", "DATE", "AGE", "PHONE", "EMAIL", "URL"):
        text = text.replace(f"[{kind} ", "")
    plain = text.replace("]", "").replace("\n", " ").split(". ")
    short = [sentence.strip() for sentence in plain if 3 <= len(sentence.split()) <= 30]
    pairs = [f"{one}. {two}" for one, two in zip(short[::3], short[1::3], strict=False)]
    return short + pairs


def _speak(text: str, person: int, scratch: Path) -> Sound:
    voice, formants, cents = VOICES[person]
    raw = scratch / "raw.wav"
    _run("flite", "-voice", voice, "--setf", "duration_stretch=1.1", "-t", text, "-o", str(raw))
    # Playing faster moves formants and pitch; `tempo` gives the duration back, `pitch` the pitch.
    back = -1200 * float(np.log2(formants)) + cents
    edges = ("silence", "1", "0.02", "-55d", "reverse")
    made = _run(
        *("sox", "-R", str(raw), "-t", "s16", "-r", str(SAMPLE_RATE_HZ), "-c", "1", "-"),
        *("speed", f"{formants}", "tempo", "-s", f"{1 / formants}", "pitch", f"{back:.0f}"),
        *("rate", str(SAMPLE_RATE_HZ), *edges, *edges),
    )
    sound = np.frombuffer(made, dtype="<i2").astype(np.float64)
    return np.asarray(sound / max(float(np.abs(sound).max()), 1.0) * 0.5)


def _in_room(mixed: Sound, group: Group, scratch: Path) -> npt.NDArray[np.int16]:
    noise = np.random.default_rng(group.seed).normal(size=len(mixed))
    noise *= 10 ** (NOISE_DBFS[group.room] / 20)
    dry = scratch / "dry.s16"
    (mixed.clip(-1, 1) * 32_000).astype("<i2").tofile(dry)
    form = ("-t", "s16", "-r", str(SAMPLE_RATE_HZ), "-c", "1")
    made = _run("sox", "-R", *form, str(dry), *form, "-", "gain", "-3", *ROOMS[group.room])
    wet = np.frombuffer(made, dtype="<i2")[: len(mixed)].astype(np.float64) / 32768
    noisy = wet + noise[: len(wet)]
    return np.asarray((noisy.clip(-1, 1) * 32_767).astype("<i2"))


def _run(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


def other_groups() -> Sequence[Group]:
    """Two to eight voices in each room, for two minutes and for one; none chose what ships.

    Some of eight voices say one word in a minute, so that not all can be counted.
    """
    return [
        Group(people, seconds, room, seed + 10 * number + people)
        for seconds, seed in ((120, 400), (60, 500))
        for people in range(2, 9)
        for number, room in enumerate(ROOMS)
    ]


def groups(seconds: int = 120) -> Sequence[Group]:
    """Three to eight voices in each room."""
    return [Group(people, seconds, room, people) for room in ROOMS for people in range(3, 9)]
