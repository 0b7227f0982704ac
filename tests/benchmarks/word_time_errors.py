"""How far beside its recognised time a word is really said.

`python -m tests.benchmarks.word_time_errors [--engine NAME] [--stretches N]`

The figures behind the padding of released sound (`domain/released_sound.py`). Words are said at
known times: by flite, which tells them (needs Debian's `flite`), and in real meetings (AMI, from
the shared data: TRANSCRIBER_DATA, else ../shared/data beside the checkout). What was recognised is
aligned with what was said by its words. A word that was heard rightly is compared with itself, and
what was misheard, as names mostly are, by the stretch between words that were heard rightly.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from tests.benchmarks.spoken_interviews import SENTENCE, SPEAKER
from tests.interviews import interviews
from tests.spoken.flite import VOICES, speak
from transcriber.bootstrap import Choice, build_engines
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.stages.protocols import Hints, Recogniser
from transcriber.stages.word_times import timed
from transcriber.stages.words import plain

BESIDE = Path(__file__).parents[3] / "shared" / "data"
PADDINGS_MS = (0, 50, 100, 150, 200, 250, 300, 400)
PAUSE_MS = 300


@dataclass(frozen=True)
class Said:
    """Sound, in which stretches to recognise it, and each word with its time."""

    audio: Audio
    regions: tuple[Interval, ...]
    words: tuple[tuple[str, Interval], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A stretch of words: how much of it lies before and behind its recognised time, in ms."""

    before_ms: int
    behind_ms: int
    misheard: bool


def main() -> None:
    """Print what share of words some padding covers wholly, and how many were never heard."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--stretches", type=int, default=60)
    given = parser.parse_args()
    recogniser = build_engines(Choice(given.engine)).recogniser
    folder = Path(os.environ.get("TRANSCRIBER_DATA", BESIDE)) / "diarisation"
    with tempfile.TemporaryDirectory() as work:
        sets = {"flite": [_spoken(Path(work), given.stretches)]}
        sets["AMI"] = [_meeting(ctm, Path(work)) for ctm in sorted(folder.glob("*.ctm"))]
        print(f"{recogniser.name}. Share of stretches that a padding covers wholly:\n")
        print("| sound | stretches | n |", *(f" {ms} ms |" for ms in PADDINGS_MS), sep="")
        print("|---|---|---|", "---|" * len(PADDINGS_MS), sep="")
        for name, said in sets.items():
            found = [each for one in said for each in errors(one, recogniser)]
            for misheard in (False, True):
                chosen = [each for each in found if each.misheard is misheard]
                what = "misheard" if misheard else "heard rightly"
                print(f"| {name} | {what} | {len(chosen)} |", *_shares(chosen), sep="")


def errors(said: Said, recogniser: Recogniser) -> Iterator[Beside]:
    """Yield how far what was said lies beside the time at which something was recognised."""
    heard = []
    recognised = recogniser.recognise(said.audio, said.regions, Hints("en"))
    for region, words in zip(said.regions, recognised, strict=True):
        heard += [(plain(word.text), word.interval) for word in timed(words, region, [region])]
    told = [(plain(text), interval) for text, interval in said.words]
    for block in Levenshtein.opcodes([text for text, _ in told], [text for text, _ in heard]):
        gold, found = (
            told[block.src_start : block.src_end],
            heard[block.dest_start : block.dest_end],
        )
        if block.tag == "equal":
            for (_, one), (_, other) in zip(gold, found, strict=True):
                yield _beside([one], [other], misheard=False)
        elif gold and found:
            yield _beside([i for _, i in gold], [i for _, i in found], misheard=True)


def _beside(gold: Sequence[Interval], found: Sequence[Interval], *, misheard: bool) -> Beside:
    start_ms, end_ms = gold[0].start_ms, max(each.end_ms for each in gold)
    before_ms = found[0].start_ms - start_ms
    return Beside(max(0, before_ms), max(0, end_ms - max(e.end_ms for e in found)), misheard)


def _shares(found: Sequence[Beside]) -> Iterator[str]:
    worst = np.array([max(each.before_ms, each.behind_ms) for each in found])
    return (f" {(worst <= ms).mean() * 100:.1f} % |" for ms in PADDINGS_MS)


def _spoken(work: Path, most: int) -> Said:
    """Speak sentences of our interviews, the eight voices by turns."""
    sentences = [
        sentence.group().strip()
        for interview in interviews()
        for line in interview.text.splitlines()
        for sentence in SENTENCE.finditer(SPEAKER.sub("", line))
        if 6 <= len(sentence.group().split()) <= 30
    ]
    chosen = sentences[:: max(1, len(sentences) // most)][:most]
    regions: list[Interval] = []
    words: list[tuple[str, Interval]] = []
    target, at = work / "flite.s16", 0
    with target.open("wb") as file:
        for number, sentence in enumerate(chosen):
            told = speak(sentence, VOICES[number % len(VOICES)])
            silence = np.zeros(PAUSE_MS * SAMPLE_RATE_HZ // 1000)
            samples = np.concatenate((told.samples, silence))
            at_ms = at * 1000 // SAMPLE_RATE_HZ
            file.write((samples * 32_767).clip(-32_768, 32_767).astype("<i2").tobytes())
            at += len(samples)
            regions.append(Interval(at_ms, at * 1000 // SAMPLE_RATE_HZ))
            words += [
                (text, Interval(at_ms + time.start_ms, at_ms + time.end_ms))
                for text, time in told.words
            ]
    return Said(Audio(target, at), tuple(regions), tuple(words))


def _meeting(ctm: Path, work: Path) -> Said:
    """Read a meeting: words of all speakers by their start, and the whole of it as one region."""
    sound = work / f"{ctm.stem}.s16"
    audio = PyAvDecoder().decode(ctm.with_suffix(".flac"), sound, lambda *_: None).audio
    rows = [line.split() for line in ctm.read_text().splitlines()]
    words = sorted(
        (round(float(start) * 1000), round(float(length) * 1000), text)
        for _, _, start, length, text, *_ in (row for row in rows if len(row) >= 5)
    )
    return Said(
        audio,
        (Interval(0, audio.duration_ms),),
        tuple((text, Interval(start, start + length)) for start, length, text in words),
    )


if __name__ == "__main__":
    main()
