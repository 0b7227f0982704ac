"""How well names are heard in the sound: `python -m tests.benchmarks.keyphrases [INTERVIEW...]`.

Speaks our own interviews that have a roster with flite's voices (needs `flite` on PATH) and spots
the roster's names in them; in the real recordings of the shared data the names of all rosters are
sought, and none of them is said there.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from tests.interviews import Interview, interviews
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.engines.keyphrases import PocketSphinxSpotter, ways_to_say
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.stages.spot import sought_names
from transcriber.stages.words import plain_words

VOICES = ("slt", "rms", "awb", "kal16")
MOST_WORDS = 18
PAUSE = np.zeros(SAMPLE_RATE_HZ // 10, dtype="<i2")
REGION_MS = 15_000
ABOUT_MS = 350
"""Times within a sentence are guessed from its letters."""
SCORES = (0.1, 0.5, 0.9)
REAL = Path(__file__).parents[3] / "shared" / "data"

Said = tuple[frozenset[str], int, int]


def sentences(interview: Interview) -> Iterator[tuple[int, str, str]]:
    """Yield offset, text and voice of stretches short enough to know the time of a word."""
    voices: dict[str, str] = {}
    start = 0
    for line in interview.text.split("\n"):
        label = re.match(r"[A-Z][\w .'-]{0,30}:\s", line)
        voice = voices.setdefault(label.group() if label else "", VOICES[len(voices) % len(VOICES)])
        body = label.end() if label else 0
        for sentence in re.finditer(r"[^.!?]+[.!?]*\s*", line[body:]):
            words = list(re.finditer(r"\S+\s*", sentence.group()))
            for n in range(0, len(words), MOST_WORDS):
                text = "".join(word.group() for word in words[n : n + MOST_WORDS])
                yield start + body + sentence.start() + words[n].start(), text, voice
        start += len(line) + 1


def spoken(interview: Interview, folder: Path) -> tuple[Audio, list[Interval], list[Said]]:
    """Speak an interview: its sound, its regions, and when each name is said."""
    pieces: list[np.ndarray] = []
    said: list[Said] = []
    bounds = [0]
    length = 0
    for offset, text, voice in sentences(interview):
        wav, raw = folder / "sentence.wav", folder / "sentence.s16"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(wav)], check=True)
        PyAvDecoder().decode(wav, raw, lambda *_: None)
        sound = np.fromfile(raw, dtype="<i2")
        raw.unlink()
        for mention in interview.gold:
            if offset <= mention.start < offset + len(text):
                first, last = (
                    (length + len(sound) * (at - offset) / len(text)) * 1000 / SAMPLE_RATE_HZ
                    for at in (mention.start, min(mention.end, offset + len(text)))
                )
                said.append((frozenset(plain_words(mention.text)), int(first), int(last)))
        pieces += [sound, PAUSE]
        length += len(sound) + len(PAUSE)
        if length * 1000 // SAMPLE_RATE_HZ - bounds[-1] > REGION_MS:
            bounds.append(length * 1000 // SAMPLE_RATE_HZ)
    path = folder / f"{interview.name}.s16"
    np.concatenate(pieces).tofile(path)
    bounds.append(length * 1000 // SAMPLE_RATE_HZ)
    return Audio(path, length), [Interval(a, b) for a, b in pairwise(bounds) if a < b], said


class Tally:
    """Names found and missed, and false alarms, by how many sounds a name has."""

    def __init__(self) -> None:
        self.mentions: Counter[int] = Counter()
        self.found: dict[float, Counter[int]] = defaultdict(Counter)
        self.false: dict[float, Counter[int]] = defaultdict(Counter)
        self.name_hours: dict[int, float] = defaultdict(float)
        self.sound_s = self.took_s = 0.0

    def add(
        self, audio: Audio, regions: list[Interval], said: list[Said], names: tuple[str, ...]
    ) -> None:
        """Spot names in a recording and count."""
        begun_s = time.monotonic()
        heard = list(PocketSphinxSpotter().spot(audio, regions, names))
        self.took_s += time.monotonic() - begun_s
        self.sound_s += audio.duration_ms / 1000
        for name in filter(ways_to_say, names):
            size, words = len(ways_to_say(name)[0]), set(name.split())
            self.name_hours[size] += audio.duration_ms / 3_600_000
            own = [hit for hit in heard if hit.name == name]
            true = [(a - ABOUT_MS, b + ABOUT_MS) for text, a, b in said if words <= text]
            near = [(a - ABOUT_MS, b + ABOUT_MS) for text, a, b in said if words & text]
            self.mentions[size] += len(true)
            for score in SCORES:
                at = [hit.interval for hit in own if hit.score >= score]
                self.found[score][size] += sum(
                    any(i.start_ms < b and i.end_ms > a for i in at) for a, b in true
                )
                self.false[score][size] += sum(
                    not any(i.start_ms < b and i.end_ms > a for a, b in near) for i in at
                )

    def show(self, title: str) -> None:
        """Print a Markdown table."""
        print(f"\n{title}: {self.sound_s:.0f} s, {self.took_s / self.sound_s:.3f} of real time\n")
        heads = [f"found, false alarms/name and hour at {score}" for score in SCORES]
        print("| sounds | mentions | " + " | ".join(heads) + " |\n" + "|---" * 5 + "|")
        for size, hours in sorted(self.name_hours.items()):
            cells = [f"{self.found[s][size]}, {self.false[s][size] / hours:.1f}" for s in SCORES]
            print(f"| {size} | {self.mentions[size]} | " + " | ".join(cells) + " |")


def main() -> None:
    """Print one table for our interviews and one for real talk."""
    ours = [i for i in interviews() if i.roster and (not sys.argv[1:] or i.name in sys.argv[1:])]
    synthetic, real = Tally(), Tally()
    names: dict[str, None] = {}
    with tempfile.TemporaryDirectory() as folder:
        for interview in ours:
            assert interview.roster
            sought = sought_names(interview.roster)
            names.update(dict.fromkeys(sought))
            synthetic.add(*spoken(interview, Path(folder)), sought)
        synthetic.show("Spoken by flite")
        for path in sorted((REAL / "diarisation").glob("*.flac")):
            raw = Path(folder) / "real.s16"
            audio = PyAvDecoder().decode(path, raw, lambda *_: None).audio
            bounds = [*range(0, audio.duration_ms, REGION_MS), audio.duration_ms]
            real.add(audio, [Interval(a, b) for a, b in pairwise(bounds)], [], tuple(names))
    if real.sound_s:
        real.show(f"Real talk, {len(names)} names that are not said")


if __name__ == "__main__":
    main()
