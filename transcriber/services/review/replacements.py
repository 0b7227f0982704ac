"""What stands for words that a person marks: what the study's policy and its register say."""

from collections.abc import Sequence
from dataclasses import replace

from transcriber.domain.content import person_mark
from transcriber.domain.edit import Edit, EntityDecided, IdentifierMarked, Verdict, WordCorrected
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.review import Event
from transcriber.services.review.state import Review
from transcriber.services.store import Store
from transcriber.services.studies import show_study
from transcriber.stages.pseudonymise.apply import Texts, apply_policy
from transcriber.storage.database.entities import StoreRegister


def with_replacements(store: Store, review: Review, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits, each mark with its entity and with what will stand for it.

    "Sarah Whitfield" marked by hand gets what the study has for her. What a person wrote as a
    replacement stays. Raises StorageError, EditError for words that are not there.
    """
    corrected = [edit for edit in edits if isinstance(edit, WordCorrected)]
    events = [Event(review.number + place, edit, "") for place, edit in enumerate(corrected)]
    shown = replace(review, fold=review.fold.extended(events))
    return tuple(
        _completed(store, shown, edit)
        if isinstance(edit, IdentifierMarked | EntityDecided)
        else edit
        for edit in edits
    )


def applied(store: Store, review: Review, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Set entity, action and replacement of findings of a version, as the study's policy says.

    Raises StorageError.
    """
    study = show_study(store, review.recording.study_id)
    policy, code = study.agreed.policies[0], review.recording.code
    register = StoreRegister(store.database, store.keyring, study.id)
    kinds = {finding.entity_type for finding in findings}
    known = _known(review, kinds)
    texts: Texts = {None: review.transcript.text}
    whole = (*findings, *known)
    found = apply_policy(whole, policy, study.agreed.roster, register, texts, code)
    return found[: len(findings)]


def _completed(store: Store, review: Review, edit: IdentifierMarked | EntityDecided) -> Edit:
    if isinstance(edit, EntityDecided):
        if edit.verdict is not Verdict.CHANGE or edit.replacement or edit.new_type is None:
            return edit
        mention = next(
            (
                judged.finding
                for judged in review.findings
                if (judged.finding.entity_type, judged.finding.entity)
                == (edit.entity_type, edit.entity)
            ),
            None,
        )
        if mention is None:
            return edit
        (found,) = applied(store, review, [replace(mention, entity_type=edit.new_type)])
        return replace(edit, replacement=found.replacement)
    (finding,) = applied(store, review, [_marked(review, edit)])
    # What a person asked for is replaced although the policy would only flag its type.
    replacement = edit.replacement or finding.replacement or f"[{edit.entity_type.value}]"
    return replace(edit, entity=edit.entity or finding.entity, replacement=replacement)


def _marked(review: Review, edit: IdentifierMarked) -> Finding:
    span = review.fold.numbers_of(edit.first, edit.last)
    mark = person_mark(review.transcript.words, span, edit)
    return mark.judged(review.transcript).finding


def _known(review: Review, kinds: set[EntityType]) -> list[Finding]:
    """Return one finding for each name of some types: they say whom a part of a name means."""
    known: dict[tuple[EntityType, str], Finding] = {}
    for judged in review.findings:
        finding = judged.finding
        if finding.entity_type in kinds and not judged.leaves:
            known.setdefault((finding.entity_type, finding.text.casefold()), finding)
    return list(known.values())
