"""Labelled talk: which turns of others tell what somebody said who takes it back.

`python -m tests.echoes.labelled` prints how many are listed, and how much of three groups that were
written for something else, each of whose participants is taken to withdraw in turn.

We wrote the talk for this, and labelled it before anything was measured: `*` behind a label is an
echo, `?` may be listed or not. Rules and weights of the stage were chosen on `chosen_on`;
`held_out` was looked at once, when they stood.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.talk import talk
from transcriber.domain.transcript import Transcript
from transcriber.stages.echoes import find_echoes

HERE = Path(__file__).parent
SETS = ("chosen_on", "held_out")


@dataclass(frozen=True)
class Dialogue:
    """Talk, whose turns are taken back, and the numbers of the lines that echo or may."""

    name: str
    transcript: Transcript
    withdraws: str
    lines: tuple[str, ...]
    echoes: frozenset[int]
    either: frozenset[int]

    def listed(self) -> frozenset[int]:
        """The numbers of the lines in which something is listed."""
        words = {word.id: number for number, word in enumerate(self.transcript.words)}
        begins = [segment.first_word for segment in self.transcript.segments]
        return frozenset(
            sum(begin <= words[echo.first] for begin in begins) - 1
            for echo in find_echoes(self.transcript, frozenset({self.withdraws}))
        )


@dataclass(frozen=True)
class Figures:
    """Turns of others, of which so many echo; of those that are listed so many do."""

    turns: int
    echoes: int
    listed: int
    found: int

    @property
    def recall(self) -> float:
        return self.found / self.echoes

    @property
    def precision(self) -> float:
        return self.found / self.listed

    @property
    def share(self) -> float:
        """How much of all others' turns is listed."""
        return self.listed / self.turns


def read(path: Path) -> Dialogue:
    """Read one, in which no two turns in a row are of the same voice."""
    first, *rest = path.read_text("utf-8").splitlines()
    told = [line.partition(": ") for line in rest]
    marks = {number: label[-1] for number, (label, _, _) in enumerate(told)}
    lines = [(label.rstrip("*?"), said) for label, _, said in told]
    return Dialogue(
        path.stem,
        talk(*lines),
        first.removeprefix("withdraws "),
        tuple(rest),
        frozenset(number for number, mark in marks.items() if mark == "*"),
        frozenset(number for number, mark in marks.items() if mark == "?"),
    )


def dialogues(which: str) -> list[Dialogue]:
    return [read(path) for path in sorted((HERE / which).glob("*.txt"))]


def figures(which: str) -> Figures:
    """Count over all talk of a set; what may be listed or not counts as neither."""
    turns = echoes = listed = found = 0
    for each in dialogues(which):
        mine = sum(line.startswith(each.withdraws) for line in each.lines)
        counted = each.listed() - each.either
        turns += len(each.lines) - mine - len(each.either)
        echoes += len(each.echoes)
        listed += len(counted)
        found += len(counted & each.echoes)
    return Figures(turns, echoes, listed, found)


def shares_elsewhere() -> list[float]:
    """How much of others' turns is listed for each participant of the groups of `interviews`."""
    shares = []
    for path in sorted((HERE.parent / "interviews").glob("*_group.marked.txt")):
        text = re.sub(r"\{[^|}]*\|([^}]*)\}", r"\1", path.read_text("utf-8"))
        told = [line.split(": ", 1) for line in text.splitlines() if ": " in line]
        transcript = talk(*((label, said) for label, said in told))
        for who in sorted({label for label, _ in told} - {"MOD"}):
            lines = tuple(f"{label}: {said}" for label, said in told)
            each = Dialogue(path.stem, transcript, who, lines, frozenset(), frozenset())
            others = sum(segment.speaker != who for segment in transcript.segments)
            shares.append(len(each.listed()) / others)
    return shares


def main() -> None:
    for which in SETS:
        told = figures(which)
        print(
            f"{which}: {told.turns} turns of others, {told.echoes} echo; {told.listed} listed "
            f"({told.share:.0%}), {told.found} of them do; recall {told.recall:.2f}, precision "
            f"{told.precision:.2f}"
        )
    shares = shares_elsewhere()
    print(
        f"other groups: {len(shares)} participants, listed {min(shares):.0%} to {max(shares):.0%}, "
        f"median {median(shares):.0%}"
    )


if __name__ == "__main__":
    main()
