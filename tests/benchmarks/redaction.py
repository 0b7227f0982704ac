"""How much of real talk is found without a roster: `python -m tests.benchmarks.redaction`.

Needs the shared data (TRANSCRIBER_DATA, else ../shared/data beside the checkout).
"""

import json
import os
from collections import Counter
from pathlib import Path

from transcriber.domain.roster import Roster
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect

BESIDE = Path(__file__).parents[3] / "shared" / "data"


def main() -> None:
    """Print a Markdown table: a mention counts when all its letters and digits are covered."""
    folder = Path(os.environ.get("TRANSCRIBER_DATA", BESIDE)) / "redaction"
    detectors, policy = (PresidioDetector(),), load_policy("default")
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    texts = sorted(folder.glob("*.txt"))
    for path in texts:
        text = path.read_text("utf-8")
        covered = {
            offset
            for finding in detect(text, policy, Roster(), detectors)
            for offset in range(finding.start, finding.end)
        }
        gold = json.loads(path.with_suffix(".gold.json").read_text("utf-8"))
        for span in gold:
            kind = span["type"]
            letters = [o for o in range(span["start"], span["end"]) if text[o].isalnum()]
            total[kind] += 1
            found[kind] += covered.issuperset(letters)
    print(f"{len(texts)} texts\n\n| type | found | of | recall |\n|---|---|---|---|")
    for kind in sorted(total):
        print(f"| {kind} | {found[kind]} | {total[kind]} | {found[kind] / total[kind]:.2f} |")


if __name__ == "__main__":
    main()
