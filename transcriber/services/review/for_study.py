"""Decisions for a whole study: on an entity in all its recordings, and on what its roster knows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from transcriber.domain.audit import Action
from transcriber.domain.edit import EntityDecided, Undone, Verdict
from transcriber.domain.errors import EditError, UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.review import Event, Origin
from transcriber.domain.roster import Roster
from transcriber.services.review.replacements import with_replacements
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import Review, keep, reviews_in
from transcriber.services.review.taken_over import addition
from transcriber.services.store import Store
from transcriber.services.studies import edit_roster, show_study
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.decisions import Addition
from transcriber.storage.database.study_decisions import StudyDecision
from transcriber.storage.ids import new_id


def decide_entity(
    store: Store, actor_id: str, study_id: str, edit: EntityDecided, batch: str | None = None
) -> StudyDecision:
    """Decide on all mentions of an entity in all recordings, also those that are yet to come.

    It is one step in the list of each recording, all written in one transaction. `batch` is its id,
    which whoever sends it may choose: sent again, it is written once. Raises UsageError
    `no_such_entity`.
    """
    batch = batch or new_id()
    known = decided_before(store, study_id, batch)
    if known is not None:
        return known
    (decision,) = _decided(store, actor_id, study_id, {batch: edit})
    return decision


def accept_entities(
    store: Store, actor_id: str, study_id: str, entities: Sequence[tuple[EntityType, str]]
) -> tuple[StudyDecision, ...]:
    """Accept several entities in one transaction; each is a decision of its own, undone alone.

    Raises UsageError `no_such_entity`; then none is accepted.
    """
    edits = (EntityDecided(kind, entity, Verdict.ACCEPT) for kind, entity in entities)
    return _decided(store, actor_id, study_id, {new_id(): edit for edit in edits})


def _decided(
    store: Store, actor_id: str, study_id: str, edits: Mapping[str, EntityDecided]
) -> tuple[StudyDecision, ...]:
    """Write decisions by the ids of their steps."""
    reviews = _reviews(store, study_id)
    complete = {batch: _complete(store, reviews, edit) for batch, edit in edits.items()}
    with store.database.write() as connection:
        decisions = tuple(
            store.study_decisions.add(connection, study_id, batch, edit, actor_id)
            for batch, edit in complete.items()
        )
        # What was sent twice at the same time is written by whoever was faster.
        new = [decision for decision in decisions if decision.edit is complete[decision.id]]
        ids = store.transcripts.with_words(connection, study_id)
        latest = store.transcripts.latest_of(connection, ids).values()
        steps = [addition(stored, decision) for stored in latest for decision in new]
        written = store.decisions.append_all(connection, steps)
        if new:
            store.audit.record(connection, AuditEvent(Action.CHANGED, actor_id, study_id))
    events: dict[str, list[Event]] = defaultdict(list)
    for step, event in zip(steps, written, strict=True):
        events[step.transcript.id].append(event)
    for review in reviews:
        added = events[review.stored.id]
        if added and added[0].number == review.number:
            keep(review, review.fold.extended(added), review.searching)
    return decisions


def decided_before(store: Store, study_id: str, batch: str) -> StudyDecision | None:
    """Return the decision for the study that was sent with this id before."""
    with store.database.read() as connection:
        return store.study_decisions.get(connection, study_id, batch)


def undo_entity(store: Store, actor_id: str, study_id: str, decision_id: str) -> None:
    """Take a decision for the study back, in all recordings at once.

    Nothing else takes it back, so it counts in each list until then. Names that were never to be
    taken out with it are taken out again. Raises UsageError `nothing_to_undo` where it is not
    there or does not count any more.
    """
    decision = decided_before(store, study_id, decision_id)
    if decision is not None and not decision.undone and decision.edit.verdict is Verdict.REJECT:
        _redact_again(store, actor_id, study_id, decision.edit)
    with store.database.write() as connection:
        if not store.study_decisions.undo(connection, study_id, decision_id, actor_id):
            raise UsageError("nothing_to_undo", "This decision is not there, or was undone before.")
        ids = store.transcripts.with_words(connection, study_id)
        latest = store.transcripts.latest_of(connection, ids)
        lists = {stored.id: stored for stored in latest.values()}
        store.decisions.hold_all(connection, lists)
        places = store.decisions.numbers_of(connection, lists, decision_id)
        batch = new_id()
        steps = [
            Addition(
                lists[transcript_id],
                [Undone(number) for number in reversed(numbers)],
                batch,
                Origin.STUDY,
                actor_id,
            )
            for transcript_id, numbers in places.items()
        ]
        store.decisions.append_all(connection, steps)
        store.audit.record(connection, AuditEvent(Action.CHANGED, actor_id, study_id))


def never_redact(store: Store, actor_id: str, study_id: str, name: str) -> None:
    """Add a name to those that the study never takes out. Raises what `edit_roster` raises."""
    study = show_study(store, study_id)
    roster = study.agreed.roster
    if name not in roster.keep:
        changed = replace(roster, keep=(*roster.keep, name))
        edit_roster(store, actor_id, study_id, changed, study.version)


def _redact_again(store: Store, actor_id: str, study_id: str, edit: EntityDecided) -> None:
    """Take the names of an entity off those that the study never takes out."""
    study = show_study(store, study_id)
    roster = study.agreed.roster
    if not roster.keep:
        return
    meant = (edit.entity_type, edit.entity)
    spelt = {edit.entity.casefold()} | {
        judged.finding.text.casefold()
        for review in _reviews(store, study_id)
        for judged in review.findings
        if (judged.finding.entity_type, judged.finding.entity) == meant
    }
    keep = tuple(name for name in roster.keep if name.casefold() not in spelt)
    if keep != roster.keep:
        edit_roster(store, actor_id, study_id, replace(roster, keep=keep), study.version)


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


def _reviews(store: Store, study_id: str) -> tuple[Review, ...]:
    with store.database.read() as connection:
        ids = store.transcripts.with_words(connection, study_id)
        return reviews_in(store, connection, study_id, ids)


def _complete(store: Store, reviews: Sequence[Review], edit: EntityDecided) -> EntityDecided:
    """Return the decision with a replacement where it needs one.

    Raises UsageError where no recording has the entity, as people are shown it.
    """
    meant = (edit.entity_type, edit.entity)
    for review in reviews:
        if not review.fold.marks.of(*meant):
            continue
        shown = as_shown(store, review)
        if any((j.finding.entity_type, j.finding.entity) == meant for j in shown.findings):
            try:
                (complete,) = with_replacements(store, shown, [edit])
            except EditError as error:
                raise UsageError(error.code, error.sentence) from None
            assert isinstance(complete, EntityDecided)
            return complete
    raise UsageError("no_such_entity", "Nothing of this name is marked in the study any more.")
