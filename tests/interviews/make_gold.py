"""Writes the interviews as plain text with gold: `python -m tests.interviews.make_gold --out DIR`.

For other tools and for reading. Tests call `interviews()` and need no files.
"""

import argparse
import json
import shutil
from pathlib import Path

from tests.interviews import FOLDER, interviews


def main() -> None:
    """Write NAME.txt, NAME.gold.json and, where there is one, NAME.roster.yaml."""
    parser = argparse.ArgumentParser(description="Write the annotated interviews as text and gold.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for interview in interviews():
        (out / f"{interview.name}.txt").write_text(interview.text, "utf-8")
        gold = [mention.as_json() for mention in interview.gold]
        text = json.dumps(gold, indent=1, ensure_ascii=False) + "\n"
        (out / f"{interview.name}.gold.json").write_text(text, "utf-8")
        if interview.roster is not None:
            shutil.copy(FOLDER / f"{interview.name}.roster.yaml", out)


if __name__ == "__main__":
    main()
