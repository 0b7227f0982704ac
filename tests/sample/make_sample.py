"""Makes the sample focus group from its script: `python -m tests.sample.make_sample --out DIR`.

Needs `flite` (with the voices rms, slt, awb and kal16) and `sox` on PATH. flite speaks the same
sentence the same way each time and sox runs with a fixed seed, so the same versions of both give
the same sound. The output is shipped with the package; nothing runs this on a user's machine.

Writes to DIR: `focus-group.wav` (not compressed, for comparison), `focus-group.ogg` and
`gold.json`.
"""

import argparse
import json
import re
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import av
import yaml

SAMPLE_RATE_HZ = 16_000
SCRIPT = Path(__file__).parents[2] / "transcriber" / "sample" / "script.yaml"
MARKED = re.compile(r"\[([A-Z]+) ([^\]]+)\]")

PEAK_DBFS = -4
"""Loudest sample of every turn: two voices at once then stay below clipping in this script."""

SLOWER = 1.1
"""flite talks at about 220 words a minute; people who think while they talk are slower."""

EDGE_DBFS = -60
"""Quieter than this at either end of a turn is silence; a soft "th" is louder."""

ROOM_DBFS = -58
"""A quiet room. Digital silence would be kinder to a speech detector than any real recording."""

TAIL_MS = 800
BITS_PER_SECOND = 40_000
"""Opus at this rate is transparent for one wide-band voice; three minutes stay under 1 MB."""


@dataclass(frozen=True)
class Line:
    """A turn of the script."""

    speaker: str
    voice: str
    spoken: str
    identifiers: tuple[tuple[str, str], ...]
    pause_ms: int
    overlap_ms: int
    withhold: bool


@dataclass(frozen=True)
class Spoken:
    """A turn that was spoken: its sound, and when it begins and ends in the recording."""

    line: Line
    sound: Path
    start_ms: int
    end_ms: int


def read_script(path: Path) -> list[Line]:
    """The turns of the script, with the marks taken out of the text and kept beside it."""
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Line(
            speaker=turn["speaker"],
            voice=script["speakers"][turn["speaker"]]["voice"],
            spoken=MARKED.sub(r"\2", turn["text"]).strip(),
            identifiers=tuple(MARKED.findall(turn["text"])),
            pause_ms=turn.get("pause_ms", script["default_pause_ms"]),
            overlap_ms=turn.get("overlap_ms", 0),
            withhold=turn.get("withhold", False),
        )
        for turn in script["turns"]
    ]


def speak(line: Line, sound: Path) -> None:
    """One turn as a wave file: 16 kHz mono, silence trimmed from both ends, at a common level."""
    raw = sound.with_suffix(".raw.wav")
    pace = f"duration_stretch={SLOWER}"
    _run(*("flite", "-voice", line.voice, "--setf", pace, "-t", line.spoken, "-o", str(raw)))
    trim = ["silence", "1", "0.02", f"{EDGE_DBFS}d", "reverse"]
    level = ["gain", "-n", str(PEAK_DBFS)]
    _run(
        *("sox", "-R", str(raw), "-r", str(SAMPLE_RATE_HZ), "-c", "1", "-b", "16", str(sound)),
        *(*trim, *trim, *level),
    )
    raw.unlink()


def arrange(lines: list[Line], folder: Path) -> list[Spoken]:
    """Speaks every line and places the turns one after another, with pauses and over-talk."""
    spoken: list[Spoken] = []
    now_ms = 0
    for number, line in enumerate(lines):
        sound = folder / f"{number:02d}.wav"
        speak(line, sound)
        start_ms = now_ms - line.overlap_ms if line.overlap_ms else now_ms + line.pause_ms
        end_ms = start_ms + _duration_ms(sound)
        spoken.append(Spoken(line, sound, start_ms, end_ms))
        # A turn that is spoken into another may end before it; the next waits for both.
        now_ms = max(now_ms, end_ms)
    return spoken


def mix(spoken: list[Spoken], target: Path, folder: Path) -> None:
    """All turns at their times over the noise of a quiet room."""
    length_s = (max(turn.end_ms for turn in spoken) + TAIL_MS) / 1000
    room = folder / "room.wav"
    _run(
        *("sox", "-R", "-n", "-r", str(SAMPLE_RATE_HZ), "-c", "1", "-b", "16", str(room)),
        *("synth", f"{length_s:.3f}", "pinknoise", "gain", "-n", str(ROOM_DBFS)),
    )
    inputs = ["-v", "1", str(room)]
    for turn in spoken:
        placed = turn.sound.with_suffix(".placed.wav")
        _run("sox", "-R", str(turn.sound), str(placed), "pad", f"{turn.start_ms / 1000:.3f}")
        inputs += ["-v", "1", str(placed)]
    _run("sox", "-R", "-m", *inputs, "-b", "16", str(target))


def encode(source: Path, target: Path) -> None:
    """The wave file as Ogg Opus, without a random serial number so that it can be made again."""
    options = {"fflags": "+bitexact", "serial_offset": "1"}
    with av.open(str(source)) as wav, av.open(str(target), "w", options=options) as ogg:
        stream = ogg.add_stream("libopus", rate=SAMPLE_RATE_HZ, layout="mono")
        stream.bit_rate = BITS_PER_SECOND
        stream.options = {"application": "voip", "flags": "+bitexact"}
        for frame in wav.decode(audio=0):
            ogg.mux(stream.encode(frame))
        ogg.mux(stream.encode(None))


def gold(spoken: list[Spoken]) -> dict[str, object]:
    """What is true of the recording; turn numbers count from 0."""
    return {
        "schema": "transcriber-sample/1",
        "audio": "focus-group.ogg",
        "turns": [
            {
                "speaker": turn.line.speaker,
                "start_ms": turn.start_ms,
                "end_ms": turn.end_ms,
                "text": turn.line.spoken,
                "withhold": turn.line.withhold,
            }
            for turn in spoken
        ],
        "identifiers": [
            {"entity_type": kind, "text": text, "turn": number}
            for number, turn in enumerate(spoken)
            for kind, text in turn.line.identifiers
        ],
    }


def main() -> None:
    """Reads the arguments and makes the three files."""
    parser = argparse.ArgumentParser(description="Make the sample focus group from its script.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the three files")
    parser.add_argument("--script", type=Path, default=SCRIPT, help="the script to speak")
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        spoken = arrange(read_script(arguments.script), Path(folder))
        mix(spoken, out / "focus-group.wav", Path(folder))
    encode(out / "focus-group.wav", out / "focus-group.ogg")
    truth = json.dumps(gold(spoken), indent=1, ensure_ascii=False)
    (out / "gold.json").write_text(truth + "\n", encoding="utf-8")


def _duration_ms(sound: Path) -> int:
    with wave.open(str(sound)) as wav:
        return int(wav.getnframes() * 1000 // wav.getframerate())


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
