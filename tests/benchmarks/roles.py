"""How often the one who leads an interview is guessed, on our annotated interviews.

    python -m tests.benchmarks.roles

Their lines begin with labels that say who leads. Each is guessed at twice: as written, and as a
recogniser without punctuation and capitals would write it. The words are right in both.
"""

import re

from tests.interviews import interviews
from tests.talk import talk
from transcriber.domain.recording import Kind
from transcriber.stages.interview.roles import guess_role

LINE = re.compile(r"(?:\[[\d:.]+\]\s*)?([A-Z][A-Z0-9_]*|[A-Z][a-z]+(?: \d+)?):\s+(.*)")
LEADS = {"INT", "MOD", "FAC", "Q", "I", "Interviewer", "Moderator", "Facilitator", "Researcher"}
LEADS |= {"Verity", "Hilary"}
"""Labels of those who ask; two interviews have names instead, and these two ask."""


def main() -> None:
    rows = []
    for interview in interviews():
        lines = [
            (found[1], found[2])
            for line in interview.text.split("\n")
            if (found := LINE.match(line)) is not None
        ]
        if len({label for label, _ in lines}) < 2:
            continue
        bare = [(label, re.sub(r"[^\w' ]", " ", said).lower()) for label, said in lines]
        rows.append((interview.name, _verdict(lines), _verdict(bare)))
    for name, written, plain in rows:
        print(f"{name:32} {written:8} {plain}")
    for title, column in (("as written", 1), ("without punctuation", 2)):
        verdicts = [row[column] for row in rows]
        counts = {kind: verdicts.count(kind) for kind in ("right", "unsure", "wrong")}
        print(f"{title}: {counts} of {len(rows)}")


def _verdict(lines: list[tuple[str, str]]) -> str:
    found = guess_role(talk(*lines), Kind.INDIVIDUAL)
    if found is None:
        return "unsure"
    return "right" if found[0] in LEADS else "wrong"


if __name__ == "__main__":
    main()
