"""Conversations of two to eight synthetic voices whose turns are known to the millisecond.

flite and, in the groups that choose what ships, espeak-ng speak; sox makes more voices of theirs by
lengthening and shortening the vocal tract and by raising and lowering the pitch. Turns are short or
long, some are talked into, and the rooms differ: close, through a telephone, far away with noise.
Everything is drawn from a seed, so the same versions of the programs give the same sound. Needs
`flite`, `espeak-ng` and `sox` on PATH.
"""

import random
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from tests.spoken.groups import interview_sentences
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.domain.transcript import Turn

Sound = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Speaker:
    """A program's voice, the factor on its formants, and what its pitch is raised by, in cents."""

    program: str
    voice: str
    formants: float = 1.0
    cents: float = 0


CAST = (
    Speaker("flite", "rms"),
    Speaker("flite", "slt"),
    Speaker("flite", "awb"),
    Speaker("flite", "kal16"),
    Speaker("flite", "awb", 0.92, 200),
    Speaker("flite", "kal16", 1.18, 200),
    Speaker("flite", "kal16", 1.0, -200),
    Speaker("flite", "rms", 1.18, 200),
)
"""The last four are those of sixty variants that the encoder finds least like the others: 0.47 to
0.68 alike, as two people are. Most variants are as much like their voice as one person like
himself.
"""

CHOICE_CAST = (
    Speaker("flite", "slt", 1.05, -100),
    Speaker("flite", "kal16", 0.86, 100),
    Speaker("espeak-ng", "en-gb-scotland+steph", 1.12, 110),
    Speaker("espeak-ng", "en-us+iven", 1.01, -48),
    Speaker("flite", "awb", 0.9, 100),
    Speaker("espeak-ng", "en-gb-x-rp+caleb", 0.88, -187),
    Speaker("espeak-ng", "en-029+linda", 1.05, 133),
    Speaker("espeak-ng", "en-us+m4", 1.14, 162),
    Speaker("espeak-ng", "en-us+f5", 0.96, -163),
    Speaker("flite", "rms", 0.95, -100),
    Speaker("espeak-ng", "en-029+m8", 1.01, 114),
    Speaker("flite", "rms", 1.0, 250),
    Speaker("flite", "kal16", 1.0, -250),
    Speaker("espeak-ng", "en-gb+linda", 1.03, -25),
    Speaker("flite", "slt", 0.86, 250),
    Speaker("espeak-ng", "en-gb-x-rp+m7", 1.06, -168),
    Speaker("flite", "awb", 1.2, -250),
    Speaker("espeak-ng", "en-us+norbert", 1.1, -159),
    Speaker("espeak-ng", "en-us+edward", 1.01, 104),
    Speaker("espeak-ng", "en-us+f1", 1.0, 95),
    Speaker("espeak-ng", "en-us+david", 0.92, -190),
    Speaker("espeak-ng", "en-gb-x-rp+edward", 1.07, -140),
    Speaker("espeak-ng", "en-gb-scotland+norbert", 0.9, 70),
)
"""Those of 166 variants that are at most 0.61 alike, as two people are."""

PACES = {"flite": "1.1", "espeak-ng": "160"}
"""As people talk who think while they do: both programs are faster by themselves."""

BACK_CHANNELS = ("Yes.", "Okay, right.", "I see.", "No, never.", "Exactly.", "That is true.")

SCRIPT = Path(__file__).parents[2] / "transcriber" / "sample" / "script.yaml"

ROOMS: dict[str, tuple[str, ...]] = {
    "close": (),
    "telephone": ("sinc", "300-3400", "rate", "8000", "rate", str(SAMPLE_RATE_HZ)),
    "far": ("reverb", "35", "50", "40", "lowpass", "5500"),
}
NOISE_DBFS = {"close": -60.0, "telephone": -48.0, "far": -44.0}


@cache
def sample_sentences() -> list[str]:
    """Return the sentences of the sample, one or two at a time."""
    turns = yaml.safe_load(SCRIPT.read_text(encoding="utf-8"))["turns"]
    text = " ".join(turn["text"] for turn in turns)
    for kind in ("PERSON", "LOCATION", "ORGANISATION", "DATE", "AGE", "PHONE", "EMAIL", "URL"):
        text = text.replace(f"[{kind} ", "")
    plain = text.replace("]", "").replace("\n", " ").split(". ")
    short = [sentence.strip() for sentence in plain if 3 <= len(sentence.split()) <= 30]
    pairs = [f"{one}. {two}" for one, two in zip(short[::3], short[1::3], strict=False)]
    return short + pairs


@dataclass(frozen=True)
class Group:
    """A conversation to be made: how many people, for how long, in which room, and its seed.

    `cast` are those who may speak, in order, and `said` gives what they say.
    """

    people: int
    seconds: int
    room: str
    seed: int
    cast: tuple[Speaker, ...] = CAST
    said: Callable[[], Sequence[str]] = field(default=sample_sentences, compare=False)

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
            text = draw.choice(BACK_CHANNELS) if brief else draw.choice(group.said())
            speaker = group.cast[person]
            sound = spoken(speaker, text, PACES[speaker.program], Path(scratch))
            sound = sound * 10 ** draw.uniform(-0.2, 0.0)
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


def spoken(speaker: Speaker, text: str, pace: str, scratch: Path) -> Sound:
    """Return `text` as a speaker says it, its ends trimmed and its peak at a half.

    `pace` is the factor on durations for flite, words a minute for espeak-ng.
    """
    raw = scratch / "raw.wav"
    if speaker.program == "flite":
        stretch = f"duration_stretch={pace}"
        _run("flite", "-voice", speaker.voice, "--setf", stretch, "-t", text, "-o", str(raw))
    else:
        _run("espeak-ng", "-v", speaker.voice, "-s", pace, "-w", str(raw), text)
    formants = speaker.formants
    # Playing faster moves formants and pitch; `tempo` gives the duration back, `pitch` the pitch.
    back = -1200 * float(np.log2(formants)) + speaker.cents
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


def choice_groups() -> Sequence[Group]:
    """Two to eight voices of another cast with another script, on which what ships is chosen."""
    return [
        Group(people, seconds, room, seed, cast, interview_sentences)
        for seconds, first in ((120, 700), (60, 800))
        for people in range(2, 9)
        for number, room in enumerate(ROOMS)
        for seed in [first + 10 * number + people]
        for cast in [tuple(random.Random(seed).sample(CHOICE_CAST, people))]
    ]


def groups(seconds: int = 120) -> Sequence[Group]:
    """Three to eight voices in each room."""
    return [Group(people, seconds, room, people) for room in ROOMS for people in range(3, 9)]
