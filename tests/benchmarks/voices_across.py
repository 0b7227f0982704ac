"""Whether voices are recognised across the recordings of a study, on interviews made for it.

    python -m tests.benchmarks.voices_across [--interviewer rms|f3] [--recorder one|several|…]

Nineteen interviews of about a minute: one interviewer, nineteen participants, each said by another
voice of flite or espeak-ng; then a group of the interviewer and four of them. Needs `flite`,
`espeak-ng` and `sox` on PATH. Sentences, pace, noise and level differ from interview to interview;
with `several` recorders so do echo and the band, with `telephone` half of the interviews are calls.
Prints what was proposed rightly and wrongly, and how alike voices are.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio, SpeakerCount
from transcriber.domain.transcript import Turn, Voice
from transcriber.domain.voice_print import VoicePrint
from transcriber.engines.silero import SileroDetector
from transcriber.engines.voices.comparer import ResemblyzerComparer
from transcriber.engines.voices.resemblyzer import ResemblyzerDiariser
from transcriber.stages.interview.voice_matching import propose
from transcriber.stages.interview.voice_prints import voice_prints
from transcriber.stages.pcm import SAMPLES_PER_MS

FLITE = ("rms", "awb", "kal16", "slt")
ESPEAK = (
    "f3",
    "m1",
    "m2",
    "m3",
    "m4",
    "m5",
    "m7",
    "f1",
    "f2",
    "f4",
    "f5",
    "klatt2",
    "Andrea",
    "belinda",
    "edward",
    "Gene",
    "Michael",
    "steph2",
    "anika",
)
INTERVIEWS = 19
BACK_IN_THE_GROUP = (2, 7, 11, 16)

QUESTIONS = (
    "How did you come to be a peer supporter, and what were you told before you began?",
    "Can you tell me about a visit that you remember well?",
    "What would have made that easier for you, do you think?",
    "And how did your family feel about the time that you gave to it?",
    "What would you say to somebody who starts next week?",
)
ANSWERS = (
    "I saw a notice at the clinic and thought that I could do that, as somebody did it for me.",
    "She opened the door and she was crying, and I put the kettle on before I said anything.",
    "A warm room would help. We sat in a corridor for the whole winter and people walked past us.",
    "My husband was proud of it, I think, but the children wanted to know why I was out again.",
    "You do not have to know everything. You have to listen, and to come back when you said so.",
    "There were twelve of us in the beginning, and after two years only three of us went on.",
    "The training was on six Saturdays, and most of what I use I learned on the last of them.",
)

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Recorded:
    """A recording and who says what in it: a voice for each stretch, in milliseconds."""

    code: str
    samples: npt.NDArray[np.int16]
    said: tuple[tuple[str, int, int], ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interviewer", choices=("rms", "f3"), default="rms")
    parser.add_argument("--recorder", choices=("one", "several", "telephone"), default="one")
    arguments = parser.parse_args()
    others = [voice for voice in (*FLITE, *ESPEAK) if voice != arguments.interviewer]
    with tempfile.TemporaryDirectory() as folder:
        study = _study(arguments.interviewer, others[:INTERVIEWS], arguments.recorder, Path(folder))
        _measure(study, arguments.interviewer, Path(folder))


def _study(
    interviewer: str, participants: Sequence[str], recorder: str, folder: Path
) -> Iterator[Recorded]:
    for number, participant in enumerate(participants, start=1):
        random = Random(number)
        effect = _effect(recorder, number)
        yield _recorded(f"INT{number:02d}", interviewer, [participant], effect, random, folder)
    group = [participants[number] for number in BACK_IN_THE_GROUP]
    yield _recorded("FG01", interviewer, group, _effect(recorder, 0), Random(99), folder)


def _effect(recorder: str, number: int) -> list[str]:
    if recorder == "several":
        return [[], ["reverb", "20"], ["sinc", "-7000"], ["reverb", "10", "sinc", "80-6000"]][
            number % 4
        ]
    if recorder == "telephone" and number % 2:
        return ["sinc", "300-3400"]
    return []


def _recorded(
    code: str,
    interviewer: str,
    participants: Sequence[str],
    effect: Sequence[str],
    random: Random,
    folder: Path,
) -> Recorded:
    pieces: list[Samples] = []
    said: list[tuple[str, int, int]] = []
    at = 0
    answers = random.sample(ANSWERS, k=5)
    pace = {voice: random.uniform(0.95, 1.1) for voice in (interviewer, *participants)}
    for place, question in enumerate(random.sample(QUESTIONS, k=5)):
        answering = participants[place % len(participants)]
        for voice, text in ((interviewer, question), (answering, answers[place])):
            spoken = _speak(voice, text, pace[voice], effect, folder)
            silence = np.zeros(round(random.uniform(0.2, 0.8) * SAMPLE_RATE_HZ))
            start = at + len(silence)
            at = start + len(spoken)
            said.append((voice, start // SAMPLES_PER_MS, at // SAMPLES_PER_MS))
            pieces += [silence, spoken]
    sound = np.concatenate(pieces) * random.uniform(0.3, 0.9)
    noise = np.random.default_rng(random.randrange(2**31)).normal(0, random.uniform(10, 80), at)
    samples = np.clip(sound + noise, -32_768, 32_767).astype(np.int16)
    return Recorded(code, samples, tuple(said))


def _speak(voice: str, text: str, pace: float, effect: Sequence[str], folder: Path) -> Samples:
    raw, made = folder / "raw.wav", folder / "made.s16"
    command = (
        ["flite", "-voice", voice, "--setf", f"duration_stretch={1 / pace:.3f}", "-t", text]
        if voice in FLITE
        else ["espeak-ng", "-v", f"en+{voice}", "-s", f"{round(155 * pace)}", text]
    )
    target = ["-o", str(raw)] if voice in FLITE else ["-w", str(raw)]
    subprocess.run([*command, *target], check=True, capture_output=True)
    form = ["-r", str(SAMPLE_RATE_HZ), "-c", "1", "-b", "16", "-e", "signed", "-t", "raw"]
    subprocess.run(
        ["sox", str(raw), *form, str(made), *effect, "gain", "-n", "-6"],
        check=True,
        capture_output=True,
    )
    return np.fromfile(made, dtype="<i2").astype(np.float64)


def _measure(study: Iterator[Recorded], interviewer: str, folder: Path) -> None:
    known: list[VoicePrint] = []
    owners: dict[str, str] = {}
    same: list[float] = []
    different: list[float] = []
    right = wrong = chances = 0
    for recorded in study:
        voices, names = _heard(recorded, folder)
        proposals = {p.speaker: p for p in propose(voices, known)}
        for voice in voices:
            name, found = names[voice.speaker], proposals.get(voice.speaker)
            heard_before = name in owners.values()
            chances += heard_before
            if found is not None:
                good = owners.get(found.owner) == name
                right, wrong = right + good, wrong + (not good)
            verdict = "-" if found is None else f"{found.owner} {found.similarity:.3f}"
            print(f"{recorded.code} {voice.speaker} {name:8} known {heard_before!s:5} {verdict}")
            for print_ in known:
                likeness = float(np.dot(print_.vector, voice.print))
                (
                    same if owners[f"{print_.recording}/{print_.speaker}"] == name else different
                ).append(likeness)
        for voice in voices:
            found = proposals.get(voice.speaker)
            owners[f"{recorded.code}/{voice.speaker}"] = names[voice.speaker]
            known.append(
                VoicePrint(
                    recorded.code,
                    voice.speaker,
                    "INT" if names[voice.speaker] == interviewer else "P01",
                    "",
                    voice.print,
                    resembles=found.owner if found else None,
                )
            )
    print(f"interviewer {interviewer}: {right} of {chances} voices heard before, {wrong} wrongly")
    for title, values in (("same", same), ("different", different)):
        told = np.percentile(values, [0, 5, 50, 95, 100]).round(3)
        print(f"{title}: {len(values)} pairs, least, 5 %, median, 95 %, most: {told}")


def _heard(recorded: Recorded, folder: Path) -> tuple[tuple[Voice, ...], dict[str, str]]:
    """Return the voices that diarisation found, and whose each of them mostly is."""
    path = folder / "recording.s16"
    recorded.samples.astype("<i2").tofile(path)
    audio = Audio(path, len(recorded.samples))
    count = len({voice for voice, _, _ in recorded.said})
    speech = SileroDetector().speech(audio)
    found = ResemblyzerDiariser().diarise(
        audio, speech, SpeakerCount(count, count), lambda *_: None
    )
    voices = voice_prints(audio, found.turns, ResemblyzerComparer(), lambda *_: None)
    return voices, {voice.speaker: _whose(voice.speaker, found.turns, recorded) for voice in voices}


def _whose(speaker: str, turns: Sequence[Turn], recorded: Recorded) -> str:
    shared: dict[str, int] = {}
    for turn in turns:
        for voice, start_ms, end_ms in recorded.said:
            first, last = turn.interval.start_ms, turn.interval.end_ms
            overlap_ms = max(min(last, end_ms) - max(first, start_ms), 0)
            if turn.speaker == speaker:
                shared[voice] = shared.get(voice, 0) + overlap_ms
    return max(shared, key=lambda voice: shared[voice])


if __name__ == "__main__":
    main()
