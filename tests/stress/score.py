"""Recall on the items and false alarms in ordinary talk, as a table."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.stress.items import Item, make_items
from tests.stress.ordinary import ordinary_talk
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.policy import Locale

MEASURED = frozenset(
    {
        *(EntityType.PHONE, EntityType.ID, EntityType.POSTCODE, EntityType.EMAIL, EntityType.URL),
        *(EntityType.HANDLE, EntityType.DATE, EntityType.AGE),
    }
)
Find = Callable[[str, Locale], Sequence[Finding]]


@dataclass
class Score:
    """What was found of each kind and variant, and which talk raised a false alarm."""

    made: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    typed: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[Item] = field(default_factory=list)
    alarms: list[Finding] = field(default_factory=list)
    words: int = 0

    @property
    def recall(self) -> float:
        """Share of items of which every marked letter and digit lies in a finding."""
        return sum(self.found.values()) / max(sum(self.made.values()), 1)

    @property
    def typed_recall(self) -> float:
        """The same, by findings of the right type alone."""
        return sum(self.typed.values()) / max(sum(self.made.values()), 1)

    @property
    def alarms_per_1000_words(self) -> float:
        """Findings in talk that holds no identifier."""
        return 1000 * len(self.alarms) / max(self.words, 1)


def measure(find: Find, items: int, ordinary_words: int, seed: int) -> Score:
    """Score a detector on items of this seed and on this much ordinary talk for each locale."""
    score = Score()
    for item in make_items(items, seed):
        row = item.kind, item.variant
        findings = find(item.text, item.locale)
        score.made[row] += 1
        score.found[row] += covered(item, findings)
        score.typed[row] += covered(item, [f for f in findings if f.entity_type in item.types])
        if not covered(item, findings):
            score.missed.append(item)
    for number, locale in enumerate(Locale):
        text = ordinary_talk(ordinary_words, Random(seed + number))
        score.words += len(text.split())
        score.alarms += [f for f in find(text, locale) if f.entity_type in MEASURED]
    return score


def covered(item: Item, findings: Sequence[Finding]) -> bool:
    """Whether every letter and digit of every marked span lies in some finding."""
    inside = {n for finding in findings for n in range(finding.start, finding.end)}
    return all(
        position in inside or not item.text[position].isalnum()
        for start, end in item.gold
        for position in range(start, end)
    )


def table(score: Score) -> str:
    """A Markdown table by kind, the worst variants of each beside it."""
    lines = [
        "| kind | items | recall | right type | variants below 1.00 |",
        "|---|---|---|---|---|",
    ]
    for kind in dict.fromkeys(kind for kind, _ in score.made):
        rows = [row for row in score.made if row[0] == kind]
        made = sum(score.made[row] for row in rows)
        found, typed = (sum(counts[row] for row in rows) for counts in (score.found, score.typed))
        worst = ", ".join(
            f"{variant} {score.found[kind, variant]}/{score.made[kind, variant]}"
            for _, variant in sorted(rows)
            if score.found[kind, variant] < score.made[kind, variant]
        )
        lines.append(f"| {kind} | {made} | {found / made:.3f} | {typed / made:.3f} | {worst} |")
    lines.append(
        f"| **all** | {sum(score.made.values())} | **{score.recall:.3f}** | "
        f"{score.typed_recall:.3f} | |"
    )
    lines += [
        "",
        f"False alarms in {score.words:,} words of ordinary talk with many numbers: "
        f"{len(score.alarms)}, {score.alarms_per_1000_words:.2f} per 1,000 words.",
    ]
    return "\n".join(lines)
