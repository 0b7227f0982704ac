"""What packages for coding tools cost: `python -m tests.benchmarks.coding_tools`.

The talk is three hours of a group, 30,000 words in 4,500 turns. Prints seconds of the processor.
"""

import time
from dataclasses import replace

from transcriber.domain.recording import Kind
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.bundle import write_bundle
from transcriber.exports.presets import PRESETS
from transcriber.exports.refi.package import write_project
from transcriber.exports.release_json import ReleasedText

TURNS, WORD_MS = 4_500, 360
WORDS_A_TURN = (6, 7, 7)
STUDY = 22
"""Recordings of the founding study."""


def long_group() -> RedactedTranscript:
    """Return the talk."""
    turns: list[RedactedTurn] = []
    now_ms = 0
    for number in range(TURNS):
        tokens = []
        for _ in range(WORDS_A_TURN[number % 3]):
            tokens.append(Token(f"word{len(turns) % 97}", now_ms, now_ms + 300))
            now_ms += WORD_MS
        turns.append(RedactedTurn(f"FG1_P{number % 6 + 1}", tuple(tokens), f"w{number}"))
    coverage = Coverage(now_ms)
    return RedactedTranscript(
        *("FG01", "Feeding", "en", Quality.FULL, Checked.YES, now_ms, coverage, tuple(turns)),
        kind=Kind.GROUP,
    )


def main() -> None:
    """Time each preset for the group, and a project of a whole study."""
    group = long_group()
    print(f"{sum(len(turn.tokens) for turn in group.turns):,} words, {TURNS:,} turns")
    for key, preset in PRESETS.items():
        started_s = time.process_time()
        files = write_bundle([ReleasedText(group, {})], preset.formats, preset)
        size_kb = sum(len(data) for data in files.values()) / 1000
        print(f"{key:12} {time.process_time() - started_s:5.1f} s {size_kb:7,.0f} kB")
    study = [replace(group, code=f"FG{number:02d}") for number in range(1, STUDY + 1)]
    started_s = time.process_time()
    data = write_project(study)
    took_s = time.process_time() - started_s
    print(f"one project of {STUDY} such groups {took_s:5.1f} s {len(data) / 1000:7,.0f} kB")


if __name__ == "__main__":
    main()
