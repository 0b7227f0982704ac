"""Voices heard before are proposed by the real command, with real engines, only with consent."""

import json
import wave
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from transcriber.cli import main
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.sample import sample_gold
from transcriber.stages.pcm import read_samples

PARTS = {"FG01": Interval(0, 45_000), "FG02": Interval(105_000, 150_000)}
"""All four people of the sample speak in both, and say other things."""


@pytest.fixture(scope="module")
def sessions(sample_decoded: Audio, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two parts of the sample as two recordings of one study."""
    folder = tmp_path_factory.mktemp("sessions")
    for code, part in PARTS.items():
        with wave.open(str(folder / f"{code}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE_HZ)
            file.writeframes(read_samples(sample_decoded, part).tobytes())
    return [str(folder / f"{code}.wav") for code in PARTS]


def people(private: Path, code: str) -> dict[str, str]:
    """Return who each speaker of a recording is, by what the sample says of the same time."""
    made = json.loads((private / f"{code}.transcript.json").read_text())
    gold = json.loads(sample_gold().read_text())["turns"]
    found: dict[str, Counter[str]] = {}
    for word in made["words"]:
        middle_ms = PARTS[code].start_ms + (word["start_ms"] + word["end_ms"]) // 2
        for turn in gold:
            if turn["start_ms"] <= middle_ms < turn["end_ms"]:
                found.setdefault(word["speaker"], Counter())[turn["speaker"]] += 1
    return {speaker: counts.most_common(1)[0][0] for speaker, counts in found.items()}


def speakers(private: Path, code: str) -> dict[str, dict[str, Any]]:
    """Return what is written of each speaker of a recording."""
    listed = json.loads((private / f"{code}.speakers.json").read_text())["speakers"]
    return {speaker["id"]: speaker for speaker in listed}


@pytest.mark.slow
def test_a_voice_is_proposed_confirmed_and_forgotten(
    sessions: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "study"
    private = out / "private"
    run = ["run", *sessions, "--kind", "group", "--labels", "linked", "--speakers", "4"]
    run += ["--out", str(out), "--compare-voices"]

    assert main(run) != 0
    assert not (private / "voices.sqlite").exists()
    assert "consent" in " ".join(capsys.readouterr())

    private.mkdir(parents=True, exist_ok=True)
    (private / "consent.yaml").write_text(
        "voice_prints: yes\nrecorded_on: 2026-11-20\nrecorded_by: consent form 3\n"
    )
    assert main(run) == 0
    before, after = people(private, "FG01"), people(private, "FG02")
    proposed = {
        speaker: written["sounds_like"][0]
        for speaker, written in speakers(private, "FG02").items()
        if written["sounds_like"]
    }
    assert len(proposed) >= 3
    for speaker, likeness in proposed.items():
        assert before[likeness["speaker"]] == after[speaker]
    assert all(not s["sounds_like"] for s in speakers(private, "FG01").values())

    assert main(["voices", "list", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert all(f"{speaker} of FG02 sounds like" in said for speaker in proposed)

    speaker, likeness = next(iter(proposed.items()))
    known = speakers(private, "FG01")[likeness["speaker"]]["label"]
    assert speakers(private, "FG02")[speaker]["label"] != known
    who = ["FG02", speaker, "FG01", likeness["speaker"]]
    assert main(["voices", "confirm", *who, "--out", str(out)]) == 0
    assert main(run) == 0
    assert speakers(private, "FG02")[speaker]["label"] == known

    assert main(["voices", "forget", "--all", "--out", str(out)]) == 0
    capsys.readouterr()
    assert main(["voices", "list", "--out", str(out)]) == 0
    assert "sounds like" not in capsys.readouterr().out
