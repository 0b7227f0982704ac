"""How long a release takes to write in every format: `python -m tests.benchmarks.formats`.

A group of three hours: 30,000 words in 4,500 turns of six people. Seconds of the processor; the
same again for the search that each file goes through before a release.
"""

import argparse
import time
from random import Random

from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.file_check import check_files
from transcriber.exports.formats import FORMATS
from transcriber.stages.second_look.check import second_look

WORDS, TURNS, HOURS = 30_000, 4_500, 3
NAMES = 40


def main() -> None:
    """Print a line for each format, and the sums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    transcript = long_transcript()
    policy = Policy("all", Style.LABEL, {EntityType.PERSON: Action.REPLACE})
    look = second_look([_finding(number) for number in range(NAMES)], Roster(), policy)
    check_files({"a.txt": b"nothing"}, look)
    writing = searching = 0.0
    for key, each in FORMATS.items():
        begun = time.process_time()
        data = each.write(transcript)
        written = time.process_time()
        check_files({f"transcript.{key}": data}, look)
        searched = time.process_time()
        print(f"{key:16}{written - begun:8.2f} s{searched - written:8.2f} s{len(data):12,} bytes")
        writing, searching = writing + written - begun, searching + searched - written
    print(f"{'all':16}{writing:8.2f} s{searching:8.2f} s")


def long_transcript() -> RedactedTranscript:
    """Return three hours of talk of the words that people use most."""
    random, words = Random(9), ("and", "so", "they", "came", "back", "because", "nobody", "had")
    word_ms = HOURS * 3_600_000 // WORDS
    begins = sorted({0, *random.sample(range(1, WORDS), TURNS - 1)})
    turns = []
    for number, (first, after) in enumerate(zip(begins, [*begins[1:], WORDS], strict=True)):
        tokens = tuple(
            Token(random.choice(words), at * word_ms, (at + 1) * word_ms - 40)
            for at in range(first, after)
        )
        turns.append(RedactedTurn(f"P{number % 6 + 1:02}", tokens, f"w{first:06}"))
    duration_ms = HOURS * 3_600_000
    return RedactedTranscript(
        code="FG01",
        study="Feeding support",
        language="en",
        quality=Quality.FULL,
        checked=Checked.YES,
        duration_ms=duration_ms,
        coverage=Coverage(duration_ms),
        turns=tuple(turns),
        release_number=1,
    )


def _finding(number: int) -> Finding:
    text = f"Quen{chr(97 + number % 26)}lla Zeb{chr(97 + number // 26)}owski"
    return Finding(
        *(0, len(text), EntityType.PERSON, text, 1.0, "made up"),
        action=Action.REPLACE,
        replacement=f"[PERSON_{number}]",
    )


if __name__ == "__main__":
    main()
