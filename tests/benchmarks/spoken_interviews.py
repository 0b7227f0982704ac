"""Our annotated interviews, spoken by flite voices and recognised by PocketSphinx, kept on disk.

Needs `flite` (voices slt, rms, awb, kal16) and `ffmpeg` on PATH. The same text is spoken the same
way each time, so what was recognised once is read back from the folder of the first run.
"""

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from tests.interviews import Interview
from transcriber.domain.interval import Interval
from transcriber.domain.recording import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, Audio
from transcriber.domain.transcript import RecognisedWord
from transcriber.engines.pocketsphinx import PocketSphinxRecogniser
from transcriber.stages.protocols import Hints
from transcriber.stages.words import plain, words_of

VOICES = ("slt", "rms", "awb", "kal16")
SLOWER = 1.1
"""flite talks at about 220 words a minute; people who think while they talk are slower."""

SPEAKER = re.compile(r"^([^\n:]{1,40}):[ \t]*", re.MULTILINE)
SENTENCE = re.compile(r"[^.?!\n]+[.?!]*")
MOST_WORDS = 40
"""Of one stretch that is spoken and recognised by itself; a recogniser's regions are this long."""

PAUSE_MS = 300


@dataclass(frozen=True, slots=True)
class Spoken:
    """One stretch of an interview: `text[start:end]`, its voice, and what was recognised of it."""

    start: int
    end: int
    voice: str
    interval: Interval
    words: tuple[str, ...]
    times: tuple[Interval, ...]


def spoken(interview: Interview, folder: Path, most: int | None = None) -> list[Spoken]:
    """Speak and recognise an interview, its first `most` stretches or all of it.

    The sound stays in `folder` as `NAME-KEY.s16`, 16 kHz mono 16 bit, what was recognised beside
    it as `.json`.
    """
    stretches = _stretches(interview.text)[:most]
    told = [(interview.text[start:end], voice) for start, end, voice in stretches]
    key = sha256(json.dumps(told).encode()).hexdigest()[:12]
    answers = folder / f"{interview.name}-{key}.words.json"
    if not answers.exists():
        folder.mkdir(parents=True, exist_ok=True)
        heard = _recognised(_speak(told, sound_of(interview, folder, most)))
        answers.write_text(json.dumps(heard))
    return [
        Spoken(
            start,
            end,
            voice,
            Interval(*region),
            tuple(text for text, *_ in words),
            tuple(Interval(first, last) for _, first, last in words),
        )
        for (start, end, voice), (region, words) in zip(
            stretches, json.loads(answers.read_text()), strict=True
        )
    ]


def sound_of(interview: Interview, folder: Path, most: int | None = None) -> Path:
    """Return where the sound of an interview is kept."""
    stretches = _stretches(interview.text)[:most]
    told = [(interview.text[start:end], voice) for start, end, voice in stretches]
    key = sha256(json.dumps(told).encode()).hexdigest()[:12]
    return folder / f"{interview.name}-{key}.s16"


def aligned(text: str, start: int, end: int, heard: Sequence[str]) -> list[tuple[int, ...]]:
    """Return for each word heard which characters of `text[start:end]` it stands for.

    Letters are aligned with the fewest edits, so a name that is heard as several words gets them
    all. A word that stands for nothing (it was only inserted) gets none.
    """
    letters, places = [], []
    for word in words_of(text):
        if word.start >= start and word.end <= end:
            for place in range(word.start, word.end):
                for letter in plain(text[place]):
                    letters.append(letter)
                    places.append(place)
    keys = [plain(word) for word in heard]
    owners = [number for number, key in enumerate(keys) for _ in key]
    covered: list[list[int]] = [[] for _ in heard]
    for block in Levenshtein.opcodes("".join(letters), "".join(keys)):
        size = min(block.src_end - block.src_start, block.dest_end - block.dest_start)
        for step in range(size):
            covered[owners[block.dest_start + step]].append(places[block.src_start + step])
    return [tuple(chars) for chars in covered]


def _stretches(text: str) -> list[tuple[int, int, str]]:
    """Cut an interview into stretches of whole sentences; labels are not spoken."""
    voices: dict[str, str] = {}
    found: list[tuple[int, int, str]] = []
    place = 0
    for line in text.splitlines(keepends=True):
        label = SPEAKER.match(line)
        speaker = label[1] if label else ""
        voice = voices.setdefault(speaker, VOICES[len(voices) % len(VOICES)])
        at = place + (label.end() if label else 0)
        begin, count = at, 0
        for sentence in SENTENCE.finditer(text, at, place + len(line)):
            size = len(sentence.group().split())
            if count and count + size > MOST_WORDS:
                found.append((begin, sentence.start(), voice))
                begin, count = sentence.start(), 0
            count += size
        if text[begin : place + len(line)].strip():
            found.append((begin, place + len(line), voice))
        place += len(line)
    return found


def _speak(told: Sequence[tuple[str, str]], target: Path) -> tuple[Audio, list[Interval]]:
    regions: list[Interval] = []
    silence = bytes(PAUSE_MS * SAMPLE_RATE_HZ // 1000 * BYTES_PER_SAMPLE)
    sound = target.with_suffix(".wav")
    with target.open("wb") as out:
        for text, voice in told:
            pace = f"duration_stretch={SLOWER}"
            subprocess.run(
                ["flite", "-voice", voice, "--setf", pace, "-t", text.strip(), "-o", str(sound)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            samples = subprocess.run(
                [
                    *("ffmpeg", "-v", "error", "-i", str(sound)),
                    *("-ar", str(SAMPLE_RATE_HZ), "-ac", "1", "-f", "s16le", "-"),
                ],
                check=True,
                stdout=subprocess.PIPE,
            ).stdout
            first = out.tell()
            out.write(samples + silence)
            regions.append(Interval(_ms(first), _ms(out.tell())))
        size = out.tell()
    sound.unlink(missing_ok=True)
    return Audio(target, size // BYTES_PER_SAMPLE), regions


def _ms(size: int) -> int:
    return size * 1000 // (SAMPLE_RATE_HZ * BYTES_PER_SAMPLE)


def _recognised(
    sound: tuple[Audio, list[Interval]],
) -> list[tuple[tuple[int, int], list[tuple[str, int, int]]]]:
    audio, regions = sound
    heard = PocketSphinxRecogniser().recognise(audio, regions, Hints("en"))
    return [
        ((region.start_ms, region.end_ms), [_timed(word) for word in words])
        for region, words in zip(regions, heard, strict=True)
    ]


def _timed(word: RecognisedWord) -> tuple[str, int, int]:
    assert word.start_ms is not None
    assert word.end_ms is not None
    return word.text, word.start_ms, word.end_ms
