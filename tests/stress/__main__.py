"""`python -m tests.stress --items 2000`: a Markdown table of recall and false alarms."""

import argparse

from tests.stress.detector import find
from tests.stress.score import measure, table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.stress", description=__doc__)
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--words", type=int, default=3000, help="of ordinary talk, each locale")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--missed", action="store_true", help="print what was missed")
    options = parser.parse_args()
    score = measure(find, options.items, options.words, options.seed)
    print(table(score))
    if options.missed:
        for item in score.missed:
            print(f"{item.kind} | {item.variant} | {item.text!r}")
        for alarm in score.alarms:
            print(f"false alarm | {alarm.entity_type} | {alarm.text!r}")


if __name__ == "__main__":
    main()
