"""What would leave under the study's further policies: the same decisions, written otherwise.

A person decides once what identifies somebody. The first policy of a study writes what is read and
signed; each further one writes the same findings in its own way. What a person kept on purpose is
kept by all, and what a person marked is replaced by all.
"""

from dataclasses import replace

from transcriber.domain.finding import PERSON_SOURCE, Action, Finding
from transcriber.domain.policy import Policy, unsought
from transcriber.services.latest import Latest
from transcriber.services.review.released import KEPT, Released, outside, written
from transcriber.services.store import Store
from transcriber.stages.pseudonymise.apply import Texts, apply_policy
from transcriber.storage.database.entities import StoreRegister

_kept: Latest[tuple[str, str], tuple[Released, Released]] = Latest(3 * KEPT)
"""By recording and policy: what a text was made from, and the text."""


def profiles(store: Store, signed: Released) -> tuple[Released, ...]:
    """Return what would leave under each further policy that may be released.

    Raises RedactionRefused, StorageError.
    """
    return tuple(
        _by(store, signed, policy)
        for policy in signed.policies[1:]
        if not unsought(signed.policy, policy)
    )


def left_out(signed: Released) -> tuple[str, ...]:
    """Return the names of the policies under which nothing can be released.

    They take out kinds of identifiers that the first policy does not look for, so nobody decided on
    any of these.
    """
    return tuple(each.name for each in signed.policies[1:] if unsought(signed.policy, each))


def _by(store: Store, signed: Released, policy: Policy) -> Released:
    place = signed.review.recording.id, policy.name
    kept = _kept.get(place)
    if kept is not None and _same_source(kept[0], signed) and kept[1].policy == policy:
        return replace(kept[1], review=signed.review, terms=signed.terms)
    every = _acted(store, signed, policy)
    text, spans = written(signed.recording, signed.review, every)
    made = replace(
        signed,
        text=text,
        spans=spans,
        findings=outside(every, signed.withheld),
        policies=(policy,),
    )
    return _kept.put(place, (signed, made))[1]


def _same_source(one: Released, other: Released) -> bool:
    return (
        one.review.transcript is other.review.transcript
        and one.review.findings == other.review.findings
        and (one.recording, one.withheld) == (other.recording, other.withheld)
        and (one.roster, one.policy) == (other.roster, other.policy)
    )


def _acted(store: Store, signed: Released, policy: Policy) -> tuple[Finding, ...]:
    """Return all findings as a policy acts on them, those that were rejected kept."""
    judged = signed.review.findings
    register = StoreRegister(store.database, store.keyring, signed.review.recording.study_id)
    texts: Texts = {None: signed.review.transcript.text}
    plain = [
        replace(each.finding, action=None, replacement=None) for each in judged if not each.leaves
    ]
    acted = apply_policy(plain, policy, signed.roster, register, texts, signed.recording.code)
    following = iter(acted)
    return tuple(
        replace(each.finding, action=Action.KEEP, replacement=None)
        if each.leaves
        else _as_asked(next(following), each.finding, signed.policy)
        for each in judged
    )


def _as_asked(now: Finding, signed: Finding, first: Policy) -> Finding:
    """Return a finding as a policy leaves it; what a person wanted out is out in any case."""
    if now.replacement is None and signed.replacement is not None and _asked_for(signed, first):
        return replace(now, action=Action.REPLACE, replacement=signed.replacement)
    return now


def _asked_for(finding: Finding, first: Policy) -> bool:
    """Whether a person, and not the first policy, wants it out."""
    return finding.source == PERSON_SOURCE or finding.entity_type not in first.removed
