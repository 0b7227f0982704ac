"""The people, places and numbers of a study, each decided on once for all its recordings."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState, JudgedFinding
from transcriber.services.review.seeded import CERTAIN, all_as_shown
from transcriber.services.review.state import Review, reviews_in
from transcriber.services.store import Store
from transcriber.storage.database.study_decisions import StudyDecision

BY_SOUND = "sound"


@dataclass(frozen=True, slots=True)
class EntityInRecording:
    """How often an entity is mentioned in a recording, and how many of these are undecided."""

    recording_id: str
    code: str
    mentions: int
    undecided: int


@dataclass(frozen=True, slots=True)
class StudyEntity:
    """A person, place, organisation or number of a study with all its mentions.

    `name` is its fullest spelling. `by_sound` mentions only sound like it. `doubt`, from 0 to 1, is
    how unsure the least sure mention is on which nobody has decided; 0 where there is none.
    `decided` is the standing decision for the study.
    """

    entity_type: EntityType
    entity: str
    name: str
    mentions: int
    spellings: tuple[str, ...]
    by_sound: int
    replacements: tuple[str, ...]
    recordings: tuple[EntityInRecording, ...]
    states: Mapping[FindingState, int]
    doubt: float
    decided: StudyDecision | None

    @property
    def key(self) -> tuple[EntityType, str]:
        """What names it."""
        return self.entity_type, self.entity

    @property
    def is_sure(self) -> bool:
        """Whether it is to be replaced, not all decided, and the machine is sure of what is not."""
        undecided = self.states.get(FindingState.PROPOSED, 0)
        is_certain = not self.by_sound and self.doubt <= 1.0 - CERTAIN
        return bool(undecided and self.replacements) and is_certain


def study_entities(store: Store, study_id: str) -> tuple[StudyEntity, ...]:
    """Return all entities of a study in order of doubt: the least sure first, the decided last."""
    return entities_in(store, study_id, study_reviews(store, study_id))


def entities_in(store: Store, study_id: str, reviews: Sequence[Review]) -> tuple[StudyEntity, ...]:
    """Return them where the study's recordings were read already."""
    with store.database.read() as connection:
        decisions = store.study_decisions.all(connection, study_id)
    standing = {
        (decision.edit.entity_type, decision.edit.entity): decision
        for decision in decisions
        if not decision.undone
    }
    mentions: dict[tuple[EntityType, str], list[tuple[Review, JudgedFinding]]] = defaultdict(list)
    for review in reviews:
        for judged in review.findings:
            finding = judged.finding
            mentions[finding.entity_type, finding.entity].append((review, judged))
    entities = [_entity(key, said, standing.get(key)) for key, said in mentions.items()]
    return tuple(
        sorted(entities, key=lambda each: (-each.doubt, -each.mentions, each.name.casefold()))
    )


def study_reviews(store: Store, study_id: str) -> tuple[Review, ...]:
    """Return the reviews of a study's recordings as people may see them, the oldest first."""
    with store.database.read() as connection:
        ids = store.transcripts.with_words(connection, study_id)
        reviews = reviews_in(store, connection, study_id, ids)
    return all_as_shown(store, reviews)


def _entity(
    key: tuple[EntityType, str],
    said: list[tuple[Review, JudgedFinding]],
    decided: StudyDecision | None,
) -> StudyEntity:
    spellings = Counter(judged.finding.text for _, judged in said)
    undecided = [j.finding for _, j in said if j.state is FindingState.PROPOSED]
    by_recording: dict[str, list[tuple[Review, JudgedFinding]]] = defaultdict(list)
    for review, judged in said:
        by_recording[review.recording.id].append((review, judged))
    shown = [text for text, _ in spellings.most_common()]
    # What only sounds like it is not its name.
    written = [j.finding.text for _, j in said if BY_SOUND not in j.finding.source] or shown
    return StudyEntity(
        entity_type=key[0],
        entity=key[1],
        name=max(dict.fromkeys(written), key=lambda text: (len(text.split()), spellings[text])),
        mentions=len(said),
        spellings=tuple(shown),
        by_sound=sum(BY_SOUND in judged.finding.source for _, judged in said),
        replacements=tuple(
            dict.fromkeys(j.finding.replacement for _, j in said if j.finding.replacement)
        ),
        recordings=tuple(
            EntityInRecording(
                recording_id,
                mentions[0][0].recording.code,
                len(mentions),
                sum(judged.state is FindingState.PROPOSED for _, judged in mentions),
            )
            for recording_id, mentions in by_recording.items()
        ),
        states=Counter(judged.state for _, judged in said),
        doubt=max((_doubt(f.score, f.source) for f in undecided), default=0.0),
        decided=decided,
    )


def _doubt(score: float, source: str) -> float:
    """Return how unsure a mention is: what only sounds like a name is never sure."""
    return max(1.0 - score, 0.5 if BY_SOUND in source else 0.01)
