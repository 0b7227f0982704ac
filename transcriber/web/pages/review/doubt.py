"""What was found in a recording, one row an entity, in order of doubt."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from transcriber.domain.errors import UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState, JudgedFinding
from transcriber.services.review.state import Review
from transcriber.web.pages.review.shown import entity_key
from transcriber.web.words import counted

_SURE = 0.85
"""From this score on the machine has hardly been wrong (docs, redaction figures)."""

_SMALL = {2: "two", 3: "three", 4: "four", 5: "five"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """All mentions of one entity in a recording.

    `name` is how it is said most often; `out` what leaves for it, None where it leaves as it was
    said. `first` is the id of the first word of its first mention.
    """

    key: str
    entity_type: EntityType
    entity: str
    name: str
    out: str | None
    mentions: int
    spellings: int
    by_sound: int
    undecided: int
    rejected: int
    lowest_score: float
    first: str

    @property
    def told(self) -> str:
        """How often, how differently and how it was found, in words."""
        parts = [counted(self.mentions, "mention", "mentions")]
        if self.spellings > 1:
            parts.append(f"{self.spellings} spellings")
        if self.by_sound:
            parts.append(
                "one by sound"
                if self.by_sound == 1
                else f"{_SMALL.get(self.by_sound, self.by_sound)} by sound"
            )
        return ", ".join(parts)

    @property
    def state(self) -> str:
        """What is left of it to decide, in words."""
        if self.undecided:
            return f"{self.undecided} to decide" if self.undecided < self.mentions else "to decide"
        if self.rejected == self.mentions:
            return "stays as said"
        return f"decided, {self.rejected} stay as said" if self.rejected else "decided"

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is left to decide."""
        return not self.undecided

    @property
    def doubtful(self) -> tuple[bool, int, int, float, str]:
        """What it is sorted by: the most doubtful first, what was decided last."""
        return (
            self.is_done,
            -self.by_sound,
            -self.spellings,
            self.lowest_score if self.lowest_score < _SURE else 1.0,
            self.name.casefold(),
        )


def doubts_of(review: Review) -> tuple[Doubt, ...]:
    """Return the entities of a recording, the most doubtful first."""
    gathered: dict[tuple[EntityType, str], list[JudgedFinding]] = {}
    for judged in review.findings:
        finding = judged.finding
        gathered.setdefault((finding.entity_type, finding.entity), []).append(judged)
    return tuple(sorted(_made(review, gathered), key=lambda doubt: doubt.doubtful))


def entities_by_key(review: Review) -> dict[str, tuple[EntityType, str]]:
    """Return type and key of each entity of a recording by what stands for it in the page."""
    found = {(each.finding.entity_type, each.finding.entity) for each in review.findings}
    return {entity_key(*entity): entity for entity in found}


def meant(known: Mapping[str, tuple[EntityType, str]], key: str) -> tuple[EntityType, str]:
    """Return the entity that a key of a page stands for. Raises UsageError `no_such_entity`."""
    if key not in known:
        raise UsageError(
            "no_such_entity",
            "What you decided on is no longer marked in this recording. Look at it as it is now.",
        )
    return known[key]


def _made(
    review: Review, gathered: dict[tuple[EntityType, str], list[JudgedFinding]]
) -> Iterator[Doubt]:
    for (entity_type, entity), mentions in gathered.items():
        texts = Counter(_plain(each.finding.text) for each in mentions)
        leaving = [each for each in mentions if not each.leaves]
        first = mentions[0].finding.place
        assert first is not None  # findings of recordings stand in words
        yield Doubt(
            key=entity_key(entity_type, entity),
            entity_type=entity_type,
            entity=entity,
            name=texts.most_common(1)[0][0],
            out=leaving[0].finding.replacement if leaving else None,
            mentions=len(mentions),
            spellings=len({text.casefold() for text in texts}),
            by_sound=sum("sound" in each.finding.source for each in mentions),
            undecided=sum(each.state is FindingState.PROPOSED for each in mentions),
            rejected=sum(each.state is FindingState.REJECTED for each in mentions),
            lowest_score=min(each.finding.score for each in mentions),
            first=review.transcript.words[first.first_word].id,
        )


def _plain(text: str) -> str:
    return " ".join(text.split())
