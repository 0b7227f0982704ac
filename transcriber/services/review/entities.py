"""The people, places and numbers of a study, each decided on once for all its recordings."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from transcriber.domain.audit import Action
from transcriber.domain.edit import EntityDecided, Undone, effective_numbers
from transcriber.domain.errors import EditError, UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState, JudgedFinding, Origin
from transcriber.domain.roster import Roster
from transcriber.services.review.replacements import with_replacements
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import Review, review_of
from transcriber.services.review.taken_over import write_decision
from transcriber.services.store import Store
from transcriber.services.studies import edit_roster, show_study
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.study_decisions import StudyDecision
from transcriber.storage.ids import new_id

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


def study_entities(store: Store, study_id: str) -> tuple[StudyEntity, ...]:
    """Return all entities of a study in order of doubt: the least sure first, the decided last."""
    with store.database.read() as connection:
        decisions = store.study_decisions.all(connection, study_id)
    standing = {
        (decision.edit.entity_type, decision.edit.entity): decision
        for decision in decisions
        if not decision.undone
    }
    mentions: dict[tuple[EntityType, str], list[tuple[Review, JudgedFinding]]] = defaultdict(list)
    for review in study_reviews(store, study_id):
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
    reviews = []
    for recording_id in ids:
        try:
            reviews.append(as_shown(store, review_of(store, study_id, recording_id)))
        except UsageError as error:
            if error.code not in ("not_ready", "not_found"):
                raise
    return tuple(reviews)


def decide_entity(store: Store, actor_id: str, study_id: str, edit: EntityDecided) -> StudyDecision:
    """Decide on all mentions of an entity in all recordings, also those that are yet to come.

    It is one step in the list of each recording, all written in one transaction. Raises UsageError
    `no_such_entity`.
    """
    complete = _complete(store, study_id, edit)
    with store.database.write() as connection:
        decision = store.study_decisions.add(connection, study_id, complete, actor_id)
        for recording_id in store.transcripts.with_words(connection, study_id):
            stored = store.transcripts.latest(connection, recording_id)
            assert stored is not None
            write_decision(store, connection, stored, decision)
        store.audit.record(connection, AuditEvent(Action.CHANGED, actor_id, study_id))
    return decision


def undo_entity(store: Store, actor_id: str, study_id: str, decision_id: str) -> None:
    """Take a decision for the study back, in all recordings at once.

    Raises UsageError `nothing_to_undo` where it is not there or does not count any more.
    """
    with store.database.write() as connection:
        if not store.study_decisions.undo(connection, study_id, decision_id, actor_id):
            raise UsageError("nothing_to_undo", "This decision is not there, or was undone before.")
        for recording_id in store.transcripts.with_words(connection, study_id):
            stored = store.transcripts.latest(connection, recording_id)
            assert stored is not None
            store.decisions.hold(connection, stored)
            events = store.decisions.events(connection, stored)
            counting = set(effective_numbers([event.edit for event in events]))
            undone = [
                Undone(event.number)
                for event in events
                if event.batch == decision_id and event.number in counting
            ]
            store.decisions.append(connection, stored, undone, new_id(), Origin.STUDY, actor_id)
        store.audit.record(connection, AuditEvent(Action.CHANGED, actor_id, study_id))


def never_redact(store: Store, actor_id: str, study_id: str, name: str) -> None:
    """Add a name to those that the study never takes out. Raises what `edit_roster` raises."""
    study = show_study(store, study_id)
    roster = study.agreed.roster
    if name not in roster.keep:
        changed = replace(roster, keep=(*roster.keep, name))
        edit_roster(store, actor_id, study_id, changed, study.version)


def put_on_roster(
    store: Store, actor_id: str, study_id: str, names: Mapping[EntityType, tuple[str, ...]]
) -> None:
    """Add names of people, places and organisations to the roster of a study.

    Raises what `edit_roster` raises.
    """
    study = show_study(store, study_id)
    roster = study.agreed.roster
    known = {name.casefold() for name in roster.names}
    new = {
        kind: tuple(n for n in dict.fromkeys(listed) if n.casefold() not in known)
        for kind, listed in names.items()
    }
    if any(new.values()):
        edit_roster(store, actor_id, study_id, _grown(roster, new), study.version)


def _grown(roster: Roster, new: Mapping[EntityType, tuple[str, ...]]) -> Roster:
    return replace(
        roster,
        people=(*roster.people, *new.get(EntityType.PERSON, ())),
        places=(*roster.places, *new.get(EntityType.LOCATION, ())),
        organisations=(*roster.organisations, *new.get(EntityType.ORGANISATION, ())),
    )


def _complete(store: Store, study_id: str, edit: EntityDecided) -> EntityDecided:
    """Return the decision with a replacement where it needs one. Raises UsageError."""
    for review in study_reviews(store, study_id):
        if any(
            (judged.finding.entity_type, judged.finding.entity) == (edit.entity_type, edit.entity)
            for judged in review.findings
        ):
            try:
                (complete,) = with_replacements(store, review, [edit])
            except EditError as error:
                raise UsageError(error.code, error.sentence) from None
            assert isinstance(complete, EntityDecided)
            return complete
    raise UsageError("no_such_entity", "Nothing of this name is marked in the study any more.")


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
