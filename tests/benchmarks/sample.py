"""How well and how fast the sample focus group is done: `python -m tests.benchmarks.sample`.

The sample was written with this recogniser in mind, so its word error rate is flattering.
"""

import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jiwer

from transcriber.bootstrap import build_engines
from transcriber.domain.recording import ANY_COUNT, Kind
from transcriber.domain.transcript import Transcript
from transcriber.exports.transcript_json import read_transcript
from transcriber.sample import sample_audio, sample_gold, sample_roster
from transcriber.services.batch import BatchRequest, run_batch
from transcriber.services.outcome import Done, Outcome
from transcriber.services.policy_file import load_policy
from transcriber.services.roster_file import load_roster


class Timings:
    """Implements `Reporter`; keeps when each stage was first and last heard of."""

    def __init__(self) -> None:
        self.first_s: dict[str, float] = {}
        self.last_s: dict[str, float] = {}

    def searching(self, number: int, total: int, path: Path) -> None:
        self.begun_s = time.monotonic()

    def writing(self, number: int, total: int, path: Path) -> None:
        pass

    def stage(self, stage: str, done: int, total: int) -> None:
        self.first_s.setdefault(stage, time.monotonic() - self.begun_s)
        self.last_s[stage] = time.monotonic() - self.begun_s

    def ended(self, outcome: Outcome | None) -> None:
        self.took_s = time.monotonic() - self.begun_s


def plain(text: str) -> str:
    """Lower case, letters, digits and apostrophes only."""
    return re.sub(r"[^a-z0-9' ]+", " ", text.lower())


def words_under_wrong_speaker(transcript: Transcript, turns: Sequence[Any]) -> tuple[int, int]:
    """Count words in one gold turn only that are not under that voice's majority speaker."""
    counts: dict[str, Counter[str | None]] = {}
    for word in transcript.words:
        middle_ms = (word.start_ms + word.end_ms) / 2
        here = [turn for turn in turns if turn["start_ms"] <= middle_ms <= turn["end_ms"]]
        if len(here) == 1:
            counts.setdefault(here[0]["speaker"], Counter())[word.speaker] += 1
    total = sum(count.total() for count in counts.values())
    return total - sum(max(count.values()) for count in counts.values()), total


def main() -> None:
    """Print a Markdown table."""
    gold = json.loads(sample_gold().read_text())
    timings = Timings()
    with tempfile.TemporaryDirectory() as folder:
        request = BatchRequest(
            inputs=[(sample_audio(),)],
            out=Path(folder) / "out",
            study="Sample",
            kind=Kind.GROUP,
            speakers=ANY_COUNT,
            roster=load_roster(sample_roster()),
            policies=(load_policy("default"),),
        )
        (outcome,) = run_batch(request, build_engines(), timings)
        assert isinstance(outcome, Done), outcome
        private = request.out / "private" / f"{outcome.code}.transcript.json"
        transcript = read_transcript(private.read_bytes())
        redacted = json.loads((request.out / "redacted" / f"{outcome.code}.json").read_bytes())
    said = plain(" ".join(turn["text"] for turn in gold["turns"]))
    wrong, total = words_under_wrong_speaker(transcript, gold["turns"])
    clean = plain(" ".join(turn["text"] for turn in redacted["turns"]))
    originals = {plain(entry["text"]).strip() for entry in gold["identifiers"]}
    left = sorted(name for name in originals if f" {name} " in f" {clean} ")
    print("| figure | value |\n|---|---|")
    print(f"| length | {transcript.duration_ms / 1000:.0f} s |")
    print(f"| time taken | {timings.took_s:.0f} s |")
    for stage in timings.first_s:
        print(f"| … {stage} was done after | {timings.last_s[stage]:.1f} s |")
    print(f"| word error rate | {jiwer.wer(said, plain(transcript.text)):.3f} |")
    print(f"| voices | {len(transcript.speakers)} of 4 |")
    print(f"| words under the wrong speaker | {wrong} of {total} ({wrong / total:.1%}) |")
    print(f"| identifiers replaced | {outcome.removed.total()} |")
    print(f"| gold identifiers still readable as written | {len(left)} of {len(originals)} |")
    for name in left:
        print(f"| … still there | {name} |")


if __name__ == "__main__":
    main()
